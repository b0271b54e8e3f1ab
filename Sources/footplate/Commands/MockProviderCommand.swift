// `footplate mock-provider`: a provider to rehearse against, on this machine, for nothing.

import ArgumentParser
import BatchDefinition
import BatchModel
import DurableFiles
import Foundation
import MockProvider
import Runtime

struct MockProviderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mock-provider",
    abstract: "A provider to rehearse against: both APIs, limits and outages by a script.",
    discussion: """
      Point base_url of a provider at the address that it prints. GET /_mock/log tells what it saw.
      POST /events takes batches of CloudEvents, as the sink of events: would.

      A script has these members, and each may be missing:
        seed, models, first_ms (before the first byte), token_ms (before each token of a stream),
        output_tokens_min, output_tokens_max
        limits: {requests_per_minute, input_tokens_per_minute, output_tokens_per_minute,
          tokens_per_minute, burst_seconds}
        rules: [{do: ACTION, …}], of which the first that matches a request decides

      A rule's conditions: from, to, every (calls counted from 1), times, after_s, before_s,
      for_s (since it struck first), model, contains (a part of the prompt).

      Actions: rate-limited and overloaded (retry_after_s), status (status), timeout (hold_s),
      slow (pause_ms), stall (tokens, hold_s), cut and stream-error (tokens), garbage, html,
      quota (quota: credit, spend or customer), refusal, truncated, empty, no-usage,
      absurd-usage, say (text).
      """)

  @Option(help: "What it does wrong and when: YAML or JSON.") var script: String?
  @Option(help: "The port; without it a free one.") var port: UInt16 = 0
  @Option(
    name: .customLong("for"),
    help: "Ends when no engine has worked in that folder for a minute.")
  var served: String?

  func run() async throws {
    let server = MockServer(script: try script.map(Self.read) ?? MockScript(), port: port)
    if let served { EngineAbsence(of: WorkspaceOptions.layout(ofFolder: served)).exitWhenNoticed() }
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

/// A folder whose engine is awaited, and missed when it is gone.
private struct EngineAbsence {
  private static let patience = Duration.seconds(60)
  private let layout: WorkspaceLayout

  init(of layout: WorkspaceLayout) { self.layout = layout }

  /// Ends this process once no engine has worked there for a minute; a crashed one is back by then.
  func exitWhenNoticed() {
    Task {
      var last = ContinuousClock.now
      while ContinuousClock.now - last < Self.patience {
        if EngineLock.isHeld(at: layout.lock) { last = .now }
        try await Task.sleep(for: .seconds(1))
      }
      Foundation.exit(0)
    }
  }
}
