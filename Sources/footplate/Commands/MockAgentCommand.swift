// `footplate mock-agent`: an agent that does what a script says, for rehearsals and tests.

import ArgumentParser
import BatchDefinition
import Foundation
import MockAgent

struct MockAgentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mock-agent",
    abstract: "An agent that does what a script says: speaks the agent protocol on its pipes.")

  @Option(help: "Its answers, delays and failures: YAML or JSON.") var script: String

  func run() throws {
    let text: String
    do {
      text = try String(contentsOfFile: script, encoding: .utf8)
    } catch {
      throw CommandError("\(script): cannot be read: \(error.localizedDescription)")
    }
    do {
      var agent = MockAgent(
        script: try MockAgentScript(try YAMLText.value(of: text, file: script)))
      throw ExitCode(agent.run())
    } catch let mistake as MockAgentScript.Mistake {
      throw CommandError("\(script): \(mistake.message)")
    }
  }
}
