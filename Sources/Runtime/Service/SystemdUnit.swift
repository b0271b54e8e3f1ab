// The systemd user unit by which a run outlives a reboot: its name, its text, and where it stands.

import BatchModel
import Foundation

/// A unit for one batch.
///
/// Source: systemd.service(5), systemd.exec(5), systemd.syntax(7), `systemd-escape`.
package struct SystemdUnit: Hashable, Sendable {
  private let executable: String
  private let definition: String
  private let folder: String

  /// - Parameters: absolute paths, without line breaks.
  package init(executable: String, definition: String, folder: String) {
    self.executable = executable
    self.definition = definition
    self.folder = folder
  }

  /// One for each folder: its last part for a person, a digest for the rest.
  package var name: String {
    let part = (folder as NSString).lastPathComponent.map { character in
      character.isASCII && (character.isLetter || character.isNumber || character == "_")
        ? character : "-"
    }
    return "footplate-\(String(part.prefix(40)))-\(Digest(of: folder).hex.prefix(8)).service"
  }

  /// Where the units of a user are.
  package static func directory(_ environment: [String: String]) -> String {
    let home = environment["HOME"] ?? NSHomeDirectory()
    let configuration = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    return "\(configuration ?? "\(home)/.config")/systemd/user"
  }

  /// The unit's file.
  ///
  /// It starts nothing that no person has started: its condition holds only for a run that its engine
  /// did not leave by itself. An engine that ends by its own decision is not started again.
  package var text: String {
    let program = Self.quoted(executable)
    let arguments = "-f \(Self.quoted(definition)) -C \(Self.quoted(folder))"
    return """
      # Written by footplate service install; footplate service uninstall removes it.
      [Unit]
      Description=Footplate goes on with the run of \(Self.escaped(folder).inOneLine)
      Wants=network-online.target
      After=network-online.target

      [Service]
      Type=exec
      WorkingDirectory=\(Self.escaped(folder))
      # Keys of providers: a file of your own, mode 0600, with lines NAME=value.
      EnvironmentFile=-%h/.config/footplate/environment
      ExecCondition=\(program) service due \(arguments)
      ExecStart=\(program) service work \(arguments)
      # The guardian starts a dead engine again; these are ends by an engine's own decision.
      Restart=no
      SuccessExitStatus=1 75 130
      # TERM reaches the guardian and, through it, the engine, which lets go of what it began.
      KillMode=mixed
      TimeoutStopSec=90
      UMask=0077

      [Install]
      WantedBy=default.target

      """
  }

  /// A path as one argument of a command line: in quotes, with what systemd would expand doubled.
  private static func quoted(_ path: String) -> String {
    let text = escaped(path).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(text.replacing("$", with: "$$"))\""
  }

  /// `%` begins a specifier everywhere.
  private static func escaped(_ path: String) -> String { path.replacing("%", with: "%%") }
}
