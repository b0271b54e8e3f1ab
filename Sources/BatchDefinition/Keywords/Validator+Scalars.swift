// Single values: what a scalar must look like to be of its type, and what to say when it is not.

import BatchModel
import Foundation
import Providers

extension Validator {
  /// A value that is written as one scalar.
  func scalar(_ node: YAMLNode, _ type: ValueType, of key: String) -> CheckedValue? {
    guard case .scalar(let text, let style) = node.content else {
      return refuse(node, type, of: key)
    }
    // Plain `null` is a word where the table lists it, and nothing everywhere else.
    if node.isNull {
      guard case .oneOf(let names) = type, names.contains(text) else {
        return refuse(node, type, of: key)
      }
      return checked(.text(text, isBlock: false), node)
    }
    switch type {
    case .integer(let range):
      guard style == .plain, let number = Int(text), range.contains(number) else {
        return refuse(node, type, of: key)
      }
      return checked(.integer(number), node)
    case .duration(let isZeroAllowed, let orOff):
      if orOff, text == "off" { return checked(.duration(nil), node) }
      guard let duration = DurationText.duration(text), isZeroAllowed || duration > .zero else {
        return refuse(node, type, of: key)
      }
      return checked(.duration(duration), node)
    case .size:
      guard let bytes = SizeText.bytes(text) else { return refuse(node, type, of: key) }
      return checked(.integer(bytes), node)
    case .share(let isZeroAllowed):
      guard let share = DurationText.share(text), isZeroAllowed || share > 0 else {
        return refuse(node, type, of: key)
      }
      return checked(.share(share), node)
    case .yes:
      guard style == .plain, text == "true" else { return refuse(node, type, of: key) }
      return checked(.yes, node)
    case .flag:
      guard style == .plain, text == "true" || text == "false" else {
        return refuse(node, type, of: key)
      }
      return checked(.flag(text == "true"), node)
    case .money, .price: return amount(text, type, node, of: key)
    case .url, .pointer: return address(text, type, node, of: key)
    case .oneOf(let names): return choice(text, among: names, node, of: key)
    case .name(let rule):
      guard rule.accepts(text) else { return refuse(node, type, of: key) }
      return checked(.text(text, isBlock: false), node)
    case .regex: return regex(text, node)
    case .text, .path:
      guard !text.trimmingWhitespace.isEmpty, !text.utf8.contains(0) else {
        return refuse(node, type, of: key)
      }
      return checked(.text(text, isBlock: style == .block), node)
    case .template: return checked(.text(text, isBlock: style == .block), node)
    case .command, .list, .oneOrMore, .map, .group, .either, .listedItem, .json:
      preconditionFailure("\(type) is no scalar type")
    }
  }

  private func choice(
    _ text: String, among names: [String], _ node: YAMLNode, of key: String
  ) -> CheckedValue? {
    guard names.contains(text) else {
      log.note(
        node.position,
        Phrases.unknown("value \"\(text)\" of \"\(key)\"", name: text, expected: names))
      return nil
    }
    return checked(.text(text, isBlock: false), node)
  }

  private func regex(_ text: String, _ node: YAMLNode) -> CheckedValue? {
    do {
      _ = try NSRegularExpression(pattern: text)
      return checked(.text(text, isBlock: false), node)
    } catch {
      log.note(
        node.position,
        "the pattern \"\(text)\" does not compile; expected an ICU regular expression")
      return nil
    }
  }

  func checked(_ content: CheckedValue.Content, _ node: YAMLNode) -> CheckedValue {
    CheckedValue(content: content, position: node.position)
  }

  func refuse(_ node: YAMLNode, _ type: ValueType, of key: String) -> CheckedValue? {
    let found = type.hidesValue ? "" : ", found \(node.kindName)"
    log.note(node.position, "expected \(type.expectation) for \"\(key)\"\(found)")
    return nil
  }
}

extension ValueType {
  /// What a message says was expected.
  var expectation: String {
    switch self {
    case .name(let rule): rule.expected
    case .text: "a text"
    case .template: "a text with {{variables}}"
    case .command: "a command: a list of words, or a text for the shell"
    case .regex: "a regular expression"
    case .path: "a path"
    case .integer(let range) where range.count == 1: "\(range.lowerBound)"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .duration(_, let orOff):
      "a duration such as 250ms, 10s, 3m or 1h30m" + (orOff ? ", or off" : "")
    case .size: "a size such as 50MB or 512KiB, from 1MB to 1TB"
    case .share(let isZeroAllowed):
      "a share such as 20% or 0.2" + (isZeroAllowed ? "" : ", above 0")
    case .yes: "true"
    case .flag: "true or false"
    case .money(let isZeroAllowed):
      "an amount in USD such as 40 or 0.50, "
        + (isZeroAllowed ? "from 0 to " : "above 0, at most ") + "\(AmountText.dollarsMax)"
    case .price:
      "a price in USD for a million tokens such as 3.00, from 0 to \(TokenPrice.dollarsMax)"
    case .url:
      "an http or https address without user, password, query and fragment, such as "
        + "http://localhost:8000/v1"
    case .pointer: "a JSON pointer such as /result"
    case .json: "names and values"
    case .oneOf(let names): Phrases.oneOf(names)
    case .list(_, let thing): "a list with at least \(thing)"
    case .oneOrMore(let element, _): "\(element.expectation), or a list of them"
    case .map: "names and values"
    case .group(let group):
      group.exactlyOne.isEmpty
        ? "a mapping" : "a mapping with exactly one of: \(group.exactlyOne.joined(separator: ", "))"
    case .either(let plain, let group): "\(plain.expectation), or \(group.title) as a mapping"
    case .listedItem: "a text or a mapping"
    }
  }
}

extension ValueType {
  /// Whether no message repeats a mistaken value, since it may be a secret.
  var hidesValue: Bool {
    switch self {
    case .url: true
    case .name(let rule): rule.hidesValue
    default: false
    }
  }
}

extension YAMLNode {
  /// The node as JSON by YAML's core schema: quoted scalars are texts, plain ones what they look like.
  var json: JSONValue {
    switch content {
    case .sequence(let elements): return .array(elements.map(\.json))
    case .mapping(let entries):
      return .object(
        Dictionary(entries.map { ($0.key, $0.value.json) }, uniquingKeysWith: { first, _ in first })
      )
    case .scalar(let text, let style):
      guard style == .plain else { return .string(text) }
      if isNull { return .null }
      if text == "true" { return .bool(true) }
      if text == "false" { return .bool(false) }
      // A text that is no JSON number is a string.
      guard let first = text.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first),
        let number = try? JSONReader.value(of: text)
      else { return .string(text) }
      return number
    }
  }
}
