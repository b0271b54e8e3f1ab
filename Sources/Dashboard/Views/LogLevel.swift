// How bad a line of a log is, where its words leave no doubt.

/// A level that a program wrote into its line.
enum LogLevel {
  /// The role of a line; `text` where it names no level.
  static func role(of line: [UInt8]) -> Role {
    // A level stands near the front; further back a word is only a word.
    let head = line.prefix(80)
    var start = head.startIndex
    while start < head.endIndex {
      guard let word = word(in: head, from: &start) else { break }
      if let role = role(of: word, followedBy: start < head.endIndex ? head[start] : 0) {
        return role
      }
    }
    return .text
  }

  private static func word(in line: ArraySlice<UInt8>, from start: inout Int) -> [UInt8]? {
    func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
    guard let first = line[start...].firstIndex(where: isLetter) else { return nil }
    let end = line[first...].firstIndex { !isLetter($0) } ?? line.endIndex
    start = end
    return Array(line[first..<end])
  }

  /// Capitals are meant; `error:` in small letters is what compilers write.
  private static func role(of word: [UInt8], followedBy next: UInt8) -> Role? {
    let text = String(decoding: word, as: UTF8.self)
    if let role = capitals[text] { return role }
    guard next == 0x3A || next == 0x5D else { return nil }
    return capitals[text.uppercased()]
  }

  private static let capitals: [String: Role] = [
    "ERROR": .logError, "FATAL": .logError, "PANIC": .logError, "CRITICAL": .logError,
    "WARN": .logWarn, "WARNING": .logWarn, "INFO": .logInfo, "NOTICE": .logInfo,
    "DEBUG": .logDebug, "TRACE": .logDebug,
  ]
}
