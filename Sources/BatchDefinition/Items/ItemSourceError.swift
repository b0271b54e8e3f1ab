// Why a source gives no items at all, and what single entries of it were left out.

import BatchModel

/// A source that cannot be enumerated.
package enum ItemSourceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is nothing in it; `source` says in words what was searched.
  case empty(source: String)
  /// Every entry had a problem.
  case nothingUsable(source: String, first: SourceProblem, count: Int)
  case unreadable(path: String, reason: String)
  case header(path: String, problem: String)
  case quoteNeverClosed(path: String, line: Int)
  case commandFailed(reason: String)

  /// A stable name of the case.
  package var code: String {
    switch self {
    case .empty, .nothingUsable: "empty-source"
    case .unreadable: "unreadable-source"
    case .header, .quoteNeverClosed: "malformed-source"
    case .commandFailed: "source-command-failed"
    }
  }

  /// What is wrong, and what to do next.
  package var message: String {
    switch self {
    case .empty(let source): "no items: \(source); check \"items\" in the definition"
    case .nothingUsable(let source, let first, let count):
      "no items: \(source), but all \(count) entries have problems; the first: \(first)"
    case .unreadable(let path, let reason): "the items cannot be read from \(path): \(reason)"
    case .header(let path, let problem): "\(path):1: \(problem)"
    case .quoteNeverClosed(let path, let line):
      "\(path):\(line): a quoted field begins here and is not closed within "
        + "\(RecordLimits.bytesMax / 1_048_576) MiB; expected another \""
    case .commandFailed(let reason): "the items' command failed: \(reason)"
    }
  }

  package var description: String { message }
}

/// One entry of a source that is no item: it costs itself, not the batch.
package struct SourceProblem: Hashable, Sendable, CustomStringConvertible {
  package var path: String
  /// `nil` where a path is the entry itself.
  package var line: Int?
  package var message: String
  package init(path: String, line: Int? = nil, message: String) {
    self.path = path
    self.line = line
    self.message = message
  }
  package var description: String {
    "\(path)\(line.map { ":\($0)" } ?? ""): \(message)"
  }
}

/// Bounds on what a source may contain.
enum RecordLimits {
  /// A longer line or row is left out, as a problem of its own.
  static let bytesMax = 8 << 20
  /// A longer key is a mistake of its template.
  static let keyBytesMax = 4096
  /// A default key keeps this many bytes of a longer line, and a digest of the whole.
  static let defaultKeyBytesMax = 512
  /// Problems are kept up to this number, and counted beyond it.
  static let problemsMax = 100
}
