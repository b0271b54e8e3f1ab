// The keyword table as a JSON Schema, for editors (yaml-language-server) and whoever else asks.

import BatchModel
import Providers

/// The definition's schema, draft 2020-12, made from the same table that validates.
package enum DefinitionSchema {
  /// The schema's text, indented, the same in every run.
  package static func jsonSchema() -> String {
    var definitions: [String: JSONValue] = [:]
    guard case .object(var root) = group(Keywords.batch, &definitions) else { return "" }
    root["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
    root["title"] = .string("A Footplate definition (footplate.yaml)")
    root["$defs"] = .object(definitions)
    return JSONValue.object(root).indented + "\n"
  }

  private static func group(
    _ group: KeywordGroup, _ definitions: inout [String: JSONValue]
  ) -> JSONValue {
    var properties: [String: JSONValue] = [:]
    for keyword in group.keywords {
      guard case .object(var schema) = type(keyword.type, &definitions) else { continue }
      schema["description"] = .string(keyword.meaning)
      schema["default"] = keyword.standard.map { standard in
        switch standard {
        case .text(let text): .string(text)
        case .integer(let number): .integer(Int64(number))
        case .flag(let flag): .bool(flag)
        }
      }
      properties[keyword.name] = .object(schema)
    }
    var schema: [String: JSONValue] = [
      "type": .string("object"), "additionalProperties": .bool(false),
      "properties": .object(properties),
    ]
    let required = group.keywords.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { schema["required"] = .array(required) }
    if !group.exactlyOne.isEmpty {
      schema["oneOf"] = .array(
        group.exactlyOne.map { .object(["required": .array([.string($0)])]) })
    }
    let exclusions = group.exactlyOne.compactMap { exclusion(of: $0, in: group) }
    if !exclusions.isEmpty { schema["allOf"] = .array(exclusions) }
    return .object(schema)
  }

  /// With this choice the keys of the other ones are refused.
  private static func exclusion(of choice: String, in group: KeywordGroup) -> JSONValue? {
    let others = group.keywords.filter { !$0.onlyWith.isEmpty && !$0.onlyWith.contains(choice) }
    guard !others.isEmpty else { return nil }
    let refused = others.map { ($0.name, JSONValue.bool(false)) }
    return .object([
      "if": .object(["required": .array([.string(choice)])]),
      "then": .object(["properties": .object(Dictionary(uniqueKeysWithValues: refused))]),
    ])
  }

  private static func type(
    _ type: ValueType, _ definitions: inout [String: JSONValue]
  ) -> JSONValue {
    switch type {
    case .name(let rule): return name(rule)
    case .text, .path, .regex, .template: return plainText
    case .command:
      return .object([
        "anyOf": .array([
          plainText,
          .object(["type": .string("array"), "minItems": .integer(1), "items": plainText]),
        ])
      ])
    case .integer(let range):
      return .object([
        "type": .string("integer"), "minimum": .integer(Int64(range.lowerBound)),
        "maximum": .integer(Int64(range.upperBound)),
      ])
    case .duration(_, let orOff): return pattern(durationPattern(orOff))
    case .size: return pattern("^[0-9]+(kB|KB|MB|GB|TB|KiB|MiB|GiB)$")
    case .share(let isZeroAllowed): return share(isZeroAllowed)
    case .money(let isZeroAllowed): return decimal(isZeroAllowed, to: Int64(AmountText.dollarsMax))
    case .price: return decimal(true, to: TokenPrice.dollarsMax)
    case .flag: return .object(["type": .string("boolean")])
    case .url: return pattern("^https?://[^@?#\\s]+$")
    case .pointer: return pattern("^/")
    case .json: return .object(["type": .string("object")])
    case .yes: return .object(["const": .bool(true)])
    case .oneOf(let names): return .object(["enum": .array(names.flatMap(choice))])
    case .list(let element, _): return list(element, &definitions)
    case .oneOrMore(let element, _):
      let one = self.type(element, &definitions)
      return .object(["anyOf": .array([one, list(element, &definitions)])])
    case .map(let element, let rule, let isEmptyAllowed):
      return .object([
        "type": .string("object"), "propertyNames": name(rule),
        "minProperties": .integer(isEmptyAllowed ? 0 : 1),
        "additionalProperties": self.type(element, &definitions),
      ])
    case .group(let keywords): return reference(to: keywords, &definitions)
    case .either(let plain, let keywords):
      let one = self.type(plain, &definitions)
      return .object(["anyOf": .array([one, reference(to: keywords, &definitions)])])
    case .listedItem:
      return .object([
        "anyOf": .array([
          plainText, .object(["type": .string("object"), "minProperties": .integer(1)]),
        ])
      ])
    }
  }

  /// A number or a truth value that is written plainly is taken as its text.
  private static let plainText = JSONValue.object([
    "type": .array([.string("string"), .string("number"), .string("boolean")])
  ])

  private static func name(_ rule: NameRule) -> JSONValue {
    .object([
      "type": plainText["type"] ?? .null, "pattern": .string("^(?:\(rule.pattern))$"),
      "maxLength": .integer(Int64(rule.lengthMax)),
    ])
  }

  private static func list(
    _ element: ValueType, _ definitions: inout [String: JSONValue]
  ) -> JSONValue {
    .object([
      "type": .string("array"), "minItems": .integer(1),
      "items": type(element, &definitions),
    ])
  }

  /// A word that YAML reads as no text is offered as both.
  private static func choice(_ name: String) -> [JSONValue] {
    name == "null" ? [.string(name), .null] : [.string(name)]
  }

  private static func durationPattern(_ orOff: Bool) -> String {
    let duration = "(?=\\d)(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?"
    return orOff ? "^(off|\(duration))$" : "^\(duration)$"
  }

  private static func share(_ isZeroAllowed: Bool) -> JSONValue {
    let text = "(\\d{1,2}(\\.\\d+)?|100(\\.0+)?)%$"
    return .object([
      "anyOf": .array([
        .object([
          "type": .string("number"), isZeroAllowed ? "minimum" : "exclusiveMinimum": .integer(0),
          "maximum": .integer(1),
        ]),
        pattern((isZeroAllowed ? "^" : "^(?=.*[1-9])") + text),
      ])
    ])
  }

  /// An amount may be written plainly or in quotes.
  private static func decimal(_ isZeroAllowed: Bool, to most: Int64) -> JSONValue {
    .object([
      "anyOf": .array([
        .object([
          "type": .string("number"), isZeroAllowed ? "minimum" : "exclusiveMinimum": .integer(0),
          "maximum": .integer(most),
        ]),
        pattern((isZeroAllowed ? "^" : "^(?=.*[1-9])") + "\\d+(\\.\\d+)?$"),
      ])
    ])
  }

  private static func pattern(_ pattern: String) -> JSONValue {
    .object(["type": .string("string"), "pattern": .string(pattern)])
  }

  private static func reference(
    to keywords: KeywordGroup, _ definitions: inout [String: JSONValue]
  ) -> JSONValue {
    if definitions[keywords.slug] == nil {
      definitions[keywords.slug] = group(keywords, &definitions)
    }
    return .object(["$ref": .string("#/$defs/\(keywords.slug)")])
  }
}

extension JSONValue {
  /// The value over several lines, members sorted.
  var indented: String { indented(by: 0) }

  private func indented(by depth: Int) -> String {
    let inner = String(repeating: "  ", count: depth + 1)
    let outer = String(repeating: "  ", count: depth)
    switch self {
    case .object(let members) where !members.isEmpty:
      let lines = members.sorted { $0.key < $1.key }.map { name, value in
        inner + JSONValue.string(name).canonical + ": " + value.indented(by: depth + 1)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    case .array(let elements) where !elements.isEmpty:
      let lines = elements.map { inner + $0.indented(by: depth + 1) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
    case .null, .bool, .integer, .number, .string, .object, .array: return canonical
    }
  }
}
