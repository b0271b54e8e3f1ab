// The standard output of a command that lists items, piece by piece.

import Foundation

/// Starts source commands.
enum CommandOutput {
  /// - Returns: the next piece of standard output at each call, `nil` at its end.
  /// - Throws: `SourceCommandError` when it cannot be started or ends with a status other than 0.
  static func start(_ arguments: [String], folder: String) throws -> () throws -> [UInt8]? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    return {
      let piece = pipe.fileHandleForReading.readData(ofLength: 1 << 16)
      guard piece.isEmpty else { return [UInt8](piece) }
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        throw SourceCommandError(
          command: arguments.joined(separator: " "), status: process.terminationStatus)
      }
      return nil
    }
  }
}

/// A command that lists the items failed.
struct SourceCommandError: Error, CustomStringConvertible {
  let command: String
  let status: Int32
  var description: String { "\(command) ended with status \(status)" }
}
