// From a claimed item to a decision: values, key, receipts, artifacts.

package import BatchDefinition
package import BatchModel
package import BatchStore
package import Engine

/// Prepares steps of items.
///
/// The engine and `plan` use the same one.
///
/// *Concurrency*: blocks on files and on short read transactions; call it from a thread that may
/// block, any number at a time.
package struct Preparer: Sendable {
  let steps: [Step]
  let store: any StoreReading
  let files: any InputFiles
  let renderer: TemplateRenderer
  let insistence: Insistence
  private let recipes: StepRecipes
  private let requests: ModelRequests?
  /// Commits that did not fit onto the branch: whatever led to them is done again.
  private let refusedCommits: Set<String>
  /// Whether the object store has a digest.
  let hasObject: @Sendable (Digest) -> Bool
  /// Where an object's bytes can be read.
  let objectPath: @Sendable (Digest) -> String

  /// - Parameter textFiles: the files that texts of the definition were read from, by content.
  init(
    steps: [Step], store: any StoreReading, files: any InputFiles, renderer: TemplateRenderer,
    insistence: Insistence, requests: ModelRequests? = nil, refusedCommits: Set<String> = [],
    textFiles: [Digest: String] = [:],
    hasObject: @escaping @Sendable (Digest) -> Bool,
    objectPath: @escaping @Sendable (Digest) -> String
  ) {
    self.steps = steps
    self.store = store
    self.files = files
    self.renderer = renderer
    self.insistence = insistence
    self.requests = requests
    self.refusedCommits = refusedCommits
    recipes = StepRecipes(steps: steps, files: files, textFiles: textFiles)
    self.hasObject = hasObject
    self.objectPath = objectPath
  }

  /// What becomes of each item's step, in order; a failure is what keeps that one item from being
  /// prepared: a template, a missing file.
  ///
  /// - Throws: when the store cannot be read.
  package func decide(
    _ items: [ClaimedItem]
  ) throws(StoreError) -> [Result<PreparedStep, any Error>] {
    let histories = try store.histories(of: items, steps: steps.map(\.id))
    let keys = zip(items, histories).map { item, history in
      Result { try key(of: item, history) }
    }
    var exact = try store.receipts(for: keys.compactMap { try? $0.get().key })[...]
    return zip(items, zip(keys, histories)).map { item, known in
      let (key, history) = known
      return key.flatMap { key in
        let receipt = exact.popFirst() ?? nil
        return Result {
          try decide(item, key, exact: receipt, history)
        }
      }
    }
  }

  private func decide(
    _ item: ClaimedItem, _ key: StepKey, exact: Receipt?, _ history: ItemHistory
  ) throws -> PreparedStep {
    let latest = history.latest(at: item.step)
    var decision = try decision(on: item, key, exact, latest)
    if case .run(let why) = decision {
      decision = .run(why: try explained(why, key, since: latest))
    }
    var prepared = PreparedStep(key: key, decision: decision)
    if case .run = decision, let requests {
      prepared.demand = try demand(of: item, key, history, requests)
    }
    return prepared
  }

  private func decision(
    on item: ClaimedItem, _ key: StepKey, _ exact: Receipt?, _ latest: Receipt?
  ) throws -> Decision {
    // In a further round, and where results wait for a review, no earlier receipt is an answer.
    if let round = item.review?.round, round > 0 { return .run(why: "round \(round + 1)") }
    if !item.held.isEmpty { return .run(why: "what it judges is new") }
    if let commit = (exact ?? latest)?.commit, refusedCommits.contains(commit) {
      return .run(why: "its commit did not fit onto the branch")
    }
    var insistence = insistence
    // What a person has just edited is no older recipe.
    if item.overrides.edits(step: item.step) { insistence = max(insistence, .refresh) }
    if item.overrides.force { insistence = .force }
    return try Decision(
      step: steps[item.step], key: key, exact: exact, latest: latest, insistence: insistence
    ) { try Standing(of: $0, over: latest, files: files, hasObject: hasObject) }
  }

  /// What an attempt takes of its provider; `nil` for a step that calls none.
  private func demand(
    of item: ClaimedItem, _ key: StepKey, _ history: ItemHistory, _ requests: ModelRequests
  ) throws -> Demand? {
    let step = steps[item.step]
    guard case .llm(let model) = step.kind else { return requests.demand(ofProcess: step) }
    let call = try requests.call(
      of: step, model, for: item, key: key.key,
      values: values(of: item, earlier: history.earlier(than: item.step)))
    return try requests.demand(of: call, step, model, for: item)
  }

  private func key(of item: ClaimedItem, _ history: ItemHistory) throws -> StepKey {
    var builder = KeyBuilder(
      step: steps[item.step], item: item,
      values: values(of: item, earlier: history.earlier(than: item.step)),
      renderer: renderer, files: files)
    return try builder.key(
      recipe: try recipes.components(of: item.step),
      earlier: history.earlier(than: item.step).compactMap { receipt in
        receipt.candidate.map { (receipt.step, $0.digest) }
      },
      commits: history.earlier(than: item.step).compactMap { receipt in
        receipt.commit.map { (receipt.step, $0) }
      }, dependencies: history.dependencies)
  }

  /// The values for rendering the step of an item.
  package func values(of item: ClaimedItem) throws -> TemplateValues {
    // The first step stands on nothing.
    guard item.step > 0 else { return values(of: item, earlier: []) }
    let history = try store.histories(of: [item], steps: steps.map(\.id)).first
    return values(of: item, earlier: history?.earlier(than: item.step) ?? [])
  }

  /// The commit of the newest of the item's earlier steps that left one.
  func lastCommit(of item: ClaimedItem) throws(StoreError) -> String? {
    guard item.step > 0 else { return nil }
    let history = try store.histories(of: [item], steps: steps.map(\.id)).first
    return history?.earlier(than: item.step).last { $0.commit != nil }?.commit
  }

  private func values(of item: ClaimedItem, earlier: [Receipt]) -> TemplateValues {
    var results: [String: TemplateValues.StepResult] = [:]
    for receipt in earlier {
      results[receipt.step] = TemplateValues.StepResult(
        candidate: receipt.candidate.map { objectPath($0.digest) },
        artifact: receipt.artifacts.first?.path)
    }
    let files = files
    return TemplateValues(item: item, steps: results, feedback: item.review?.feedback) { path in
      try files.text(of: path)
    }
  }
}

/// What becomes of a step of one item, and by which key that was decided.
package struct PreparedStep: Sendable {
  package var key: StepKey
  package var decision: Decision
  /// Set for a step that runs and calls a provider.
  package var demand: Demand?
}

extension ItemHistory {
  /// The newest receipts of the steps before one, in step order.
  fileprivate func earlier(than step: Int) -> [Receipt] { receipts.prefix(step).compactMap { $0 } }
  /// The newest receipt of a step.
  fileprivate func latest(at step: Int) -> Receipt? {
    receipts.indices.contains(step) ? receipts[step] : nil
  }
}

extension LoadedDefinition {
  /// The files that its texts were read from, by content.
  var textFiles: [Digest: String] {
    Dictionary(digests.map { ($0.value, $0.key) }) { min($0, $1) }
  }
}
