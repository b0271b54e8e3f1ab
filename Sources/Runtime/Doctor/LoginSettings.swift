// What systemd-logind does with a user's processes at the end of a session, read from its files: there
// may be no bus to ask, and no systemd at all.

import Foundation

/// The settings of systemd-logind that decide whether an engine outlives its terminal.
///
/// logind.conf(5): the main file is the first that there is of /etc, /run, /usr/local/lib and /usr/lib;
/// files in `logind.conf.d` of all of them follow it in the order of their names, where one of an
/// earlier folder replaces one of the same name; the last assignment counts.
package struct LoginSettings: Sendable {
  private static let folders = ["/etc", "/run", "/usr/local/lib", "/usr/lib"]
  /// Put before every path, for tests.
  private let root: String
  let user: String

  package init(root: String = "", user: String = NSUserName()) {
    self.root = root
    self.user = user
  }

  /// Whether this user's processes are ended when a session ends; false without systemd.
  var endsProcesses: Bool {
    guard exists("/run/systemd/system") else { return false }
    let settings = settings()
    guard Self.isTrue(settings["KillUserProcesses"] ?? "no") else { return false }
    let only = Self.names(settings["KillOnlyUsers"] ?? "")
    guard only.isEmpty || only.contains(user) else { return false }
    return !Self.names(settings["KillExcludeUsers"] ?? "root").contains(user)
  }

  /// Whether the user's manager, and what runs under it, stays without a session.
  var lingers: Bool { exists("/var/lib/systemd/linger/\(user)") }

  private func settings() -> [String: String] {
    var settings: [String: String] = [:]
    let main = Self.folders.map { "\($0)/systemd/logind.conf" }.first(where: exists)
    if let main {
      // Distributions write the defaults that they compiled in as comments.
      read(main, into: &settings, takesComments: true)
      read(main, into: &settings)
    }
    for path in dropIns() { read(path, into: &settings) }
    return settings
  }

  private func dropIns() -> [String] {
    var byName: [String: String] = [:]
    for folder in Self.folders.map({ "\($0)/systemd/logind.conf.d" }) {
      // A folder that is not there has no settings.
      let names = (try? FileManager.default.contentsOfDirectory(atPath: root + folder)) ?? []
      for name in names where name.hasSuffix(".conf") && byName[name] == nil {
        byName[name] = "\(folder)/\(name)"
      }
    }
    return byName.sorted { $0.key < $1.key }.map(\.value)
  }

  private func read(
    _ path: String, into settings: inout [String: String], takesComments: Bool = false
  ) {
    guard let data = FileManager.default.contents(atPath: root + path) else { return }
    var section = ""
    for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
      var text = line.trimmingCharacters(in: .whitespaces)
      if text.hasPrefix("[") { section = text }
      if text.hasPrefix("#") || text.hasPrefix(";") {
        guard takesComments else { continue }
        text = String(text.dropFirst())
      }
      guard section == "[Login]", let equals = text.firstIndex(of: "=") else { continue }
      let name = text[..<equals].trimmingCharacters(in: .whitespaces)
      settings[name] = text[text.index(after: equals)...].trimmingCharacters(in: .whitespaces)
    }
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root + path)
  }

  private static func isTrue(_ text: String) -> Bool {
    ["1", "yes", "y", "true", "t", "on"].contains(text.lowercased())
  }

  private static func names(_ text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
