// A real process of a test: started in a group of its own, output to files, waited for with a
// deadline. Foundation's Process is not used: a grandchild that holds a pipe would hide an end.

import Foundation
import Glibc
import Synchronization

/// A process that has ended.
struct Ended: Sendable, CustomStringConvertible {
  /// The exit status; 128 + n for signal n, as shells say it.
  let status: Int32
  let output: String
  let complaints: String

  /// The lines of standard output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }
  /// The sentence that says what to do next.
  var lastLine: String { lines.last ?? "" }

  var description: String { "status \(status)\n\(output)\(complaints)" }
}

/// Why a process could not be dealt with.
enum ChildError: Error {
  case notStarted(String, errno: Int32)
  case tookTooLong(String)
}

/// A process that may still run.
final class Child: Sendable {
  let pid: Int32
  let outputPath: String
  let complaintsPath: String
  private let name: String
  private let end = Mutex<Int32?>(nil)

  /// - Parameter environment: the whole of it.
  init(
    _ executable: String, _ arguments: [String], environment: [String: String], files: String
  ) throws {
    outputPath = files + ".out"
    complaintsPath = files + ".err"
    name = ([executable] + arguments).joined(separator: " ")
    pid = try Self.spawn(executable, arguments, environment, outputPath, complaintsPath)
  }

  deinit {
    guard end.withLock({ $0 }) == nil else { return }
    kill(pid, SIGKILL)
    waitpid(pid, nil, 0)
  }

  /// What it has written so far.
  var output: String { Files.text(outputPath) }
  var complaints: String { Files.text(complaintsPath) }

  /// Whether it has ended; reaps it.
  var hasEnded: Bool {
    end.withLock { end in
      guard end == nil else { return true }
      var status: Int32 = 0
      guard waitpid(pid, &status, WNOHANG) == pid else { return false }
      let signal = status & 0x7F
      end = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
      return true
    }
  }

  /// Sends a signal, unless it has been reaped.
  func send(_ signal: Int32) {
    end.withLock { if $0 == nil { _ = kill(pid, signal) } }
  }

  /// Waits for its end; one that takes longer than `seconds` is killed.
  func wait(seconds: Double = 90) async throws -> Ended {
    do {
      try await eventually("\(name) ends", within: seconds) { hasEnded }
    } catch {
      send(SIGKILL)
      throw ChildError.tookTooLong("\(name)\n\(output)\(complaints)")
    }
    return Ended(
      status: end.withLock { $0 } ?? -1, output: output, complaints: complaints)
  }

  private static func spawn(
    _ executable: String, _ arguments: [String], _ environment: [String: String],
    _ output: String, _ complaints: String
  ) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, complaints, flags, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The test process may ignore or block signals that the child has to feel.
    var all = sigset_t()
    sigfillset(&all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    var words = ([executable] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + variables { free(word) } }
    var pid: pid_t = 0
    let error = posix_spawn(&pid, executable, &actions, &attributes, &words, &variables)
    guard error == 0 else { throw ChildError.notStarted(executable, errno: error) }
    return pid
  }
}
