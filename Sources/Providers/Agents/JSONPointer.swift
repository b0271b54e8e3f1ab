// A path into a JSON document, as a definition names the members of an agent's report.

package import BatchModel

/// A JSON pointer (RFC 6901): `/usage/output_tokens`; the empty one is the whole document.
package struct JSONPointer: Hashable, Sendable {
  package let names: [String]

  /// `nil` for a text that is neither empty nor begins with a slash.
  package init?(_ text: String) {
    guard text.isEmpty || text.hasPrefix("/") else { return nil }
    names = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
      String($0).replacing("~1", with: "/").replacing("~0", with: "~")
    }
  }

  /// What stands there in `document`; `nil` for nothing.
  package func value(in document: JSONValue) -> JSONValue? {
    var value = document
    for name in names {
      switch value {
      case .object(let members):
        guard let member = members[name] else { return nil }
        value = member
      case .array(let elements):
        guard let index = Int(name), elements.indices.contains(index) else { return nil }
        value = elements[index]
      default: return nil
      }
    }
    return value
  }
}
