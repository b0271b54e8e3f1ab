// The verdicts of checks that need no process, and the JSON Schema part that is understood.

import BatchModel
import Testing

@testable import BatchDefinition

@Suite("Checks")
struct CheckTests {
  private static let verdictsTable: [(Check.Rule, String, CheckVerdict)] = [
    (Check.Rule.nonempty, "a", CheckVerdict.passed),
    (.nonempty, "", .failed("the candidate is empty")),
    (.nonempty, " \n\t\r", .failed("the candidate is only white space")),
    (.regex("^# "), "# a", .passed),
    (.regex("(?m)^b$"), "a\nb\n", .passed),
    (.regex("^# "), "a\n# b", .failed(#"the pattern "^# " is not found"#)),
    (.regex("é"), "e\u{301}", .failed(#"the pattern "é" is not found"#)),
    (.jsonValid, " {\"a\": [1]} ", .passed),
    (.jsonValid, "{", .failed("not valid JSON at byte 2: expected a member's name in quotes")),
    (.jsonValid, "", .failed("not valid JSON at byte 1: the document ends too early")),
    (.jsonSchema("s.json"), #"{"label": "x"}"#, .passed),
    (
      .jsonSchema("s.json"), #"{"lable": "x"}"#,
      .failed("not valid against s.json: /: \"label\" is missing")
    ),
  ]

  @Test(
    "A rule judges a candidate's bytes and its file alike",
    arguments: verdictsTable)
  func verdicts(rule: Check.Rule, candidate: String, verdict: CheckVerdict) throws {
    let schema = try JSONSchema(parsing: #"{"required": ["label"]}"#)
    let checks = CheckEvaluation(schemas: ["s.json": schema])
    #expect(checks.verdict(of: rule, on: Array(candidate.utf8)) == verdict)
    let workspace = try Workspace()
    try workspace.write("candidate", candidate)
    #expect(try checks.verdict(of: rule, onFile: workspace.path + "/candidate") == verdict)
  }

  @Test("Bytes that are no text fail a search, a missing file is no verdict at all")
  func unreadable() throws {
    let checks = CheckEvaluation()
    #expect(
      checks.verdict(of: .regex("a"), on: [0xFF])
        == .failed("the candidate is not valid UTF-8 text"))
    #expect(
      throws: UnreadableCandidate(path: "/nowhere", reason: "No such file or directory")
    ) { try checks.verdict(of: .nonempty, onFile: "/nowhere") }
    #expect(checks.verdict(of: .run(.arguments([])), on: []) == nil)
  }

  @Test("A pattern that would run for ever gives up")
  func catastrophic() throws {
    let search = try #require(PatternSearch("(x+x+)+y"))
    let text = String(repeating: "x", count: 60)
    #expect(search.search(text, within: .milliseconds(20)) == .gaveUp)
    #expect(search.search("xxy", within: .zero) == .found)
    #expect(search.search("none", within: .zero) == .absent)
  }

  private static let schemasTable: [(String, String, String?)] = [
    (#"{"type": "integer"}"#, "1.0", nil),
    (#"{"type": "integer"}"#, "1.5", "/: expected integer, found number"),
    (#"{"type": ["string", "null"]}"#, "null", nil),
    (#"{"enum": [1, "a"]}"#, "1.0", nil),
    (#"{"enum": [1, "a"]}"#, "2", #"/: expected one of: 1, "a""#),
    (#"{"const": {"a": [1]}}"#, #"{"a": [1]}"#, nil),
    (#"{"minimum": 1, "maximum": 3}"#, "0", "/: expected at least 1"),
    (#"{"minimum": 1, "maximum": 3}"#, "4", "/: expected at most 3"),
    (#"{"exclusiveMinimum": 1}"#, "1", "/: expected more than 1"),
    (#"{"exclusiveMaximum": 1}"#, "1", "/: expected less than 1"),
    (#"{"multipleOf": 3}"#, "7", "/: expected a multiple of 3"), (#"{"multipleOf": 3}"#, "9", nil),
    (#"{"minLength": 2, "maxLength": 3}"#, #""ä""#, "/: expected 2 to 3 characters, found 1"),
    (#"{"minLength": 2}"#, "1", nil),
    (#"{"pattern": "^a"}"#, #""ba""#, "/: expected a text that matches ^a"),
    (#"{"items": {"type": "string"}}"#, #"["a", 1]"#, "/1: expected string, found integer"),
    (#"{"prefixItems": [{"const": 1}], "items": false}"#, "[1, 2]", "/1: expected nothing here"),
    (#"{"minItems": 1}"#, "[]", "/: expected at least 1 elements, found 0"),
    (#"{"uniqueItems": true}"#, "[1, 1.0]", "/: expected elements that differ from each other"),
    (#"{"required": ["a"]}"#, "{}", #"/: "a" is missing"#),
    (
      #"{"properties": {"label": {}}, "additionalProperties": false}"#, #"{"lable": 1}"#,
      #"/: unknown member "lable"; expected label; did you mean "label"?"#
    ),
    (
      #"{"additionalProperties": {"type": "null"}}"#, #"{"a": 1}"#,
      "/a: expected null, found integer"
    ),
    (#"{"patternProperties": {"^x": {"const": 1}}}"#, #"{"xa": 2, "b": 2}"#, "/xa: expected 1"),
    (
      #"{"propertyNames": {"maxLength": 1}}"#, #"{"ab": 1}"#,
      "/ab: expected 0 to 1 characters, found 2"
    ),
    (#"{"minProperties": 1}"#, "{}", "/: expected at least 1 members, found 0"),
    (#"{"anyOf": [{"const": 1}, {"const": 2}]}"#, "2", nil),
    (#"{"anyOf": [{"const": 1}, {"const": 2}]}"#, "3", "/: matches none of 2 forms"),
    (#"{"allOf": [{"minimum": 1}, {"maximum": 2}]}"#, "3", "/: expected at most 2"),
    (
      #"{"oneOf": [{"minimum": 1}, {"minimum": 2}]}"#, "3",
      "/: matches 2 of 2 forms; expected exactly one"
    ),
    (#"{"not": {"const": 1}}"#, "1", "/: matches what #/not excludes"),
    (#"{"if": {"const": 1}, "then": false, "else": {"const": 2}}"#, "3", "/: expected 2"),
    (
      ##"{"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}}"##, "1",
      "/: expected string, found integer"
    ),
    (
      ##"{"properties": {"next": {"$ref": "#"}}, "additionalProperties": false}"##,
      #"{"next": {"next": {"nxt": 1}}}"#,
      #"/next/next: unknown member "nxt"; expected next; did you mean "next"?"#
    ),
    (##"{"$ref": "#"}"##, "1", "/: the schema's references never end"),
    ("false", "1", "/: expected nothing here"), ("true", "1", nil),
  ]

  @Test(
    "A schema accepts what it says, and names what is wrong otherwise",
    arguments: schemasTable)
  func schemas(schema: String, value: String, problem: String?) throws {
    let schema = try JSONSchema(parsing: schema)
    #expect(schema.problem(with: try JSONReader.value(of: value)) == problem)
  }

  private static let refusedSchemasTable: [(String, String)] = [
    ("[", "not valid JSON at byte 2: the document ends too early"),
    ("1", "#: expected a schema: an object, true or false"),
    (#"{"dependentRequired": {}}"#, #"#: unknown keyword "dependentRequired""#),
    (
      #"{"type": "text"}"#,
      "#/type: expected one of: null, boolean, integer, number, string, array, object"
    ),
    (#"{"enum": []}"#, "#/enum: expected a list with at least one value"),
    (#"{"minimum": "1"}"#, "#/minimum: expected a number"),
    (#"{"minLength": -1}"#, "#/minLength: expected a whole number, at least 0"),
    (#"{"multipleOf": 0}"#, "#/multipleOf: expected a number above 0"),
    (#"{"pattern": "("}"#, "#/pattern: the pattern does not compile"),
    (#"{"items": {"properties": []}}"#, "#/items/properties: expected names and schemas"),
    (#"{"anyOf": []}"#, "#/anyOf: expected a list with at least one schema"),
    (#"{"required": [1]}"#, "#/required: expected a list of names"),
    (
      #"{"$ref": "other.json"}"#,
      "#/$ref: expected a reference within this file, such as #/$defs/name"
    ),
    (
      ##"{"$ref": "#/$defs/lable", "$defs": {"label": {}}}"##,
      ##"#/$ref: unknown reference "#/$defs/lable"; expected one of: #, #/$defs/label; did you mean "#/$defs/label"?"##
    ),
  ]

  @Test(
    "A schema that cannot be checked is refused when it is read",
    arguments: refusedSchemasTable)
  func refusedSchemas(schema: String, message: String) {
    do throws(JSONSchema.Mistake) {
      _ = try JSONSchema(parsing: schema)
      Issue.record("accepted \(schema)")
    } catch {
      #expect(error.message.hasPrefix(message), "\(error.message)")
    }
  }
}
