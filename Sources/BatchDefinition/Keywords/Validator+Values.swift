// Values that are kept as text because a number or an address must not change on its way: money,
// prices, addresses, pointers; and mappings of any shape, as JSON.

import BatchModel
import Foundation
import Providers

extension Validator {
  func amount(
    _ text: String, _ type: ValueType, _ node: YAMLNode, of key: String
  ) -> CheckedValue? {
    if case .money(let isZeroAllowed) = type {
      guard let money = AmountText.money(text), isZeroAllowed || money > .zero else {
        return refuse(node, type, of: key)
      }
      return checked(.money(money), node)
    }
    guard TokenPrice(dollarsPerMillion: text) != nil else { return refuse(node, type, of: key) }
    return checked(.text(text, isBlock: false), node)
  }

  func address(
    _ text: String, _ type: ValueType, _ node: YAMLNode, of key: String
  ) -> CheckedValue? {
    let isValid =
      if case .url = type { AddressText.isPlain(text) } else {
        text.hasPrefix("/") && JSONPointer(text) != nil && !text.contains(where: \.isNewline)
      }
    guard isValid else { return refuse(node, type, of: key) }
    return checked(.text(text, isBlock: false), node)
  }

  /// A mapping that is handed on as JSON.
  func freeMapping(_ node: YAMLNode, of key: String) -> CheckedValue? {
    guard case .mapping(let entries) = node.content else { return refuse(node, .json, of: key) }
    var members: [String: JSONValue] = [:]
    var places: [String: Position] = [:]
    for entry in entries {
      noteNoJSON(entry.value, of: entry.key)
      members[entry.key] = entry.value.json
      places[entry.key] = entry.keyPosition
    }
    return CheckedValue(content: .members(members, places: places), position: node.position)
  }

  /// Notes numbers of YAML that would silently become texts of JSON: `.5`, `.nan`, `1e999`.
  private func noteNoJSON(_ node: YAMLNode, of key: String) {
    switch node.content {
    case .sequence(let elements): for element in elements { noteNoJSON(element, of: key) }
    case .mapping(let entries): for entry in entries { noteNoJSON(entry.value, of: entry.key) }
    case .scalar(let text, let style):
      guard style == .plain, case .string = node.json, Self.isNumberLike(text) else { return }
      log.note(
        node.position,
        "\(node.kindName) of \"\(key)\" is no number of JSON; expected one such as 0.5, or quotes "
          + "around a text")
    }
  }

  /// YAML 1.2, section 10.3.2, has these as numbers.
  private static func isNumberLike(_ text: String) -> Bool {
    text.range(
      of:
        #"^[-+]?(\.?[0-9][0-9_]*(\.[0-9]*)?([eE][-+]?[0-9]+)?|\.(inf|Inf|INF|nan|NaN|NAN)|0[xo][0-9a-fA-F]+)$"#,
      options: .regularExpression) != nil
  }
}

/// Judges a provider's address.
enum AddressText {
  /// What a path below the address can be appended to, and what carries no secret.
  static func isPlain(_ text: String) -> Bool {
    let isVisible = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard isVisible, !text.contains("@"), !text.contains("\\"),
      let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      let host = parts.host
    else { return false }
    let port = parts.port ?? 1
    return ["http", "https"].contains(scheme) && !host.isEmpty && (1...65_535).contains(port)
      && parts.query == nil && parts.fragment == nil && parts.user == nil
  }
}
