// The JSON Schema says what the loader says, and every starter loads.

import BatchModel
import Testing

@testable import BatchDefinition

@Suite("The definition's JSON Schema and starters")
struct SchemaAndStarterTests {
  private static func problem(_ yaml: String) throws -> String? {
    let schema = try JSONSchema(parsing: DefinitionSchema.jsonSchema())
    let log = MistakeLog(file: "x")
    let root = try #require(DocumentReader.read(yaml, log: log))
    return schema.problem(with: root.json)
  }

  @Test(
    "Every starter loads without a mistake and fits the schema", arguments: InitTemplate.allCases)
  func starters(starter: InitTemplate) throws {
    #expect(mistakes(starter.text) == [])
    #expect(try Self.problem(starter.text) == nil)
    #expect(starter.text.utf8.last == UInt8(ascii: "\n"))
    #expect(!starter.summary.isEmpty)
  }

  @Test("The schema knows every key of the table with its sentence and default")
  func keys() throws {
    let schema = try JSONReader.value(of: DefinitionSchema.jsonSchema())
    #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
    for keyword in Keywords.batch.keywords {
      let property = try #require(schema["properties"]?[keyword.name])
      #expect(property["description"]?.string == keyword.meaning)
    }
    #expect(schema["properties"]?["enforcement"]?["default"] == .string("strict"))
    let step = schema["$defs"]?["step"]
    for keyword in Keywords.step.keywords {
      #expect(step?["properties"]?[keyword.name]?["description"]?.string == keyword.meaning)
    }
    #expect(step?["required"] == .array([.string("id")]))
    #expect(DefinitionSchema.jsonSchema() == DefinitionSchema.jsonSchema())
  }

  /// Mistakes that one key alone shows; what needs the whole definition, no schema can say.
  @Test(
    "What the loader refuses for one key alone, the schema refuses too",
    arguments: [
      "nmae: x", "version: 2", "providers: {}", "parallel: 0", "parallel: many",
      "parallel: {rnu: 2}", "enforcement: strikt", "timeout: 10", "timeout: 10 m", "timeout: 3m1h",
      "retry: {attempts: 0}", "retry: 3", "canary: {}", "canary: {items: 3, max_failed: 120%}",
      "canary: {items: 3, pick: frist}", "env: {FOOTPLATE_ITEM: a}", "env: {1A: a}", "env: [A]",
      "rerun_on: [inputs]", "rerun_on: []", "reads: []", "checks: []", "checks: [{}]",
      "checks: [{nonempty: false}]", "checks: [{nonempty: true, regex: a}]",
      "checks: [{nonemtpy: true}]", "collect: {to: a.csv}", "collect: {to: a.csv, row: {}}",
    ])
  func refused(top: String) throws {
    #expect(mistakes(definition(top: top)) != [])
    #expect(try Self.problem(definition(top: top)) != nil)
  }

  @Test(
    "What the loader accepts, the schema accepts",
    arguments: [
      "version: 1", "parallel: 3", "parallel: {run: 3}", "timeout: 1h30m", "stall: off",
      "timeout: 250ms", "retry: {base: 0s}", "env: {A: 1, B: true, C: x}", "rerun_on: recipe",
      "rerun_on: [input, recipe]", "reads: a", "reads: [a, b]", "checks: [{json-valid: true}]",
      "canary: {items: 1, max_failed: 0.5}", "canary: {items: 1, max_failed: 100%}",
      "canary: {items: 1, max_failed: 2.5%}", "collect: {to: a.csv, row: {a: b}, failed: null}",
    ])
  func accepted(top: String) throws {
    #expect(mistakes(definition(top: top)) == [])
    #expect(try Self.problem(definition(top: top)) == nil)
  }
}
