// What determines a step's result, gathered into its key.

import BatchDefinition
import BatchModel

/// Computes the idempotency key of one step of one item.
///
/// Input half: the payload, the item's file, workspace files that rendered arguments name, `reads`,
/// the candidates of earlier steps, the artifacts of `after` items. Recipe half: `StepRecipes`.
/// Never the run, the ordinal or the attempt.
struct KeyBuilder {
  let step: Step
  let item: ClaimedItem
  let values: TemplateValues
  let renderer: TemplateRenderer
  let files: any InputFiles
  private var components: [String: KeyComponent] = [:]
  private var globs: [String] = []
  /// The files of the globs that match too many to be named one by one.
  private var lists: [String: [String]] = [:]

  init(
    step: Step, item: ClaimedItem, values: TemplateValues, renderer: TemplateRenderer,
    files: any InputFiles
  ) {
    self.step = step
    self.item = item
    self.values = values
    self.renderer = renderer
    self.files = files
  }

  /// - Parameters:
  ///   - recipe: the step's constant components.
  ///   - earlier: the candidates of the steps before, by step id.
  ///   - commits: what the worktrees of the steps before became, by step id.
  ///   - dependencies: the artifacts of the items that it comes after.
  mutating func key(
    recipe: [KeyComponent], earlier: [(step: String, candidate: Digest)],
    commits: [(step: String, commit: String)] = [],
    dependencies: [Artifact]
  ) throws -> StepKey {
    for component in recipe { add(component) }
    addEdits()
    add("payload", .input, text: item.payload.canonical)
    // Two equal lines are two pieces of work, and so are two targets of one input.
    if item.occurrence > 1 { add("occurrence", .input, text: String(item.occurrence)) }
    if let output = step.output {
      add("target", .input, text: try renderer.render(output, with: values))
    }
    try addItemFile()
    switch step.kind {
    case .run(let command): try addFilesNamed(in: command)
    case .agent(let agent): try addFilesNamed(in: agent.command)
    case .llm: break
    }
    for glob in step.reads { try addReads(renderer.render(glob, with: values)) }
    for result in earlier { add(.candidate(ofStep: result.step, result.candidate)) }
    for (step, commit) in commits { add(.commit(commit, ofStep: step)) }
    for artifact in dependencies { add(.upstream(artifact)) }
    return shortened(StepKey(components: Array(components.values), reads: globs))
  }

  /// What a person has edited for this retry takes the place of what the definition says.
  ///
  /// The prompt has a name of its own: as it stands it is no template, even if it looks like one.
  private mutating func addEdits() {
    let overrides = item.overrides
    guard overrides.edits(step: item.step) else { return }
    if let prompt = overrides.prompt(ofStep: item.step) {
      components["prompt"] = nil
      add("prompt by hand", .recipe, text: prompt)
    }
    for (name, value) in overrides.params ?? [:] {
      if value == .null { components["param \(name)"] = nil }
      // An agent's own parameters stand in one component.
      if value != .null || components["agent"] != nil {
        add("param \(name)", .recipe, text: value.canonical)
      }
    }
  }

  /// The key as it is written down: a long list of files is one component.
  private func shortened(_ key: StepKey) -> StepKey {
    var key = key
    for (glob, paths) in lists.sorted(by: { $0.key < $1.key }) {
      let named = paths.map { KeyComponent.name(ofFile: $0) }
      var files: [String: Digest] = [:]
      for (path, name) in zip(paths, named) { files[path] = components[name]?.digest }
      let own = item.payload["path"]?.string.map { KeyComponent.name(ofFile: $0) }
      key = key.replacing(Set(named).subtracting([own ?? ""]), by: .list(glob, FileList(files)))
    }
    return key
  }

  private mutating func add(_ component: KeyComponent) { components[component.name] = component }

  private mutating func add(_ name: String, _ half: KeyHalf, text: String) {
    add(KeyComponent(name: name, half: half, digest: Digest(of: text)))
  }

  /// A file that is there; one that is missing is no component, so its appearance is a change.
  private mutating func addFile(_ path: String, _ half: KeyHalf) throws {
    guard let digest = try files.digest(of: path) else { return }
    add(.file(path, half, digest))
  }

  private mutating func addItemFile() throws {
    guard let path = item.payload["path"]?.string else { return }
    guard let digest = try files.digest(of: path) else {
      throw PreparationError.missingInput(path: path)
    }
    add(.file(path, .input, digest))
  }

  /// Rendered words name what is worked on.
  ///
  /// An earlier step's candidate, whose path changes with every attempt, is covered by its digest
  /// instead.
  private mutating func addFilesNamed(in command: Command) throws {
    guard case .arguments(let words) = command else { return }
    for word in words where !word.isConstant {
      let text = try renderer.render(word, with: values)
      let path = text.hasPrefix("./") ? String(text.dropFirst(2)) : text
      if files.isFile(path) { try addFile(path, .input) }
    }
  }

  private mutating func addReads(_ glob: String) throws {
    globs.append(glob)
    let paths = try files.matches(of: glob)
    if paths.count > FileList.namedMax { lists[glob] = paths }
    for path in paths { try addFile(path, .input) }
  }
}

/// Why an item cannot be prepared.
enum PreparationError: Error, Hashable, CustomStringConvertible {
  case missingInput(path: String)
  case textTooLarge(path: String, bytes: Int64)
  case changedMeanwhile(path: String)

  var description: String {
    switch self {
    case .missingInput(let path): "\(path): the item's file is gone"
    case .textTooLarge(let path, let bytes):
      "\(path): \(bytes) bytes are too many for a template; pass the path instead"
    case .changedMeanwhile(let path): "\(path): changed while it was being restored"
    }
  }
}
