// Standard output and standard error of the headless commands.

import Canvas
import Foundation
import Glibc

/// Writes lines whose hostile parts are made harmless, as the dashboard does.
enum Console {
  /// One line on standard output.
  static func line(_ text: String = "") { write(SafeText.line(text) + "\n", to: STDOUT_FILENO) }

  /// One line on standard error.
  static func complain(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      write(SafeText.line(String(line)) + "\n", to: STDERR_FILENO)
    }
  }

  /// Bytes for a program: JSON, which escapes control characters itself.
  static func raw(_ text: String) { write(text, to: STDOUT_FILENO) }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  /// Writes everything; a reader that has gone (`| head`) is no error.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
