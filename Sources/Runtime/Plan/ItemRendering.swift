// One item's steps as they would be started.

package import BatchDefinition
import BatchModel
import Engine
import Foundation

/// What the steps of one item render to.
package struct ItemRendering {
  package struct RenderedStep {
    package var id: String
    package var arguments: [String] = []
    /// Sorted by name.
    package var environment: [(name: String, value: String)] = []
    package var prompt: String?
    package var output: String?
    /// Why the rest cannot be shown: an earlier step's result is not there yet.
    package var problem: String?
  }
  package let steps: [RenderedStep]

  /// - Throws: `ClientError.noItem`, `ItemSourceError`.
  package init(
    of reference: String, layout: WorkspaceLayout, definition: LoadedDefinition
  ) throws {
    let planner = try Planner(layout: layout, definition: definition, insistence: .none)
    guard var item = try planner.item(reference) else {
      throw ClientError.noItem(reference: reference)
    }
    steps = definition.batch.steps.indices.map { index in
      item.step = index
      return Self.render(definition.batch.steps[index], item, planner)
    }
  }

  private static func render(_ step: Step, _ item: ClaimedItem, _ planner: Planner) -> RenderedStep
  {
    var rendered = RenderedStep(id: step.id)
    do {
      let values = try planner.values(of: item)
      switch step.kind {
      case .run(let command):
        rendered.arguments = try planner.renderer.arguments(of: command, with: values)
      case .agent(let agent):
        rendered.arguments = try planner.renderer.arguments(of: agent.command, with: values)
      case .llm: break
      }
      for (name, value) in step.environment.sorted(by: { $0.key < $1.key }) {
        rendered.environment.append((name, try planner.renderer.render(value, with: values)))
      }
      rendered.prompt = try step.prompt.map { try planner.renderer.render($0, with: values) }
      rendered.output = try step.output.map { try planner.renderer.render($0, with: values) }
    } catch {
      rendered.problem = "\(error)"
    }
    return rendered
  }
}
