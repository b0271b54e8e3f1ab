// Where systemd-logind's settings come from, on machines made of files.

import Foundation
import Testing

@testable import Runtime

@Suite("Whether processes end at logout")
struct LoginSettingsTests {
  private static let booted = ["run/systemd/system/x": ""]
  private static let yes = "[Login]\nKillUserProcesses=yes\n"

  private func ends(_ files: [String: String], user: String = "ann") throws -> Bool {
    let machine = try TestBatch(files: files.merging(Self.booted) { $1 })
    return withExtendedLifetime(machine) {
      LoginSettings(root: machine.root, user: user).endsProcesses
    }
  }

  @Test("Without systemd nothing ends, whatever a file says")
  func absent() throws {
    let machine = try TestBatch(files: ["etc/systemd/logind.conf": Self.yes])
    #expect(!LoginSettings(root: machine.root, user: "ann").endsProcesses)
  }

  @Test("The main file is the first there is; what a distribution compiled in stands as a comment")
  func mainFile() throws {
    #expect(try ends(["etc/systemd/logind.conf": Self.yes]))
    #expect(try ends(["usr/lib/systemd/logind.conf": "[Login]\n#KillUserProcesses=yes\n"]))
    #expect(try !ends(["usr/lib/systemd/logind.conf": "[Login]\n#KillUserProcesses=no\n"]))
    #expect(try !ends(["etc/systemd/logind.conf": "[Other]\nKillUserProcesses=yes\n"]))
    #expect(
      try !ends([
        "etc/systemd/logind.conf": "[Login]\n", "usr/lib/systemd/logind.conf": Self.yes,
      ]))
    #expect(try !ends([:]))
  }

  @Test("Files of logind.conf.d follow by name, and one in /etc replaces its namesake")
  func dropIns() throws {
    let no = "[Login]\nKillUserProcesses = no\n"
    #expect(
      try ends([
        "etc/systemd/logind.conf": no, "usr/lib/systemd/logind.conf.d/50-kill.conf": Self.yes,
      ]))
    #expect(
      try !ends([
        "usr/lib/systemd/logind.conf.d/50-kill.conf": Self.yes,
        "etc/systemd/logind.conf.d/50-kill.conf": no,
      ]))
    #expect(
      try ends([
        "etc/systemd/logind.conf.d/10-a.conf": no, "run/systemd/logind.conf.d/20-b.conf": Self.yes,
        "etc/systemd/logind.conf.d/30-c.txt": no,
      ]))
  }

  @Test("Users that are left out, root by default, keep their processes")
  func users() throws {
    #expect(try !ends(["etc/systemd/logind.conf": Self.yes], user: "root"))
    let excluding = Self.yes + "KillExcludeUsers=bob ann\n"
    #expect(try !ends(["etc/systemd/logind.conf": excluding]))
    #expect(try ends(["etc/systemd/logind.conf": excluding], user: "root"))
    #expect(try !ends(["etc/systemd/logind.conf": Self.yes + "KillOnlyUsers=bob\n"]))
    #expect(try ends(["etc/systemd/logind.conf": Self.yes + "KillOnlyUsers=bob ann\n"]))
  }
}
