// Compares a value with a schema and says what is wrong first.

package import BatchModel

extension JSONSchema {
  /// References may go round in circles over the same value; then this many steps end it.
  private static let depthMax = 128

  /// What is wrong with a value, with its place as a JSON pointer; `nil` if it is valid.
  package func problem(with value: JSONValue) -> String? {
    problem(with: value, root, at: "", depth: 0)
  }

  private func problem(
    with value: JSONValue, _ node: Node, at place: String, depth: Int
  ) -> String? {
    guard depth < Self.depthMax else { return say(place, "the schema's references never end") }
    for rule in node.rules {
      if let problem = problem(with: value, rule, at: place, depth: depth + 1) { return problem }
    }
    return nil
  }

  private func problem(
    with value: JSONValue, _ rule: Rule, at place: String, depth: Int
  ) -> String? {
    func isValid(_ node: Node) -> Bool {
      problem(with: value, node, at: place, depth: depth) == nil
    }
    switch rule {
    case .always(let flag): return flag ? nil : say(place, "expected nothing here")
    case .types(let names):
      guard !names.contains(where: value.hasType) else { return nil }
      return say(place, "expected \(names.joined(separator: " or ")), found \(value.typeName)")
    case .oneOfValues(let values):
      guard !values.contains(where: value.equals) else { return nil }
      return say(place, "expected \(Phrases.oneOf(values.map(\.canonical)))")
    case .number(let bounds): return problem(with: value, bounds, at: place)
    case .length(let minimum, let maximum):
      guard let count = value.string?.unicodeScalars.count else { return nil }
      guard count < minimum || count > maximum else { return nil }
      return say(place, "expected \(Self.range(minimum, maximum)) characters, found \(count)")
    case .pattern(let pattern):
      guard let text = value.string, pattern.search(text) != .found else { return nil }
      return say(place, "expected a text that matches \(pattern.pattern)")
    case .elements(let size, let prefix, let rest, let isUnique):
      guard case .array(let elements) = value else { return nil }
      return problem(
        with: elements, size, prefix, rest, isUnique: isUnique, at: place, depth: depth)
    case .members(let rules):
      guard case .object(let members) = value else { return nil }
      return problem(with: members, rules, at: place, depth: depth)
    case .all(let nodes):
      return nodes.lazy.compactMap { problem(with: value, $0, at: place, depth: depth) }.first
    case .any(let nodes):
      return nodes.contains(where: isValid)
        ? nil : say(place, "matches none of \(nodes.count) forms")
    case .one(let nodes):
      let count = nodes.count(where: isValid)
      guard count != 1 else { return nil }
      return say(place, "matches \(count) of \(nodes.count) forms; expected exactly one")
    case .not(let node):
      return isValid(node) ? say(place, "matches what \(node.pointer) excludes") : nil
    case .conditional(let condition, let then, let otherwise):
      guard let chosen = isValid(condition) ? then : otherwise else { return nil }
      return problem(with: value, chosen, at: place, depth: depth)
    case .reference(let target):
      guard let node = definitions[target] else { return nil }
      return problem(with: value, node, at: place, depth: depth)
    }
  }

  private func problem(
    with value: JSONValue, _ bounds: NumberBounds, at place: String
  ) -> String? {
    guard let number = value.double else { return nil }
    if let minimum = bounds.minimum, number < minimum {
      return say(place, "expected at least \(JSONValue.number(minimum).canonical)")
    }
    if let maximum = bounds.maximum, number > maximum {
      return say(place, "expected at most \(JSONValue.number(maximum).canonical)")
    }
    if let minimum = bounds.exclusiveMinimum, number <= minimum {
      return say(place, "expected more than \(JSONValue.number(minimum).canonical)")
    }
    if let maximum = bounds.exclusiveMaximum, number >= maximum {
      return say(place, "expected less than \(JSONValue.number(maximum).canonical)")
    }
    if let multiple = bounds.multiple, (number / multiple).rounded() != number / multiple {
      return say(place, "expected a multiple of \(JSONValue.number(multiple).canonical)")
    }
    return nil
  }

  private func problem(
    with elements: [JSONValue], _ size: SizeBounds, _ prefix: [Node], _ rest: Node?,
    isUnique: Bool, at place: String, depth: Int
  ) -> String? {
    guard (size.minimum...size.maximum).contains(elements.count) else {
      let range = Self.range(size.minimum, size.maximum)
      return say(place, "expected \(range) elements, found \(elements.count)")
    }
    if isUnique, Set(elements.map(\.canonical)).count != elements.count {
      return say(place, "expected elements that differ from each other")
    }
    for (index, element) in elements.enumerated() {
      guard let node = index < prefix.count ? prefix[index] : rest else { continue }
      let problem = problem(with: element, node, at: "\(place)/\(index)", depth: depth)
      if let problem { return problem }
    }
    return nil
  }

  private func problem(
    with members: [String: JSONValue], _ rules: MemberRules, at place: String, depth: Int
  ) -> String? {
    for name in rules.required where members[name] == nil {
      return say(place, "\"\(name)\" is missing")
    }
    guard (rules.size.minimum...rules.size.maximum).contains(members.count) else {
      let range = Self.range(rules.size.minimum, rules.size.maximum)
      return say(place, "expected \(range) members, found \(members.count)")
    }
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      let inner = "\(place)/\(name)"
      if let names = rules.names,
        let problem = problem(with: .string(name), names, at: inner, depth: depth)
      {
        return problem
      }
      var nodes = rules.patterns.filter { $0.0.search(name) == .found }.map(\.1)
      if let node = rules.properties[name] { nodes.append(node) }
      if nodes.isEmpty, let additional = rules.additional {
        if case .always(false)? = additional.rules.first {
          return say(
            place,
            Phrases.unknown(
              "member \"\(name)\"", name: name, expected: rules.properties.keys.sorted()))
        }
        nodes = [additional]
      }
      for node in nodes {
        if let problem = problem(with: value, node, at: inner, depth: depth) { return problem }
      }
    }
    return nil
  }

  private func say(_ place: String, _ problem: String) -> String {
    "\(place.isEmpty ? "/" : place): \(problem)"
  }

  private static func range(_ minimum: Int, _ maximum: Int) -> String {
    if maximum == .max { return "at least \(minimum)" }
    return minimum == maximum ? "\(minimum)" : "\(minimum) to \(maximum)"
  }
}

extension JSONValue {
  fileprivate var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// A number without a fraction is an integer however it is written.
  fileprivate func hasType(_ name: String) -> Bool {
    switch name {
    case "number": return double != nil
    case "integer": return double.map { $0 == $0.rounded() } ?? false
    default: return typeName == name
    }
  }

  /// Equality of JSON values: 1 and 1.0 are equal.
  fileprivate func equals(_ other: JSONValue) -> Bool {
    self == other || canonical == other.canonical
  }
}
