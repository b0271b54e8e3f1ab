// Programs that stand in for those of the person's machine, in a folder of their own.

import Foundation

enum FakeProgram {
  static func folder() -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("footplate-\(UUID().uuidString)")
    // When it cannot be made, writing into it fails and says so.
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }

  static func write(_ script: String, as path: String) throws {
    try script.write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  static func read(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  /// Starts a shell's command behind; its exit status is whether it was started.
  static func start(_ command: String) -> Int32 { system(command + " &") }

  static func remove(_ folder: String) {
    // What is left behind lies in the system's temporary folder.
    try? FileManager.default.removeItem(atPath: folder)
  }
}
