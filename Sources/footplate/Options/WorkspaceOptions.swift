// Which batch a command is about, and how it talks: the options that every command has.

import ArgumentParser
import Foundation
import Runtime

/// `-f` and `-C`.
struct WorkspaceOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "The definition.")
  var file: String?

  @Option(
    name: [.customShort("C"), .customLong("folder")],
    help: "The folder to work in; without it the definition's folder.")
  var folder: String?

  /// The definition's path, absolute.
  var definition: String {
    Self.absolute(file ?? (folder.map { $0 + "/" } ?? "") + "footplate.yaml")
  }

  var layout: WorkspaceLayout {
    if let folder { return Self.layout(ofFolder: folder) }
    return WorkspaceLayout(root: (definition as NSString).deletingLastPathComponent)
  }

  static func layout(ofFolder folder: String) -> WorkspaceLayout {
    WorkspaceLayout(root: absolute(folder))
  }

  static func absolute(_ path: String) -> String {
    let joined =
      path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return (joined as NSString).standardizingPath
  }
}

/// How much is said, and with which characters.
struct TalkOptions: ParsableArguments {
  @Flag(help: "Write JSON.")
  var json = false
}
