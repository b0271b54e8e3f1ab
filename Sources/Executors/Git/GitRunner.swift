// git as a process: argument vectors, no prompt, no hook, no pager, and nothing of another repository.

package import BatchModel
import Synchronization

/// Starts git.
package struct GitRunner: Sendable {
  /// Whether a command ended well, and what it said.
  struct Answer: Sendable {
    var status: Int32
    var output: [UInt8]
    /// The last line of its complaints.
    var message: String

    var text: String { String(decoding: output, as: UTF8.self) }
    /// The output's one line.
    var line: String { text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "" }
    /// Names that `-z` separates.
    var names: [String] {
      output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// Longer output is cut: nothing that is asked here answers with more.
  private static let outputBytesMax = 64 << 20
  private static let timeout = Duration.seconds(600)
  /// Numbers that no attempt and no agent has.
  private static let serial = Atomic<Int64>(.min)

  /// Hooks and signatures are the user's, and could ask for something nobody answers; a lost commit
  /// would be lost work, so objects and refs are synced.
  private static let settings = [
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.quotePath=false", "core.fsync=all",
    "commit.gpgSign=false", "gc.auto=0", "maintenance.auto=false", "advice.addEmbeddedRepo=false",
    "submodule.recurse=false",
  ]

  private let processes: ProcessExecutor
  private let environment: [String]
  /// By what a dead engine's git is found and ended; of its own for each process, since an end takes
  /// everything with the same one along.
  private let marker: @Sendable (AttemptID) -> [String]
  private let mask: SecretMask

  /// - Parameter inherited: The engine's environment; its `GIT_*` are left out, which could name
  ///   another repository, but for who commits and where git's configuration is.
  package init(
    processes: ProcessExecutor, inherited: [String: String], mask: SecretMask = SecretMask(),
    marker: @escaping @Sendable (AttemptID) -> [String] = { _ in [] }, author: CommitAuthor? = nil
  ) {
    self.processes = processes
    self.mask = mask
    var variables = inherited.filter { name, _ in
      !name.hasPrefix("GIT_") || Self.keptNames.contains(name)
    }
    variables["GIT_TERMINAL_PROMPT"] = "0"
    variables["GIT_ASKPASS"] = "true"
    variables["GIT_EDITOR"] = "true"
    variables["GIT_PAGER"] = "cat"
    variables["LC_ALL"] = "C"
    if let author {
      variables["GIT_AUTHOR_NAME"] = author.name
      variables["GIT_AUTHOR_EMAIL"] = author.email
    }
    self.marker = marker
    environment = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  private static let keptNames: Set<String> = [
    "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL",
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH",
  ]

  /// Runs git in `folder`; a command that fails is an answer.
  func ask(
    _ arguments: [String], in folder: String, adding variables: [String] = [], input: String? = nil
  ) async throws(GitError) -> Answer {
    let number = Self.serial.wrappingAdd(1, ordering: .relaxed).oldValue
    let collected = CollectedOutput()
    let own = marker(AttemptID(number))
    var order = ProcessOrder(
      id: AttemptID(number),
      invocation: .arguments(["git"] + Self.settings.flatMap { ["-c", $0] } + arguments),
      environment: own + variables + environment, folder: folder,
      input: input.map { .bytes(Array($0.utf8)) } ?? .none, timeout: Self.timeout, marker: own,
      mask: mask)
    order.listener = { chunk in
      collected.add(chunk, bytesMax: Self.outputBytesMax)
      return []
    }
    let report = await processes.run(order)
    switch report.end {
    case .exited(let status):
      return Answer(status: status, output: collected.bytes, message: report.lastLine)
    case .killed: throw .interrupted
    case .couldNotStart(let why): throw .noGit(reason: why)
    case .timedOut, .stalled, .signalled:
      throw .failed(command: Self.name(of: arguments), message: "it ended with \(report.end)")
    }
  }

  /// Runs git, and throws when it fails.
  func run(
    _ arguments: [String], in folder: String, adding variables: [String] = [], input: String? = nil
  ) async throws(GitError) -> Answer {
    let answer = try await ask(arguments, in: folder, adding: variables, input: input)
    guard answer.status == 0 else {
      let message = answer.message.isEmpty ? "exit \(answer.status)" : answer.message
      throw .failed(command: Self.name(of: arguments), message: message)
    }
    return answer
  }

  /// The first words, for an error: the rest may be anything.
  private static func name(of arguments: [String]) -> String {
    arguments.filter { !$0.hasPrefix("-") }.prefix(2).joined(separator: " ")
  }
}

/// What a command writes, kept by the thread that reads it.
private final class CollectedOutput: Sendable {
  private let state = Mutex<[UInt8]>([])
  var bytes: [UInt8] { state.withLock { $0 } }

  func add(_ chunk: UnsafeRawBufferPointer, bytesMax: Int) {
    state.withLock { $0.append(contentsOf: chunk.prefix(max(0, bytesMax - $0.count))) }
  }
}

/// Who made a commit.
package struct CommitAuthor: Hashable, Sendable, Codable {
  package var name: String
  package var email: String
  package init(name: String, email: String) {
    self.name = name
    self.email = email
  }
}
