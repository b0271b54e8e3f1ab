// Reading the definition for a command.

import BatchDefinition
import Runtime

enum Definitions {
  /// - Throws: `CommandError` with every mistake, status 2.
  static func load(_ workspace: WorkspaceOptions) throws -> LoadedDefinition {
    do {
      return try DefinitionFile.load(workspace.definition)
    } catch {
      throw CommandError("\(error)")
    }
  }
}
