// The mock agent as a process of its own, for tests of whoever starts one.

import BatchModel
import Foundation
import MockAgent

/// `mock-agent-process SCRIPT`: the script is JSON, given as the argument itself.
@main
struct MockAgentProcess {
  static func main() throws {
    let text = CommandLine.arguments.dropFirst().first ?? "{}"
    var agent = MockAgent(script: try MockAgentScript(try JSONReader.value(of: text)))
    exit(agent.run())
  }
}
