// The hidden command behind the README's tables: they are printed by the program, from the same
// tables that it works with, so they cannot say something else.

import ArgumentParser
import BatchDefinition
import Dashboard

struct Reference: ParsableCommand {
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case commands, run, keys, palette, definition, environment
  }

  static let configuration = CommandConfiguration(
    abstract: "The reference tables of the README, in Markdown.", shouldDisplay: false)

  @Argument(help: "commands, run, keys, palette, definition or environment") var subject: Subject

  func run() {
    switch subject {
    case .commands: Console.raw(Self.commands)
    case .run: Console.raw("```text\n" + Run.helpMessage(columns: 100) + "\n```\n")
    case .keys: Console.raw(BindingTable.markdown)
    case .palette: Console.raw(PaletteTable.markdown)
    case .definition: Console.raw(DefinitionReference.markdown)
    case .environment: Console.raw(EnvironmentTable.markdown)
    }
  }

  private static var commands: String {
    var lines = ["| command | what it does |", "|---|---|"]
    for command in Footplate.configuration.subcommands where command.configuration.shouldDisplay {
      lines.append("| `\(usage(of: command))` | \(command.configuration.abstract) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The command's own arguments, without what every command takes.
  private static func usage(of command: any ParsableCommand.Type) -> String {
    let whole = command.usageString(includeHidden: false)
    return whole.replacing("[--file <file>] [--folder <folder>] ", with: "")
      .replacing(" [--file <file>] [--folder <folder>]", with: "").replacing("|", with: "\\|")
  }
}
