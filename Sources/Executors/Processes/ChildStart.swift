// From an order to a running child: pipes, the executable, posix_spawn.

import CSpawn
import Glibc

/// A child that runs, with our ends of its pipes.
struct StartedChild {
  var pid: Int32
  var pidfd: Int32
  /// The reading ends, non-blocking.
  var output: Int32
  var error: Int32
  /// The writing ends, kept open until the leader ended: so the pipes' ends wake nobody, and one
  /// event, the leader's, tells that it is over.
  var outputHold: Int32
  var errorHold: Int32
  var input: InputFeed?
}

/// Starts children.
///
/// Made for one thread, which keeps /dev/null open for all of them.
struct ChildStart: ~Copyable {
  enum Outcome {
    case started(StartedChild)
    case refused(String)
    /// The host is short of processes, memory or descriptors right now, or the file is being written.
    case shortage(String)
  }

  private let nothing: Int32

  init() {
    cs_occupy_standard_descriptors()
    nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
  }

  deinit { if nothing >= 0 { close(nothing) } }

  func start(_ order: ProcessOrder) -> Outcome {
    guard nothing >= 0 else { return .refused("cannot open /dev/null; restore it") }
    let words: [String]
    switch order.invocation {
    case .arguments(let arguments): words = arguments
    case .shell(let text): words = ["/bin/sh", "-c", text]
    }
    guard let name = words.first else { return .refused("the command has no words; name one") }
    let search = ExecutableSearch.find(name, environment: order.environment, folder: order.folder)
    guard case .found(let executable) = search else {
      if case .missing(let why) = search { return .refused(why) }
      return .refused("command not found: \(name)")
    }
    guard let arguments = CStringBlock(words), let environment = CStringBlock(order.environment)
    else { return .refused("an argument or a variable contains a NUL byte; take it out") }
    return start(
      order, executable, arguments: arguments.pointers, environment: environment.pointers)
  }

  private func start(
    _ order: ProcessOrder, _ executable: String,
    arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
    environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  ) -> Outcome {
    var pipes = ChildPipes()
    if let problem = pipes.open(order.input, nothing: nothing) {
      pipes.closeAll()
      return problem
    }
    var pid: pid_t = 0
    var pidfd: Int32 = -1
    var error = cs_spawn(
      executable, arguments, environment, order.folder, pipes.childInput, pipes.childOutput,
      pipes.childError, &pid, &pidfd)
    if error == ENOEXEC, case .arguments(let words) = order.invocation,
      let script = CStringBlock(["/bin/sh", executable] + words.dropFirst())
    {
      // A script without `#!`: execvp(3) and every shell give it to sh.
      error = cs_spawn(
        "/bin/sh", script.pointers, environment, order.folder, pipes.childInput, pipes.childOutput,
        pipes.childError, &pid, &pidfd)
    }
    guard error == 0 else {
      pipes.closeAll()
      return Self.failure(error, executable, order.folder)
    }
    pipes.closeChildInput()
    return .started(
      StartedChild(
        pid: pid, pidfd: pidfd, output: pipes.output, error: pipes.error,
        outputHold: pipes.childOutput, errorHold: pipes.childError, input: pipes.feed))
  }

  private static func failure(_ error: Int32, _ executable: String, _ folder: String) -> Outcome {
    let why = ExecutableSearch.explanation(error, executable: executable, folder: folder)
    // A script that is being written (ETXTBSY) will be whole in a moment.
    let isShortage = [EAGAIN, ENOMEM, EMFILE, ENFILE, ETXTBSY].contains(error)
    return isShortage ? .shortage(why) : .refused(why)
  }
}

/// The descriptors of one start; -1 where there is none.
private struct ChildPipes {
  var childInput: Int32 = -1
  var childOutput: Int32 = -1
  var childError: Int32 = -1
  var output: Int32 = -1
  var error: Int32 = -1
  var feed: InputFeed?
  private var sharedInput: Int32 = -1

  /// Opens everything; a problem leaves to `closeAll` what is open.
  mutating func open(_ input: ProcessOrder.Input, nothing: Int32) -> ChildStart.Outcome? {
    sharedInput = nothing
    guard let out = Self.pipe() else { return Self.shortage() }
    (output, childOutput) = out
    guard let err = Self.pipe() else { return Self.shortage() }
    (error, childError) = err
    guard fcntl(output, F_SETFL, O_NONBLOCK) == 0, fcntl(error, F_SETFL, O_NONBLOCK) == 0 else {
      return Self.shortage()
    }
    switch input {
    case .none: childInput = nothing
    case .file(let path):
      childInput = Glibc.open(path, O_RDONLY | O_CLOEXEC)
      if childInput < 0 {
        return .refused("cannot open \(path) as input: \(String(cString: strerror(errno)))")
      }
    case .bytes(let bytes), .turns(let bytes):
      guard let pair = Self.pipe() else { return Self.shortage() }
      childInput = pair.reading
      guard fcntl(pair.writing, F_SETFL, O_NONBLOCK) == 0 else { return Self.shortage() }
      var staysOpen = false
      if case .turns = input { staysOpen = true }
      var feed = InputFeed(bytes, to: pair.writing, staysOpen: staysOpen)
      feed.pump()
      self.feed = feed
    }
    return nil
  }

  func closeChildInput() {
    if childInput >= 0, childInput != sharedInput { close(childInput) }
  }

  mutating func closeAll() {
    closeChildInput()
    for number in [childOutput, childError, output, error] where number >= 0 { close(number) }
    feed?.close()
  }

  private static func pipe() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard cs_pipe(&ends, O_CLOEXEC) == 0 else { return nil }
    return (ends[0], ends[1])
  }

  private static func shortage() -> ChildStart.Outcome {
    .shortage("cannot make a pipe: \(String(cString: strerror(errno)))")
  }
}
