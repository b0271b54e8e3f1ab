// A workspace of a test's own, with the built program to run in it.

import Foundation
import Glibc
import Synchronization

/// A folder with a definition, and a file in which its commands count their own executions.
final class BatchFolder: Sendable {
  /// The workspace.
  let path: String
  /// The file that commands append a line to, by `echo … >> "$COUNT"`.
  ///
  /// It is no file of the workspace, or its growth would be a change.
  let countPath: String
  private let scratch: String
  private let callCount = Atomic<Int>(0)

  /// - Parameter parent: the folder to make it in; without one the temporary folder.
  init(in parent: String? = nil) throws {
    let name = "footplate-e2e-\(UUID().uuidString.prefix(13))"
    let temporary = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
    scratch = "\(temporary)/\(name)"
    path = "\(parent ?? scratch)/work"
    countPath = "\(scratch)/count"
    for folder in [scratch, path] {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    }
  }

  deinit {
    for pid in ProcessList.pids(mentioning: path) { kill(pid, SIGKILL) }
    // A leftover in the temporary folder fails no test.
    try? FileManager.default.removeItem(atPath: scratch)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The program under test: it stands beside the test bundle.
  static let program: String = {
    // A link that cannot be read gives a path that cannot be started, which the tests report.
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (own as NSString).deletingLastPathComponent + "/footplate"
  }()

  /// What every process of the tests gets.
  func environment(_ more: [String: String] = [:]) -> [String: String] {
    var own = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("FOOTPLATE_") }
    own["COUNT"] = countPath
    own["TZ"] = "UTC"
    own["LC_ALL"] = "C.UTF-8"
    own["SWIFT_BACKTRACE"] = "enable=no"
    // What is typed in a test is not what this person typed.
    own["XDG_STATE_HOME"] = "\(path)/../state"
    return own.merging(more) { $1 }
  }

  /// Writes footplate.yaml; the version and the name are there already.
  func define(_ yaml: String) throws {
    try write("version: 1\nname: test\n\(yaml)\n", to: "footplate.yaml")
  }

  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// The text of a file of the workspace; empty when there is none.
  func text(_ name: String) -> String { Files.text("\(path)/\(name)") }
  func exists(_ name: String) -> Bool { Files.exists("\(path)/\(name)") }
  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }

  /// The lines that commands appended to `$COUNT`, oldest first.
  var executions: [String] { Files.text(countPath).split(separator: "\n").map(String.init) }

  /// Starts the program in this workspace.
  func start(_ arguments: [String], environment more: [String: String] = [:]) throws -> Child {
    let call = callCount.add(1, ordering: .relaxed).newValue
    return try Child(
      Self.program, arguments + ["-C", path], environment: environment(more),
      files: "\(scratch)/call-\(call)")
  }

  /// Runs the program to its end.
  @discardableResult
  func footplate(
    _ arguments: String..., environment: [String: String] = [:], seconds: Double = 90
  ) async throws -> Ended {
    try await start(arguments, environment: environment).wait(seconds: seconds)
  }

  /// Runs any other program to its end.
  @discardableResult
  func tool(
    _ executable: String, _ arguments: [String], environment more: [String: String] = [:],
    seconds: Double = 60
  ) async throws -> Ended {
    let call = callCount.add(1, ordering: .relaxed).newValue
    return try await Child(
      executable, arguments, environment: environment(more), files: "\(scratch)/call-\(call)"
    ).wait(seconds: seconds)
  }
}
