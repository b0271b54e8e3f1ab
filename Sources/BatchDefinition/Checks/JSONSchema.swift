// A practical part of JSON Schema (draft 2020-12): compiled once, unknown keywords refused.

package import BatchModel

/// A schema that was understood.
package struct JSONSchema: Sendable {
  /// Why a schema is refused.
  package struct Mistake: Error, Hashable, Sendable {
    /// With the place in the schema as a JSON pointer.
    package var message: String
  }

  indirect enum Rule: Sendable {
    case always(Bool)
    case types([String])
    case oneOfValues([JSONValue])
    case number(NumberBounds)
    case length(Int, Int)
    case pattern(PatternSearch)
    case elements(SizeBounds, prefix: [Node], rest: Node?, isUnique: Bool)
    case members(MemberRules)
    case any([Node])
    case all([Node])
    case one([Node])
    case not(Node)
    case conditional(Node, then: Node?, otherwise: Node?)
    /// To a definition of the document, by its pointer.
    case reference(String)
  }
  struct Node: Sendable {
    var rules: [Rule]
    /// Where it stands, as a JSON pointer.
    var pointer: String
  }
  struct NumberBounds: Sendable {
    var minimum: Double?
    var maximum: Double?
    var exclusiveMinimum: Double?
    var exclusiveMaximum: Double?
    var multiple: Double?
  }
  struct SizeBounds: Sendable {
    var minimum = 0
    var maximum = Int.max
  }
  struct MemberRules: Sendable {
    var properties: [String: Node] = [:]
    var patterns: [(PatternSearch, Node)] = []
    var additional: Node?
    var required: [String] = []
    var names: Node?
    var size = SizeBounds()
  }

  let root: Node
  /// What `$ref` can name, by pointer; the root is `#`.
  let definitions: [String: Node]

  /// Compiles a schema's text.
  package init(parsing text: String) throws(Mistake) {
    let value: JSONValue
    do throws(JSONReader.Mistake) {
      value = try JSONReader.value(of: text)
    } catch {
      throw Mistake(message: "not valid JSON at byte \(error.offset + 1): \(error.message)")
    }
    try self.init(value)
  }

  /// Compiles a schema.
  package init(_ value: JSONValue) throws(Mistake) {
    var compiler = JSONSchemaCompiler()
    root = try compiler.node(value, at: "#")
    definitions = compiler.definitions
    try compiler.requireReferences(root: root)
  }
}
