// `footplate service`: a systemd user unit that goes on with a run after a reboot.

import ArgumentParser
import BatchModel
import Foundation
import Runtime

struct Service: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "A systemd user unit that goes on with this batch's run after a reboot.",
    discussion: """
      The unit goes on with a run that the host's end broke off, and starts nothing else: a run that \
      was stopped, paused or finished waits for you. It starts at boot where lingering is on \
      (loginctl enable-linger), else at your next login.

      Keys of providers are no part of it: write them, NAME=value a line, into \
      ~/.config/footplate/environment (mode 0600).
      """, subcommands: [Install.self, Uninstall.self, Due.self, Work.self])

  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Writes the unit and enables it.")
    @OptionGroup var workspace: WorkspaceOptions
    @Flag(help: "Print the unit; write nothing.") var print = false

    func run() throws {
      _ = try Definitions.load(workspace)
      let unit = try Service.unit(workspace)
      guard !print else { return Console.raw(unit.text) }
      let path = Service.path(of: unit)
      let folder = (path as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(unit.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      Console.line("written: \(path)")
      let isEnabled = Systemctl.run("daemon-reload") && Systemctl.run("enable", unit.name)
      Console.line(
        isEnabled
          ? "enabled: it goes on with an interrupted run after a reboot"
          : "systemd does not answer here; on the host: systemctl --user daemon-reload && "
            + "systemctl --user enable \(unit.name)")
      Console.line(
        "at boot, and not only at your next login: loginctl enable-linger; without it systemd may "
          + "also end your processes when you log out (KillUserProcesses= of logind.conf)")
    }
  }

  struct Uninstall: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Disables and removes the unit.")
    @OptionGroup var workspace: WorkspaceOptions

    func run() throws {
      let unit = try Service.unit(workspace)
      let path = Service.path(of: unit)
      guard FileManager.default.fileExists(atPath: path) else {
        return Console.line("there is no unit of this batch: \(path)")
      }
      // Without systemd there is no link to take away.
      _ = Systemctl.run("disable", unit.name)
      try FileManager.default.removeItem(atPath: path)
      _ = Systemctl.run("daemon-reload")
      Console.line("removed: \(path)")
    }
  }

  /// The unit's condition.
  struct Due: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends with 0 when a run is left that the host's end broke off.",
      shouldDisplay: false)
    @OptionGroup var workspace: WorkspaceOptions

    func run() throws {
      guard let run = try ServiceCondition.interruptedRun(in: workspace.layout) else {
        Console.line("no run was broken off")
        throw ExitStatus.someFailed.code
      }
      Console.line("\(run) was broken off")
    }
  }

  /// What the unit starts: a guardian in front.
  struct Work: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Goes on with the run that was broken off.", shouldDisplay: false)
    @OptionGroup var workspace: WorkspaceOptions

    func run() throws {
      guard let run = try ServiceCondition.interruptedRun(in: workspace.layout) else {
        return Console.line("no run was broken off")
      }
      var options = RunOptions()
      // That run or none: what a person has not started is not started here.
      options.resumption = .run(run.text)
      options.isDetached = true
      options.isRestart = true
      var guardian = Guardian(
        executable: try Executable.path(), layout: workspace.layout,
        definition: workspace.definition, options: options)
      throw ExitCode(try guardian.run())
    }
  }

  private static func unit(_ workspace: WorkspaceOptions) throws -> SystemdUnit {
    let folder = workspace.layout.root
    for path in [folder, workspace.definition] where path.contains(where: \.isNewline) {
      throw CommandError("\(path): a systemd unit cannot name a path with a line break")
    }
    return SystemdUnit(
      executable: try Executable.path(), definition: workspace.definition, folder: folder)
  }

  private static func path(of unit: SystemdUnit) -> String {
    "\(SystemdUnit.directory(ProcessInfo.processInfo.environment))/\(unit.name)"
  }
}

/// The user's systemd.
private enum Systemctl {
  /// Whether it did as it was asked.
  static func run(_ arguments: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["systemctl", "--user"] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    // A host without systemd is told what to do by hand.
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
