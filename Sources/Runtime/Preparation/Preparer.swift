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
  /// Whether the object store has a digest.
  let hasObject: @Sendable (Digest) -> Bool
  /// Where an object's bytes can be read.
  let objectPath: @Sendable (Digest) -> String

  package init(
    steps: [Step], store: any StoreReading, files: any InputFiles, renderer: TemplateRenderer,
    insistence: Insistence, hasObject: @escaping @Sendable (Digest) -> Bool,
    objectPath: @escaping @Sendable (Digest) -> String
  ) {
    self.steps = steps
    self.store = store
    self.files = files
    self.renderer = renderer
    self.insistence = insistence
    recipes = StepRecipes(steps: steps, files: files)
    self.hasObject = hasObject
    self.objectPath = objectPath
  }

  /// What becomes of the item's step, and its key.
  ///
  /// - Throws: what keeps this one item from being prepared: a template, a missing file, the store.
  package func decide(_ item: ClaimedItem) throws -> (key: StepKey, decision: Decision) {
    let step = steps[item.step]
    let earlier = try earlierReceipts(of: item)
    let values = values(of: item, earlier: earlier)
    var builder = KeyBuilder(
      step: step, item: item, values: values, renderer: renderer, files: files)
    let dependencies = try store.artifacts(ofDependencies: item.id)
    let key = try builder.key(
      recipe: try recipes.components(of: item.step),
      earlier: earlier.compactMap { receipt in
        receipt.candidate.map { (receipt.step, $0.digest) }
      }, dependencies: dependencies)
    let exact = try store.receipt(for: key.key)
    let latest = try store.latestReceipt(
      itemKey: item.key, occurrence: item.occurrence, step: step.id)
    let decision = try Decision(
      step: step, key: key, exact: exact, latest: latest,
      insistence: item.overrides.force ? .force : insistence
    ) { try Standing(of: $0, over: latest, files: files, hasObject: hasObject) }
    return (key, decision)
  }

  /// The values for rendering the step of an item.
  package func values(of item: ClaimedItem) throws -> TemplateValues {
    values(of: item, earlier: try earlierReceipts(of: item))
  }

  private func values(of item: ClaimedItem, earlier: [Receipt]) -> TemplateValues {
    var results: [String: TemplateValues.StepResult] = [:]
    for receipt in earlier {
      results[receipt.step] = TemplateValues.StepResult(
        candidate: receipt.candidate.map { objectPath($0.digest) },
        artifact: receipt.artifacts.first?.path)
    }
    let files = files
    return TemplateValues(item: item, steps: results) { path in try files.text(of: path) }
  }

  /// The newest receipts of the steps before the item's, in step order.
  private func earlierReceipts(of item: ClaimedItem) throws -> [Receipt] {
    try steps[..<item.step].compactMap { step in
      try store.latestReceipt(itemKey: item.key, occurrence: item.occurrence, step: step.id)
    }
  }
}
