// Reading the definition for a command.

import BatchDefinition
import BatchModel
import Runtime

enum Definitions {
  /// - Parameter mockAgent: The script of a mock agent that stands in for every agent.
  /// - Throws: `CommandError` with every mistake, status 2.
  static func load(
    _ workspace: WorkspaceOptions, mockAgent: String? = nil
  ) throws -> LoadedDefinition {
    var definition: LoadedDefinition
    do {
      definition = try DefinitionFile.load(workspace.definition)
    } catch {
      throw CommandError("\(error)")
    }
    if let mockAgent { try rehearse(&definition, with: mockAgent) }
    return definition
  }

  /// Puts the mock agent in the place of every agent; the rest of the steps stays as it is.
  ///
  /// A rehearsal is another definition, and so another run.
  private static func rehearse(_ definition: inout LoadedDefinition, with script: String) throws {
    let words = [try Executable.path(), "mock-agent", "--script", script]
    let command = Command.arguments(words.map { Template(source: $0, variables: []) })
    let agents = definition.batch.replaceAgents(by: command)
    guard agents > 0 else {
      throw CommandError(
        "--mock-agent: no step of \(definition.batch.name) is an agent that it could stand in for")
    }
    _ = definition.written.replaceAgents(by: command)
  }
}

extension Batch {
  /// - Returns: how many steps are agents.
  fileprivate mutating func replaceAgents(by command: Command) -> Int {
    var count = 0
    for index in steps.indices {
      guard case .agent(var agent) = steps[index].kind else { continue }
      agent.command = command
      steps[index].kind = .agent(agent)
      count += 1
    }
    return count
  }
}
