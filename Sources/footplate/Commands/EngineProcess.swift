// The hidden command behind a detached run: the guardian, and the engine that it watches over.

import ArgumentParser
import Foundation
import Resilience
import Runtime

struct EngineProcess: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engine", abstract: "The engine of a detached run.", shouldDisplay: false)

  @OptionGroup var workspace: WorkspaceOptions
  @Flag var guardian = false
  @Option var options = "{}"

  func run() async throws {
    var options = try JSONDecoder().decode(RunOptions.self, from: Data(options.utf8))
    options.isDetached = true
    if guardian {
      var guardian = Guardian(
        executable: try Executable.path(), layout: workspace.layout,
        definition: workspace.definition, options: options)
      throw ExitCode(try guardian.run())
    }
    try await HeadlessRun(
      layout: workspace.layout,
      definition: try Definitions.load(workspace, mockAgent: options.mockAgent), options: options,
      asJSON: false, detail: .nothing
    ).run()
  }
}

/// Ourselves.
enum Executable {
  /// The program's file, also when it was replaced on disk meanwhile.
  static func path() throws -> String {
    let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return path.hasSuffix(" (deleted)") ? "/proc/self/exe" : path
  }
}
