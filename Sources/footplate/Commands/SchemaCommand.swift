// `footplate schema` and `footplate completions`: what editors, scripts and shells want to know.

import ArgumentParser
import BatchDefinition
import BatchModel
import Runtime

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The JSON Schema of footplate.yaml, or of what a command writes with --json.")

  @Argument(help: "definition, \(OutputSchema.allCases.map(\.rawValue).joined(separator: ", "))")
  var subject = "definition"

  func run() throws {
    if subject == "definition" { return Console.raw(DefinitionSchema.jsonSchema() + "\n") }
    guard let output = OutputSchema(rawValue: subject) else {
      let known = (["definition"] + OutputSchema.allCases.map(\.rawValue)).joined(separator: ", ")
      throw CommandError("\(subject): no such schema; there are \(known)")
    }
    try Console.document(try output.schema)
  }
}

struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The completion script of a shell.",
    discussion: """
      For bash: footplate completions bash > \
      ~/.local/share/bash-completion/completions/footplate
      """)

  @Argument(help: "bash, zsh or fish") var shell: String

  func run() throws {
    guard let known = CompletionShell(rawValue: shell) else {
      let all = CompletionShell.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError("\(shell): no such shell; there are \(all)")
    }
    Console.raw(Footplate.completionScript(for: known) + "\n")
  }
}
