// What later templates may ask of a step: known before anything runs, so that a field that its answer
// cannot have is a mistake of the definition.

import BatchModel

/// A step as the templates after it see it.
struct StepSummary {
  var id: String
  /// Whether it has an output.
  var publishes: Bool
  var answer: AnswerShape
}

/// What is known about a step's answer.
enum AnswerShape: Hashable {
  /// A process prints what it likes.
  case unknown
  /// A model's text, of which nothing says that it is JSON.
  case text
  /// JSON that is valid against this schema.
  case schema(JSONValue)

  /// What is known about a step of the model.
  init(of step: Step) {
    guard case .llm(let model) = step.kind else {
      self = .unknown
      return
    }
    if let schema = model.schema {
      self = .schema(schema.document)
    } else {
      let isJSON = step.checks.contains(where: \.requiresJSON) || step.output?.isJSONFile == true
      self = isJSON ? .unknown : .text
    }
  }

  /// What is wrong with `{{id.json.…}}`; `nil` if it may be used.
  func problem(with path: [String]) -> String? {
    switch self {
    case .unknown: nil
    case .text:
      "{{\(path.dotted)}}: the step \"\(path[0])\" answers in text; expected a \"schema\" in its "
        + "llm, or {{\(path[0]).text}}"
    case .schema(let schema): Self.problem(with: path, in: schema)
    }
  }

  /// Follows a path through `properties`, as long as a schema lists all of them.
  private static func problem(with path: [String], in schema: JSONValue) -> String? {
    var schema = schema
    for (index, name) in path.enumerated().dropFirst(2) {
      guard case .object(let properties)? = schema["properties"],
        schema["additionalProperties"] == .bool(false), schema["patternProperties"] == nil
      else { return nil }
      // A property whose own name has dots.
      if properties[path[index...].joined(separator: ".")] != nil { return nil }
      guard let inner = properties[name] else {
        let parents = path[..<index].joined(separator: ".")
        return Phrases.unknown(
          "variable {{\(path.dotted)}}", name: path[...index].joined(separator: "."),
          expected: properties.keys.sorted().map { "\(parents).\($0)" })
      }
      schema = inner
    }
    return nil
  }
}

extension Check {
  /// Whether a candidate that passes it is JSON.
  fileprivate var requiresJSON: Bool {
    switch rule {
    case .jsonValid, .jsonSchema: true
    case .nonempty, .changed, .run, .regex: false
    }
  }
}

extension Template {
  fileprivate var isJSONFile: Bool { source.hasSuffix(".json") }
}
