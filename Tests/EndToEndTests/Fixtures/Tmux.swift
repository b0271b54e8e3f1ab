// A real terminal for the dashboard: tmux, with a server of the test's own.

import Foundation
import Glibc

/// One tmux session with one shell in it.
final class Tmux: Sendable {
  static let isThere = Files.exists(path)
  private static let path = "/usr/bin/tmux"
  private let server = "footplate-e2e-\(UUID().uuidString.prefix(13))"
  private let batch: BatchFolder

  /// Opens a terminal of that size, with a plain shell.
  init(_ batch: BatchFolder, columns: Int = 80, rows: Int = 24, more: [String: String] = [:])
    async throws
  {
    self.batch = batch
    let environment = ["TERM": "xterm-256color"].merging(more) { $1 }
    let opened = try await batch.tool(
      Self.path,
      [
        "-L", server, "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)",
        "/bin/sh",
      ], environment: environment)
    guard opened.status == 0 else { throw NeverHappened(description: "tmux: \(opened)") }
    // A prompt of our own, which does not stand in the line that sets it.
    try await type("clear; PS1='ready''> '")
    try await shows("ready>")
  }

  deinit {
    // A server that is gone already is fine.
    let files = "\(batch.path)/../kill-\(server)"
    guard
      let child = try? Child(
        Self.path, ["-L", server, "kill-server"], environment: batch.environment(), files: files)
    else { return }
    while !child.hasEnded { usleep(1000) }
  }

  /// Types a command line and enter.
  func type(_ line: String) async throws {
    try await write(line)
    try await send(["Enter"])
  }

  /// Types a text, without enter.
  func write(_ text: String) async throws { try await send(["-l", text]) }

  /// Types the program's command line for this batch.
  func footplate(_ arguments: String) async throws {
    try await type("'\(BatchFolder.program)' \(arguments) -C '\(batch.path)'")
  }

  /// Presses keys by tmux's names of them.
  func press(_ keys: String...) async throws {
    for key in keys { try await send(key.count == 1 ? ["-l", key] : [key]) }
  }

  private func send(_ keys: [String]) async throws {
    try await batch.tool(Self.path, ["-L", server, "send-keys"] + keys)
  }

  /// What stands on the screen.
  func screen() async throws -> String {
    try await batch.tool(Self.path, ["-L", server, "capture-pane", "-p"]).output
  }

  /// Waits until the screen shows all of these; gives it.
  @discardableResult
  func shows(_ parts: String..., within seconds: Double = 40) async throws -> String {
    try await eventuallyScreen("shows \(parts)", seconds) { screen in
      parts.allSatisfy { screen.contains($0) }
    }
  }

  /// Waits until the screen shows that no more; gives it.
  @discardableResult
  func hides(_ part: String, within seconds: Double = 40) async throws -> String {
    try await eventuallyScreen("hides \(part)", seconds) { !$0.contains(part) }
  }

  /// Ends the terminal as a lost connection does.
  func killServer() async throws {
    try await batch.tool(Self.path, ["-L", server, "kill-server"])
  }

  private func eventuallyScreen(
    _ what: String, _ seconds: Double, _ condition: (String) -> Bool
  ) async throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let screen = try await screen()
      if condition(screen) { return screen }
      guard ContinuousClock.now < deadline else {
        throw NeverHappened(description: "within \(seconds) s the screen \(what):\n\(screen)")
      }
      try await Task.sleep(for: .milliseconds(30))
    }
  }
}
