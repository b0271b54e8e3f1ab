// `footplate mock-provider`: a provider to rehearse against, on this machine, for nothing.

import ArgumentParser
import BatchDefinition
import BatchModel
import Foundation
import MockProvider

struct MockProviderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mock-provider",
    abstract: "A provider to rehearse against: both APIs, limits and outages by a script.",
    discussion: """
      Point base_url of a provider at the address that it prints. GET /_mock/log tells what it saw.
      """)

  @Option(help: "What it does wrong and when: YAML or JSON.") var script: String?
  @Option(help: "The port; without it a free one.") var port: UInt16 = 0

  func run() async throws {
    let server = MockServer(script: try script.map(Self.read) ?? MockScript(), port: port)
    async let serving: Void = server.run()
    do throws(MockServer.Mistake) {
      Console.line("http://127.0.0.1:\(try await server.waitForPort())")
    } catch {
      throw CommandError(error.message)
    }
    try await serving
  }

  private static func read(_ path: String) throws -> MockScript {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw CommandError("\(path): cannot be read: \(error.localizedDescription)")
    }
    return try script(of: text, named: path)
  }

  static func script(of text: String, named name: String) throws -> MockScript {
    do {
      return try MockScript(try YAMLText.value(of: text, file: name))
    } catch let mistake as MockScript.Mistake {
      throw CommandError("\(name): \(mistake.message)")
    }
  }
}
