// `footplate-track`: `footplate track` for hooks that somebody waits for, without the rest of the program,
// whose start takes ten times as long.

import Canvas
import Glibc
import Tracking

@main
enum FootplateTrack {
  /// The longest complaint's width.
  private static let columnsMax = 16_384

  static func main() {
    guard let arguments = TrackArguments(CommandLine.arguments.dropFirst()) else {
      return passOn()
    }
    TrackCall.answer(arguments).forEach(complain)
  }

  /// What is not as simple as a hook's line goes to the whole program: help, figures, mistakes.
  private static func passOn() {
    let words: [UnsafeMutablePointer<CChar>?] = [strdup("footplate"), strdup("track")]
    let given = UnsafeBufferPointer(
      start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    let line = words + given.dropFirst() + [nil]
    // The one beside this program, else the one of the path.
    if let beside { execv(beside, line) }
    execvp("footplate", line)
    complain("footplate-track: footplate is neither beside it nor in PATH: not tracked")
  }

  private static var beside: String? {
    guard let own = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(own) }
    let path = String(cString: own)
    return path.lastIndex(of: "/").map { path[...$0] + "footplate" }
  }

  /// A hook may be told of anything: what its paths hold does not reach a terminal as it is.
  private static func complain(_ text: String) {
    let line = Array((SafeText(text, columnsMax: columnsMax).string + "\n").utf8)
    // Standard error may be closed; there is nobody else to tell.
    _ = write(STDERR_FILENO, line, line.count)
  }
}
