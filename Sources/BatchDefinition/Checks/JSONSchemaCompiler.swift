// From a schema document to rules; what cannot be checked is refused when the definition is loaded.

import BatchModel

/// Compiles schema documents.
struct JSONSchemaCompiler {
  typealias Node = JSONSchema.Node
  typealias Rule = JSONSchema.Rule
  typealias Mistake = JSONSchema.Mistake

  private(set) var definitions: [String: Node] = [:]
  private var references: [(target: String, pointer: String)] = []

  /// Keywords that say nothing about validity.
  private static let annotations: Set<String> = [
    "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default",
    "examples", "deprecated", "readOnly", "writeOnly", "format",
  ]
  private static let types = [
    "null", "boolean", "integer", "number", "string", "array", "object",
  ]
  private static let combined = [
    "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "pattern", "items", "prefixItems", "minItems",
    "maxItems", "uniqueItems", "properties", "patternProperties", "additionalProperties",
    "required", "propertyNames", "minProperties", "maxProperties", "anyOf", "allOf", "oneOf",
    "not", "if", "then", "else", "$ref",
  ]

  mutating func node(_ value: JSONValue, at pointer: String) throws(Mistake) -> Node {
    if case .bool(let flag) = value { return Node(rules: [.always(flag)], pointer: pointer) }
    guard case .object(let members) = value else {
      throw Mistake(message: "\(pointer): expected a schema: an object, true or false")
    }
    for name in members.keys.sorted() {
      guard Self.annotations.contains(name) || Self.combined.contains(name) else {
        throw Mistake(
          message: "\(pointer): "
            + Phrases.unknown("keyword \"\(name)\"", name: name, expected: Self.combined))
      }
    }
    for group in ["$defs", "definitions"] {
      for (name, schema) in try schemas(members, group, at: pointer) {
        definitions["\(pointer)/\(group)/\(name)"] = schema
      }
    }
    var rules: [Rule] = []
    try appendValueRules(members, pointer, &rules)
    try appendStringRules(members, pointer, &rules)
    try appendElementRules(members, pointer, &rules)
    try appendMemberRules(members, pointer, &rules)
    try appendCombinations(members, pointer, &rules)
    let node = Node(rules: rules, pointer: pointer)
    if pointer == "#" { definitions["#"] = node }
    return node
  }

  /// Every `$ref` names a definition of this document.
  func requireReferences(root: Node) throws(Mistake) {
    for reference in references where definitions[reference.target] == nil {
      let expected = definitions.keys.sorted()
      throw Mistake(
        message: "\(reference.pointer): "
          + Phrases.unknown(
            "reference \"\(reference.target)\"", name: reference.target, expected: expected))
    }
  }

  private func appendValueRules(
    _ members: [String: JSONValue], _ pointer: String, _ rules: inout [Rule]
  ) throws(Mistake) {
    if let value = members["type"] {
      var names = [value]
      if case .array(let several) = value { names = several }
      let types = names.compactMap(\.string)
      guard !types.isEmpty, types.count == names.count, types.allSatisfy(Self.types.contains) else {
        throw Mistake(message: "\(pointer)/type: expected \(Phrases.oneOf(Self.types))")
      }
      rules.append(.types(types))
    }
    if let value = members["enum"] {
      guard case .array(let values) = value, !values.isEmpty else {
        throw Mistake(message: "\(pointer)/enum: expected a list with at least one value")
      }
      rules.append(.oneOfValues(values))
    }
    if let value = members["const"] { rules.append(.oneOfValues([value])) }
    var bounds = JSONSchema.NumberBounds()
    bounds.minimum = try number(members, "minimum", pointer)
    bounds.maximum = try number(members, "maximum", pointer)
    bounds.exclusiveMinimum = try number(members, "exclusiveMinimum", pointer)
    bounds.exclusiveMaximum = try number(members, "exclusiveMaximum", pointer)
    bounds.multiple = try number(members, "multipleOf", pointer)
    if let multiple = bounds.multiple, multiple <= 0 {
      throw Mistake(message: "\(pointer)/multipleOf: expected a number above 0")
    }
    rules.append(.number(bounds))
  }

  private func appendStringRules(
    _ members: [String: JSONValue], _ pointer: String, _ rules: inout [Rule]
  ) throws(Mistake) {
    let minimum = try count(members, "minLength", pointer)
    let maximum = try count(members, "maxLength", pointer)
    if minimum != nil || maximum != nil { rules.append(.length(minimum ?? 0, maximum ?? .max)) }
    if let value = members["pattern"] {
      rules.append(.pattern(try search(value.string, "\(pointer)/pattern")))
    }
  }

  private mutating func appendElementRules(
    _ members: [String: JSONValue], _ pointer: String, _ rules: inout [Rule]
  ) throws(Mistake) {
    let names = ["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]
    guard names.contains(where: { members[$0] != nil }) else { return }
    let prefix = try list(members, "prefixItems", at: pointer)
    var rest: Node?
    if let value = members["items"] { rest = try node(value, at: "\(pointer)/items") }
    let size = JSONSchema.SizeBounds(
      minimum: try count(members, "minItems", pointer) ?? 0,
      maximum: try count(members, "maxItems", pointer) ?? .max)
    rules.append(
      .elements(size, prefix: prefix, rest: rest, isUnique: members["uniqueItems"] == .bool(true)))
  }

  private mutating func appendMemberRules(
    _ members: [String: JSONValue], _ pointer: String, _ rules: inout [Rule]
  ) throws(Mistake) {
    var rule = JSONSchema.MemberRules()
    rule.properties = Dictionary(
      uniqueKeysWithValues: try schemas(members, "properties", at: pointer))
    for (pattern, schema) in try schemas(members, "patternProperties", at: pointer) {
      rule.patterns.append((try search(pattern, "\(pointer)/patternProperties"), schema))
    }
    if let value = members["additionalProperties"] {
      rule.additional = try node(value, at: "\(pointer)/additionalProperties")
    }
    if let value = members["propertyNames"] {
      rule.names = try node(value, at: "\(pointer)/propertyNames")
    }
    if let value = members["required"] {
      guard case .array(let names) = value, names.allSatisfy({ $0.string != nil }) else {
        throw Mistake(message: "\(pointer)/required: expected a list of names")
      }
      rule.required = names.compactMap(\.string)
    }
    rule.size.minimum = try count(members, "minProperties", pointer) ?? 0
    rule.size.maximum = try count(members, "maxProperties", pointer) ?? .max
    rules.append(.members(rule))
  }

  private mutating func appendCombinations(
    _ members: [String: JSONValue], _ pointer: String, _ rules: inout [Rule]
  ) throws(Mistake) {
    if members["anyOf"] != nil { rules.append(.any(try list(members, "anyOf", at: pointer))) }
    if members["allOf"] != nil { rules.append(.all(try list(members, "allOf", at: pointer))) }
    if members["oneOf"] != nil { rules.append(.one(try list(members, "oneOf", at: pointer))) }
    if let value = members["not"] { rules.append(.not(try node(value, at: "\(pointer)/not"))) }
    if let value = members["if"] {
      var then: Node?
      var otherwise: Node?
      if let value = members["then"] { then = try node(value, at: "\(pointer)/then") }
      if let value = members["else"] { otherwise = try node(value, at: "\(pointer)/else") }
      let condition = try node(value, at: "\(pointer)/if")
      rules.append(.conditional(condition, then: then, otherwise: otherwise))
    }
    guard let value = members["$ref"] else { return }
    guard let target = value.string, target.hasPrefix("#") else {
      throw Mistake(
        message: "\(pointer)/$ref: expected a reference within this file, such as #/$defs/name")
    }
    references.append((target, "\(pointer)/$ref"))
    rules.append(.reference(target))
  }

  private mutating func list(
    _ members: [String: JSONValue], _ name: String, at pointer: String
  ) throws(Mistake) -> [Node] {
    guard let value = members[name] else { return [] }
    guard case .array(let schemas) = value, !schemas.isEmpty else {
      throw Mistake(message: "\(pointer)/\(name): expected a list with at least one schema")
    }
    var nodes: [Node] = []
    for (index, schema) in schemas.enumerated() {
      nodes.append(try node(schema, at: "\(pointer)/\(name)/\(index)"))
    }
    return nodes
  }

  private mutating func schemas(
    _ members: [String: JSONValue], _ name: String, at pointer: String
  ) throws(Mistake) -> [(String, Node)] {
    guard let value = members[name] else { return [] }
    guard case .object(let schemas) = value else {
      throw Mistake(message: "\(pointer)/\(name): expected names and schemas")
    }
    var nodes: [(String, Node)] = []
    for (key, schema) in schemas.sorted(by: { $0.key < $1.key }) {
      nodes.append((key, try node(schema, at: "\(pointer)/\(name)/\(key)")))
    }
    return nodes
  }

  private func number(
    _ members: [String: JSONValue], _ name: String, _ pointer: String
  ) throws(Mistake) -> Double? {
    guard let value = members[name] else { return nil }
    guard let number = value.double else {
      throw Mistake(message: "\(pointer)/\(name): expected a number")
    }
    return number
  }

  private func count(
    _ members: [String: JSONValue], _ name: String, _ pointer: String
  ) throws(Mistake) -> Int? {
    guard let value = members[name] else { return nil }
    guard case .integer(let number) = value, number >= 0 else {
      throw Mistake(message: "\(pointer)/\(name): expected a whole number, at least 0")
    }
    return Int(number)
  }

  private func search(_ pattern: String?, _ pointer: String) throws(Mistake) -> PatternSearch {
    guard let pattern, let search = PatternSearch(pattern) else {
      throw Mistake(message: "\(pointer): the pattern does not compile")
    }
    return search
  }
}

extension JSONValue {
  /// A number's value.
  var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .null, .bool, .string, .array, .object: nil
    }
  }
}
