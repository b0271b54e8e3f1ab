// `footplate init`: a definition to start from.

import ArgumentParser
import BatchDefinition
import Foundation
import Runtime

struct Initialize: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Writes a commented footplate.yaml to start from.")

  @OptionGroup var workspace: WorkspaceOptions
  @Option(help: "documentation, agents or rows") var template = "documentation"

  func run() throws {
    guard let starter = InitTemplate(rawValue: template) else {
      let known = InitTemplate.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError("\(template): no such template; there are \(known)")
    }
    let path = workspace.definition
    let number = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard number >= 0 else {
      throw CommandError("\(path): \(String(cString: strerror(errno))); nothing was written")
    }
    try FileHandle(fileDescriptor: number, closeOnDealloc: true)
      .write(contentsOf: Data(starter.text.utf8))
    Console.line("\(path) is written; look at it, then: footplate plan")
  }
}
