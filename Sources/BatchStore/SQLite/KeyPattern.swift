// Regular expressions in SQL: what a person filters the queue by.

import Foundation
import GRDB
import Synchronization

/// The function `key_matches(KEY, PATTERN)` of a connection.
enum KeyPattern {
  static let name = "key_matches"

  /// A pattern that is none matches nothing: who asks has checked it.
  static func function() -> DatabaseFunction {
    let latest = Latest()
    return DatabaseFunction(name, argumentCount: 2, pure: true) { values in
      guard let key = String.fromDatabaseValue(values[0]),
        let pattern = String.fromDatabaseValue(values[1]),
        let expression = latest.expression(of: pattern)
      else { return false }
      let whole = NSRange(location: 0, length: key.utf16.count)
      return expression.firstMatch(in: key, range: whole) != nil
    }
  }

  /// A page asks for one pattern a million times.
  private final class Latest: Sendable {
    private let compiled = Mutex<(pattern: String, expression: NSRegularExpression?)?>(nil)

    func expression(of pattern: String) -> NSRegularExpression? {
      compiled.withLock { compiled in
        if let compiled, compiled.pattern == pattern { return compiled.expression }
        let expression = try? NSRegularExpression(pattern: pattern, options: [.caseInsensitive])
        compiled = (pattern, expression)
        return expression
      }
    }
  }
}
