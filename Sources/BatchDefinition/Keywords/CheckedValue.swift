// What validation leaves: values of the right type, at their places, with defaults filled in.

import BatchModel

/// A value that the keyword table accepts.
struct CheckedValue {
  indirect enum Content {
    /// `isBlock` for a text written as a YAML block.
    case text(String, isBlock: Bool)
    case integer(Int)
    /// `nil` for `off`.
    case duration(Duration?)
    case share(Double)
    case yes
    case list([CheckedValue])
    /// Free names, in the order of the text.
    case map([(name: String, value: CheckedValue)])
    case group(CheckedGroup)
    case json(JSONValue)
  }
  var content: Content
  var position: Position

  var text: String? {
    guard case .text(let text, _) = content else { return nil }
    return text
  }
  var integer: Int? {
    guard case .integer(let number) = content else { return nil }
    return number
  }
  var share: Double? {
    guard case .share(let share) = content else { return nil }
    return share
  }
  var group: CheckedGroup? {
    guard case .group(let group) = content else { return nil }
    return group
  }
  var map: [(name: String, value: CheckedValue)] {
    guard case .map(let entries) = content else { return [] }
    return entries
  }
  /// The elements of a list; one value is a list of one.
  var elements: [CheckedValue] {
    guard case .list(let elements) = content else { return [self] }
    return elements
  }
}

/// A mapping that the keyword table accepts.
///
/// Mistaken values are missing.
struct CheckedGroup {
  var values: [String: CheckedValue]
  /// Names that were written, also with a mistaken value.
  var given: Set<String>
  var position: Position

  subscript(name: String) -> CheckedValue? { values[name] }
}
