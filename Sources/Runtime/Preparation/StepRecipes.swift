// The recipe half of the steps' keys: the same for every item, so it is computed once a second, not
// once an item.

import BatchModel
import Resilience
import Synchronization

/// The constant components of each step's key.
final class StepRecipes: Sendable {
  /// Long enough that a million items do not read the scripts a million times; short enough that
  /// a script edited beside a running batch is noticed by the items that come after.
  private static let lifetime = Duration.seconds(1)
  private let steps: [Step]
  private let files: any InputFiles
  /// Where the texts come from that the definition took from files.
  private let textFiles: [Digest: String]
  private let known = Mutex<[Int: (at: Instant, components: [KeyComponent])]>([:])

  init(steps: [Step], files: any InputFiles, textFiles: [Digest: String]) {
    self.steps = steps
    self.files = files
    self.textFiles = textFiles
  }

  /// Command, prompt, environment, standard input, output and checks of a step, and the workspace's
  /// scripts that their constant words name.
  func components(of step: Int) throws -> [KeyComponent] {
    let now = Instant.wallClock
    if let found = known.withLock({ $0[step] }), found.at.duration(to: now) < Self.lifetime {
      return found.components
    }
    let components = try compute(steps[step])
    known.withLock { $0[step] = (now, components) }
    return components
  }

  private func compute(_ step: Step) throws -> [KeyComponent] {
    var recipe = RecipeBuilder(files: files, textFiles: textFiles)
    switch step.kind {
    case .run(let command):
      recipe.add("arguments", CanonicalCoding.text(of: command))
      try recipe.addScripts(of: command)
    case .agent(let agent):
      recipe.add("agent", CanonicalCoding.text(of: agent))
      try recipe.addScripts(of: agent.command)
    case .llm(let model): recipe.add(model)
    }
    if let prompt = step.prompt { recipe.addText("prompt", prompt.source) }
    if let output = step.output { recipe.add("output", output.source) }
    if let answer = step.agentOutput { recipe.add("answer", CanonicalCoding.text(of: answer)) }
    if step.workspace != .shared {
      recipe.add("workspace", CanonicalCoding.text(of: step.workspace))
      if case .worktree(let setup?) = step.workspace { try recipe.addScripts(of: setup) }
    }
    if step.standardInput != .none {
      recipe.add("standard input", step.standardInput.rawValue)
    }
    for (name, value) in step.environment { recipe.add("environment \(name)", value.source) }
    if step.enforcement != .off {
      for check in step.checks { try recipe.add(check) }
    }
    return Array(recipe.components.values)
  }
}

/// Gathers recipe components; a name occurs once.
private struct RecipeBuilder {
  let files: any InputFiles
  let textFiles: [Digest: String]
  var components: [String: KeyComponent] = [:]

  init(files: any InputFiles, textFiles: [Digest: String]) {
    self.files = files
    self.textFiles = textFiles
  }

  mutating func add(_ name: String, _ text: String) {
    components[name] = KeyComponent(name: name, half: .recipe, digest: Digest(of: text))
  }

  /// A text that may stand in a file, whose path is for the lineage and no part of the key.
  mutating func addText(_ name: String, _ text: String) {
    let digest = Digest(of: text)
    components[name] = KeyComponent(
      name: name, half: .recipe, digest: digest, path: textFiles[digest])
  }

  /// The whole chain: which of its models answers is not known before.
  ///
  /// Not the provider's name and not how the answer travels: the same model elsewhere is the same work.
  mutating func add(_ model: ModelStep) {
    add("model", model.models.joined(separator: " then "))
    if let system = model.system { addText("system prompt", system.source) }
    add("max_tokens", String(model.outputTokensMax))
    for (name, value) in model.params { add("param \(name)", value.canonical) }
    if let schema = model.schema { add("answer schema", schema.document.canonical) }
  }

  mutating func add(_ check: Check) throws {
    add("check \(check.name)", CanonicalCoding.text(of: check))
    switch check.rule {
    case .run(let command): try addScripts(of: command)
    case .jsonSchema(let path): try addFile(path)
    case .nonempty, .changed, .regex, .jsonValid: break
    }
  }

  /// Files of the workspace that constant words name.
  mutating func addScripts(of command: Command) throws {
    switch command {
    case .arguments(let words):
      for word in words where word.isConstant { try addFile(word.source) }
    case .shell(let line):
      for word in Self.wordsRead(by: line.source) where !word.contains("{{") {
        try addFile(String(word))
      }
    }
  }

  /// The words of a shell line, without those that output is redirected to: a file that the step
  /// itself writes is no part of its recipe.
  private static func wordsRead(by line: String) -> [Substring] {
    var words: [Substring] = []
    for (index, piece) in line.split(separator: ">", omittingEmptySubsequences: false).enumerated()
    {
      var found = piece.split(whereSeparator: { " \t\n;|&<()".contains($0) })
      if index > 0, !found.isEmpty { found.removeFirst() }
      words += found
    }
    return words
  }

  private mutating func addFile(_ word: String) throws {
    let path = word.hasPrefix("./") ? String(word.dropFirst(2)) : word
    guard files.isFile(path), let digest = try files.digest(of: path) else { return }
    let component = KeyComponent.file(path, .recipe, digest)
    components[component.name] = component
  }
}
