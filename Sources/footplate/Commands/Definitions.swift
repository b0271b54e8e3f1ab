// Reading the definition for a command.

import BatchDefinition
import Foundation
import Runtime

enum Definitions {
  /// - Throws: `CommandError` with every mistake, status 2.
  static func load(_ workspace: WorkspaceOptions) throws -> LoadedDefinition {
    let path = workspace.definition
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandError("\(path): no definition here; footplate init makes one")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw CommandError("\(path): not valid UTF-8 text")
    }
    let folder = (path as NSString).deletingLastPathComponent
    do {
      return try DefinitionLoader.load(text: text, file: path) { name in
        let full = name.hasPrefix("/") ? name : folder + "/" + name
        return try String(contentsOfFile: full, encoding: .utf8)
      }
    } catch {
      throw CommandError(error.description)
    }
  }
}
