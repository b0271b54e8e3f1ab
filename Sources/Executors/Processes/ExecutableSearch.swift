// Which file a command's first word means, and a person's sentence when there is none.

import Glibc

/// The look-up of executables, as execvp(3) does it but with the child's own PATH and folder.
enum ExecutableSearch {
  enum Outcome {
    case found(String)
    case missing(String)
  }

  /// Looks `name` up for a child with this environment, started in `folder`.
  static func find(_ name: String, environment: [String], folder: String) -> Outcome {
    if name.isEmpty { return .missing("the command is empty; name an executable") }
    if name.utf8.contains(UInt8(ascii: "/")) { return .found(name) }
    let path = value(of: "PATH", in: environment) ?? "/usr/local/bin:/usr/bin:/bin"
    var forbidden: String?
    for entry in path.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
      let candidate = absolute(String(Substring(entry)), name, folder)
      guard isFile(candidate) else { continue }
      if access(candidate, X_OK) == 0 { return .found(candidate) }
      forbidden = forbidden ?? candidate
    }
    if let forbidden {
      return .missing("\(forbidden) is not executable; try chmod +x")
    }
    return .missing("command not found: \(name) (PATH is \(path))")
  }

  /// Why posix_spawn failed with that number.
  static func explanation(_ number: Int32, executable: String, folder: String) -> String {
    var status = stat()
    if stat(folder, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR {
      return "the folder \(folder) to start in is missing"
    }
    let file = absolute("", executable, folder)
    switch number {
    case ENOENT where access(file, F_OK) == 0:
      return "\(executable) names an interpreter that is missing; look at its first line"
    case ENOENT: return "command not found: \(executable)"
    case EACCES: return "\(executable) is not executable; try chmod +x"
    case E2BIG:
      return "the arguments and the environment are too long; pass the text on standard input"
    default: return "cannot start \(executable): \(String(cString: strerror(number)))"
    }
  }

  private static func absolute(_ entry: String, _ name: String, _ folder: String) -> String {
    if name.utf8.first == UInt8(ascii: "/") { return name }
    if entry.isEmpty { return "\(folder)/\(name)" }
    if entry.utf8.first == UInt8(ascii: "/") { return "\(entry)/\(name)" }
    return "\(folder)/\(entry)/\(name)"
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func value(of name: String, in environment: [String]) -> String? {
    let prefix = name + "="
    return environment.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
  }
}
