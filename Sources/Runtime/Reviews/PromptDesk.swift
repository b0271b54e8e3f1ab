// The prompts of an item as they would be sent, from what the store knows: no source is read for it.

import BatchDefinition
package import BatchModel
package import BatchStore
import DurableFiles
import Engine

/// Renders prompts of items of one run; writes nothing.
package struct PromptDesk {
  /// What one step would be sent.
  package struct StepPrompt: Hashable, Sendable {
    /// Which step, an index.
    package var step: Int
    package var id: String
    package var text: String
    /// Why it cannot be rendered: an earlier step's result is not there yet, a file is gone.
    package var problem: String?
  }

  private let steps: [Step]
  private let preparer: Preparer

  /// - Throws: `StoreError`.
  package init(layout: WorkspaceLayout, store: any StoreReading, run: RunID) throws {
    steps = try store.batch(of: run)?.steps ?? []
    preparer = .looking(layout, store: store, steps: steps)
  }

  /// The prompts of the steps that have one, in step order.
  package func prompts(of detail: ItemDetail) -> [StepPrompt] {
    steps.indices.compactMap { index in
      guard let template = steps[index].prompt else { return nil }
      var prompt = StepPrompt(step: index, id: steps[index].id, text: "")
      do {
        let values = try preparer.values(of: item(detail, at: index))
        prompt.text = try preparer.renderer.render(template, with: values)
      } catch {
        prompt.problem = "\(error)"
      }
      return prompt
    }
  }

  private func item(_ detail: ItemDetail, at step: Int) -> ClaimedItem {
    let row = detail.row
    let held = detail.receipts.compactMap { receipt -> HeldResult? in
      guard let index = steps.firstIndex(where: { $0.id == receipt.step }), index < step else {
        return nil
      }
      return HeldResult(attempt: receipt.attempt, step: index, candidate: receipt.candidate)
    }
    return ClaimedItem(
      id: row.id, ordinal: row.ordinal, key: row.key, occurrence: row.occurrence,
      payload: detail.payload, step: step, held: held)
  }
}

extension Preparer {
  /// One that only looks: nothing is forced, and what it finds is told to nobody.
  static func looking(
    _ layout: WorkspaceLayout, store: any StoreReading, steps: [Step]
  ) -> Preparer {
    let objects = ObjectStore(readingAt: layout.objects)
    let renderer = TemplateRenderer()
    return Preparer(
      steps: steps, store: store,
      files: WorkspaceFiles(root: layout.root, store: store, renderer: renderer),
      renderer: renderer, insistence: .none, hasObject: { objects.contains($0) },
      objectPath: { objects.path(of: $0) })
  }
}
