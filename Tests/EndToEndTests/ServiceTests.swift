// `footplate service`: what the unit says, what it goes on with, and what it leaves alone.

import Foundation
import Testing

@Suite(.turn) struct ServiceTests {
  private static func batch() throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.write((1...300).map { "i\($0)\n" }.joined(), to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps: [{id: one, run: 'echo {{line}} >> "$COUNT"; sleep 0.05'}]
      parallel: 2
      """)
    return batch
  }

  @Test("install writes a unit for the folder, which systemd understands; uninstall removes it")
  func install() async throws {
    let batch = try Self.batch()
    let home = ["XDG_CONFIG_HOME": "\(batch.path)/config 100% $HOME"]
    let installed = try await batch.footplate("service", "install", environment: home)
    #expect(installed.status == 0, "\(installed)")
    let units = "config 100% $HOME/systemd/user"
    let name = try #require(Files.tree("\(batch.path)/\(units)").first { $0.hasSuffix(".service") })
    let text = batch.text("\(units)/\(name)")
    #expect(text.contains("WorkingDirectory=\(batch.path)\n"))
    let printed = try await batch.footplate("service", "install", "--print", environment: home)
    #expect(printed.output == text)
    if Files.exists("/usr/bin/systemd-analyze") {
      let verified = try await batch.tool(
        "/usr/bin/systemd-analyze",
        ["verify", "--user", "--man=no", "\(batch.path)/\(units)/\(name)"],
        environment: ["XDG_RUNTIME_DIR": batch.path])
      #expect(!verified.complaints.contains(name), "\(verified)")
    }
    let removed = try await batch.footplate("service", "uninstall", environment: home)
    #expect(removed.status == 0, "\(removed)")
    #expect(!Files.exists("\(batch.path)/\(units)/\(name)"))
  }

  @Test("A run that the host's end broke off is gone on with; one that a person stopped is not")
  func goesOn() async throws {
    let batch = try Self.batch()
    #expect(try await batch.footplate("service", "due").status == 1)
    let engine = try batch.start(["run", "--headless"])
    try await eventually("some work") { batch.executions.count >= 5 }
    #expect(try await batch.footplate("service", "due").status == 1)
    engine.send(SIGTERM)
    #expect(try await engine.wait().status == 130)
    #expect(try await batch.footplate("service", "due").status == 0)
    let done = batch.executions.count
    let work = try batch.start(["service", "work"])
    try await eventually("more work") { batch.executions.count > done }
    #expect(try await batch.footplate("stop").status == 0)
    _ = try await work.wait()
    #expect(try await batch.status().state == "stopped")
    #expect(try await batch.footplate("service", "due").status == 1)
    #expect(try await batch.footplate("service", "work").output == "no run was broken off\n")
    #expect(try await batch.footplate("runs").lines.count == 1)
  }

  @Test("A person's stop holds also when the host's end was first, with an engine killed or ended")
  func stopsAfterwards() async throws {
    for signal in [SIGTERM, SIGKILL] {
      let batch = try Self.batch()
      let engine = try batch.start(["run", "--headless"])
      try await eventually("some work") { batch.executions.count >= 5 }
      engine.send(signal)
      _ = try await engine.wait()
      #expect(try await batch.footplate("service", "due").status == 0)
      #expect(try await batch.footplate("stop").status == 0)
      #expect(try await batch.footplate("service", "due").status == 1)
      #expect(try await batch.status().state == "stopped")
    }
  }
}
