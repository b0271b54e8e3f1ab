// `footplate render ITEM`: exactly what would be started, before it is.

import ArgumentParser
import BatchDefinition
import BatchModel
import Runtime

struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the exact arguments, environment and prompt of an item's steps.")

  @OptionGroup var workspace: WorkspaceOptions
  @Argument(help: "The item's key, or #ordinal.") var item: String

  func run() throws {
    let definition = try Definitions.load(workspace)
    let rendering = try ItemRendering(
      of: item, layout: workspace.layout, definition: definition)
    for step in rendering.steps {
      Console.line("step \(step.id)")
      for word in step.arguments { Console.line("  \(word)") }
      for (name, value) in step.environment { Console.line("  \(name)=\(value)") }
      if let output = step.output { Console.line("  output \(output)") }
      if let prompt = step.prompt {
        Console.line("  prompt:")
        for line in prompt.split(separator: "\n", omittingEmptySubsequences: false) {
          Console.line("    \(line)")
        }
      }
      if let problem = step.problem { Console.line("  not yet: \(problem)") }
    }
  }
}
