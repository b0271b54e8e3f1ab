// What a template may say about one item: its payload, its identity, and what earlier steps left.

package import BatchModel
import Synchronization

/// The values of one rendering.
///
/// A name is looked for in this order: the fixed names (`key`, `ordinal`, …, in `fixed`), the
/// earlier steps, the payload's fields, and, if the payload has a `path`, the names derived from it
/// (`name`, `stem`, `dir`, `ext`, and `text`, the file's content, read only when it is asked for).
package struct TemplateValues: Sendable {
  /// What an earlier step left behind.
  package struct StepResult: Hashable, Sendable {
    /// The path of its sealed candidate, from which `text` and `json` are read.
    package var candidate: String?
    /// The path that it published.
    package var artifact: String?
    /// Its answer, where that is known without its file.
    package var text: String?
    package init(candidate: String?, artifact: String?, text: String? = nil) {
      self.candidate = candidate
      self.artifact = artifact
      self.text = text
    }
  }

  /// The item's own fields: an object.
  package var payload: JSONValue
  /// `key`, `ordinal`, `occurrence`, `candidate`, `feedback`; they hide fields of the same name.
  package var fixed: [String: JSONValue]
  package var steps: [String: StepResult]
  /// Reads a file of the workspace as text; it throws with a reason for a person.
  package var readText: @Sendable (String) throws -> String
  private let answers = ParsedAnswers()

  /// - Parameter readText: Called for `text` and `json` only.
  package init(
    payload: JSONValue, fixed: [String: JSONValue] = [:], steps: [String: StepResult] = [:],
    readText: @escaping @Sendable (String) throws -> String
  ) {
    self.payload = payload
    self.fixed = fixed
    self.steps = steps
    self.readText = readText
  }

  /// The values of an item as the engine holds it.
  package init(
    item: ClaimedItem, steps: [String: StepResult] = [:], feedback: String? = nil,
    readText: @escaping @Sendable (String) throws -> String
  ) {
    self.init(
      payload: item.payload,
      fixed: [
        "key": .string(item.key), "ordinal": .integer(item.ordinal),
        "occurrence": .integer(Int64(item.occurrence)),
        "feedback": feedback.map(JSONValue.string) ?? .null,
      ], steps: steps, readText: readText)
  }

  /// The value of a dotted name; `nil` if the item has none.
  ///
  /// - Throws: `TemplateError.unreadable`.
  func value(at path: [String]) throws(TemplateError) -> JSONValue? {
    guard let first = path.first else { return payload }
    if let value = fixed[first] { return value.member(at: path.dropFirst()) }
    if let step = steps[first] { return try value(of: step, at: path) }
    if let value = payload.member(at: path[...]) { return value }
    guard path.count == 1, let file = payload["path"]?.string else { return nil }
    if first == "text" { return .string(try text(of: file, for: path)) }
    return PathParts(file)[first].map(JSONValue.string)
  }

  /// Every name that has a value, sorted; for messages.
  var names: [String] {
    var names = Set(fixed.keys)
    for step in steps.keys { names.formUnion(Self.stepNames.map { "\(step).\($0)" }) }
    if case .object(let members) = payload { names.formUnion(members.keys) }
    if payload["path"]?.string != nil { names.formUnion(PathParts.names + ["text"]) }
    return names.sorted()
  }

  /// What each earlier step offers.
  static let stepNames = ["candidate", "artifact", "text", "json"]

  private func value(
    of step: StepResult, at path: [String]
  ) throws(TemplateError) -> JSONValue? {
    guard path.count >= 2 else { return nil }
    switch path[1] {
    case "candidate" where path.count == 2: return step.candidate.map(JSONValue.string)
    case "artifact" where path.count == 2: return step.artifact.map(JSONValue.string)
    case "text" where path.count == 2: return try text(of: step, for: path).map(JSONValue.string)
    case "json": return try json(of: step, for: path)?.member(at: path.dropFirst(2))
    default: return nil
    }
  }

  private func text(of step: StepResult, for path: [String]) throws(TemplateError) -> String? {
    if let text = step.text { return text }
    guard let file = step.candidate else { return nil }
    return try text(of: file, for: path)
  }

  /// A step's answer as JSON, parsed once however many of its fields are asked for.
  private func json(of step: StepResult, for path: [String]) throws(TemplateError) -> JSONValue? {
    if let known = answers[step] { return known }
    guard let text = try text(of: step, for: path) else { return nil }
    do throws(JSONReader.Mistake) {
      let value = try JSONReader.value(of: text)
      answers[step] = value
      return value
    } catch {
      throw .unreadable(
        variable: path.dotted, path: step.candidate ?? "the answer of \(path[0])",
        reason: error.message)
    }
  }

  private func text(of file: String, for path: [String]) throws(TemplateError) -> String {
    do {
      return try readText(file)
    } catch {
      throw .unreadable(variable: path.dotted, path: file, reason: "\(error)")
    }
  }
}

/// The answers of steps that one item's templates asked for as JSON.
///
/// Copies of the values share them, so an answer is known by what it is, not by its step's name.
private final class ParsedAnswers: Sendable {
  private let values = Mutex<[TemplateValues.StepResult: JSONValue]>([:])

  subscript(step: TemplateValues.StepResult) -> JSONValue? {
    get { values.withLock { $0[step] } }
    set { values.withLock { $0[step] = newValue } }
  }
}

extension JSONValue {
  /// The member at a dotted path; an array's elements count from 0.
  ///
  /// A member whose own name has dots is found too.
  func member(at path: ArraySlice<String>) -> JSONValue? {
    guard let first = path.first else { return self }
    if case .array(let elements) = self, let index = Int(first), elements.indices.contains(index) {
      return elements[index].member(at: path.dropFirst())
    }
    guard case .object(let members) = self else { return nil }
    if let member = members[first], let value = member.member(at: path.dropFirst()) { return value }
    return path.count > 1 ? members[path.joined(separator: ".")] : nil
  }

  /// The text that a template shows: a string as it is, `null` as nothing, everything else as JSON.
  var rendered: String {
    switch self {
    case .string(let text): text
    case .null: ""
    case .bool, .integer, .number, .array, .object: canonical
    }
  }
}

/// The names derived from a path: `a/b/c.tar.gz` has the name `c.tar.gz`, the stem `c.tar`, the
/// extension `gz` and the folder `a/b`.
struct PathParts {
  static let names = ["name", "stem", "dir", "ext"]
  private let path: String

  init(_ path: String) { self.path = path }

  subscript(name: String) -> String? {
    switch name {
    case "name": String(file)
    case "stem": String(file[..<(dot ?? file.endIndex)])
    case "ext": dot.map { String(file[file.utf8.index(after: $0)...]) } ?? ""
    case "dir": folder
    default: nil
    }
  }

  private var slash: String.Index? { path.utf8.lastIndex(of: UInt8(ascii: "/")) }
  private var file: Substring {
    path[(slash.map { path.utf8.index(after: $0) } ?? path.startIndex)...]
  }
  /// The dot before the extension; a leading dot is part of a hidden file's name.
  private var dot: String.Index? {
    guard let dot = file.utf8.lastIndex(of: UInt8(ascii: ".")), dot > file.startIndex else {
      return nil
    }
    return dot
  }
  private var folder: String {
    guard let slash else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
