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
    case flag(Bool)
    case money(Money)
    case list([CheckedValue])
    /// Free names, in the order of the text.
    case map([(name: String, value: CheckedValue)])
    case group(CheckedGroup)
    case json(JSONValue)
    /// A mapping with values of any shape, and where its names stand.
    case members([String: JSONValue], places: [String: Position])
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
  var flag: Bool? {
    guard case .flag(let flag) = content else { return nil }
    return flag
  }
  var money: Money? {
    guard case .money(let money) = content else { return nil }
    return money
  }
  /// `nil` for `off`, and for anything that is no duration.
  var duration: Duration? {
    guard case .duration(let duration) = content else { return nil }
    return duration
  }
  /// The members of a mapping of any shape.
  var members: [String: JSONValue] {
    guard case .members(let members, _) = content else { return [:] }
    return members
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
  /// Where each name stands that was written, also with a mistaken value.
  var keyPositions: [String: Position]
  var position: Position

  /// Names that were written, also with a mistaken value.
  var given: Set<String> { Set(keyPositions.keys) }

  subscript(name: String) -> CheckedValue? { values[name] }
}
