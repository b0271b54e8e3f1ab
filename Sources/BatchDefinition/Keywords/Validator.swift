// Compares a document with the keyword table and notes every difference.

import BatchModel
import Foundation

/// Validates nodes against the table.
struct Validator {
  let log: MistakeLog

  /// The group's values; keys with a mistake are noted and missing.
  func group(_ node: YAMLNode, _ group: KeywordGroup) -> CheckedGroup? {
    guard case .mapping(let entries) = node.content else {
      let found = "expected \(group.title) as a mapping, found \(node.kindName)"
      log.note(node.position, group.secretAdvice ?? found)
      return nil
    }
    var checked = CheckedGroup(values: [:], keyPositions: [:], position: node.position)
    var mistyped: Set<String> = []
    for entry in entries {
      guard let keyword = group.keyword(entry.key) else {
        noteUnknown(entry, in: group)
        let nearest = NearestName.of(entry.key, among: group.keywords.map(\.name))
        mistyped.insert(nearest ?? entry.key)
        continue
      }
      checked.keyPositions[entry.key] = entry.keyPosition
      checked.values[entry.key] = value(entry.value, keyword.type, of: entry.key)
    }
    noteMissing(in: group, checked, except: mistyped)
    // A key that was not understood may have been the choice.
    if mistyped.isEmpty || entries.contains(where: { group.exactlyOne.contains($0.key) }) {
      noteChoice(in: group, entries, at: node.position)
    }
    noteMisplaced(in: group, entries)
    fillStandards(of: group, into: &checked)
    return checked
  }

  private func noteUnknown(_ entry: YAMLNode.Entry, in group: KeywordGroup) {
    let name = entry.key
    if let advice = group.secretAdvice {
      log.note(entry.keyPosition, advice)
    } else if group.later.contains(name) {
      log.note(
        entry.keyPosition,
        "\"\(name)\" of \(group.title) is not supported by this version; remove it")
    } else if name == "<<" {
      log.note(entry.keyPosition, "YAML merge keys (<<) are not supported; write the keys out")
    } else {
      log.note(
        entry.keyPosition,
        Phrases.unknown(
          "key \"\(name)\" of \(group.title)", name: name, expected: group.keywords.map(\.name)))
    }
  }

  /// A required key that was only mistyped is not reported a second time.
  private func noteMissing(
    in group: KeywordGroup, _ checked: CheckedGroup, except mistyped: Set<String>
  ) {
    for keyword in group.keywords where keyword.isRequired {
      guard !checked.given.contains(keyword.name), !mistyped.contains(keyword.name) else {
        continue
      }
      log.note(
        checked.position,
        "\(group.title) has no \"\(keyword.name)\"; expected \(keyword.type.expectation)")
    }
  }

  private func noteChoice(
    in group: KeywordGroup, _ entries: [YAMLNode.Entry], at position: Position
  ) {
    guard !group.exactlyOne.isEmpty else { return }
    let chosen = entries.filter { group.exactlyOne.contains($0.key) }
    let names = group.exactlyOne.joined(separator: ", ")
    if chosen.isEmpty { log.note(position, "\(group.title) needs exactly one of: \(names)") }
    for extra in chosen.dropFirst() {
      log.note(
        extra.keyPosition,
        "\(group.title) has \"\(chosen[0].key)\" already; expected exactly one of: \(names)")
    }
  }

  /// Keys that belong to another choice than the one that was made.
  private func noteMisplaced(in group: KeywordGroup, _ entries: [YAMLNode.Entry]) {
    let chosen = entries.map(\.key).filter(group.exactlyOne.contains)
    guard !chosen.isEmpty else { return }
    for entry in entries {
      guard let keyword = group.keyword(entry.key), !keyword.onlyWith.isEmpty,
        !chosen.contains(where: keyword.onlyWith.contains)
      else { continue }
      let names = keyword.onlyWith.map { "\"\($0)\"" }.joined(separator: " and ")
      log.note(entry.value.position, "\"\(entry.key)\" is only for \(names); remove it")
    }
  }

  private func fillStandards(of group: KeywordGroup, into checked: inout CheckedGroup) {
    for keyword in group.keywords where !checked.given.contains(keyword.name) {
      guard let standard = keyword.standard else { continue }
      let node = YAMLNode(
        content: .scalar(standard.text, style: .plain), position: checked.position)
      checked.values[keyword.name] = value(node, keyword.type, of: keyword.name)
    }
  }

  /// The value of a key; `nil` after a mistake.
  func value(_ node: YAMLNode, _ type: ValueType, of key: String) -> CheckedValue? {
    switch type {
    case .group(let keywords):
      return group(node, keywords).map {
        CheckedValue(content: .group($0), position: node.position)
      }
    case .either(let plain, let keywords):
      if case .mapping = node.content { return value(node, .group(keywords), of: key) }
      return value(node, plain, of: key)
    case .list(let element, let thing): return list(node, element, thing: thing, of: key)
    case .oneOrMore(let element, let thing):
      if case .sequence = node.content { return list(node, element, thing: thing, of: key) }
      return value(node, element, of: key)
    case .command:
      if case .sequence = node.content { return list(node, .template, thing: "a word", of: key) }
      return value(node, .text, of: key)
    case .map(let element, let rule, let isEmptyAllowed):
      return map(node, element, rule, isEmptyAllowed: isEmptyAllowed, of: key)
    case .listedItem: return listedItem(node, of: key)
    case .json: return freeMapping(node, of: key)
    case .name, .text, .template, .regex, .path, .integer, .duration, .size, .share, .yes, .flag,
      .money, .price, .url, .pointer, .oneOf:
      return scalar(node, type, of: key)
    }
  }

  private func list(
    _ node: YAMLNode, _ element: ValueType, thing: String, of key: String
  ) -> CheckedValue? {
    guard case .sequence(let nodes) = node.content else {
      log.note(node.position, "expected a list for \"\(key)\", found \(node.kindName)")
      return nil
    }
    guard !nodes.isEmpty else {
      log.note(node.position, "\"\(key)\" is an empty list; expected at least \(thing)")
      return nil
    }
    let checked = nodes.map { value($0, element, of: key) }
    let complete = checked.compactMap { $0 }
    // Elements with a mistake are noted; the rest is still looked at for further mistakes.
    return CheckedValue(content: .list(complete), position: node.position)
  }

  private func map(
    _ node: YAMLNode, _ element: ValueType, _ rule: NameRule, isEmptyAllowed: Bool, of key: String
  ) -> CheckedValue? {
    guard case .mapping(let entries) = node.content else {
      log.note(
        node.position, "expected names and values for \"\(key)\", found \(node.kindName)")
      return nil
    }
    if entries.isEmpty, !isEmptyAllowed {
      log.note(node.position, "\"\(key)\" is empty; expected at least one name and its value")
    }
    var checked: [(name: String, value: CheckedValue)] = []
    for entry in entries {
      if !rule.accepts(entry.key) {
        log.note(
          entry.keyPosition,
          "\"\(entry.key)\" is no valid name in \"\(key)\"; expected \(rule.expected)")
      }
      if let value = value(entry.value, element, of: entry.key) {
        checked.append((entry.key, value))
      }
    }
    return CheckedValue(content: .map(checked), position: node.position)
  }

  private func listedItem(_ node: YAMLNode, of key: String) -> CheckedValue? {
    switch node.content {
    case .scalar: return scalar(node, .text, of: key)
    case .sequence:
      log.note(node.position, "expected a text or a mapping as an item, found a list")
      return nil
    case .mapping(let entries):
      guard !entries.isEmpty else {
        log.note(node.position, "an item without fields; expected a text or a mapping")
        return nil
      }
      return CheckedValue(content: .json(node.json), position: node.position)
    }
  }
}

extension NameRule {
  /// Whether a name follows the rule.
  func accepts(_ name: String) -> Bool {
    guard name.unicodeScalars.count <= lengthMax else { return false }
    let whole = name.range(of: "^(?:\(pattern))$", options: .regularExpression)
    return whole == name.startIndex..<name.endIndex
  }
}

extension Literal {
  /// As the definition would write it.
  var text: String {
    switch self {
    case .text(let text): text
    case .integer(let number): String(number)
    case .flag(let flag): String(flag)
    }
  }
}
