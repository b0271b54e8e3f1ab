// Fields of earlier answers in templates: judged by the schema before, and read from the text then.

import BatchModel
import Synchronization
import Testing

@testable import BatchDefinition

@Suite("Fields of an answer")
struct AnswerFieldTests {
  private static let schema = """
    {"type": "object", "additionalProperties": false, "properties": {
      "label": {"type": "string"}, "a.b": {"type": "string"},
      "inner": {"type": "object", "additionalProperties": false, "properties": {"name": {}}},
      "open": {"type": "object", "properties": {"known": {}}}, "list": {"type": "array"}}}
    """

  private static func problem(_ variable: String, llm: String = "", step: String = "") -> String? {
    let text = """
      name: a
      items: {lines: a}
      steps:
        - {id: one, llm: {provider: anthropic, model: claude-haiku-4-5, prompt: x\(llm)}\(step)}
        - {id: two, run: [x, "{{one.json\(variable)}}"]}
      """
    return mistakes(text, files: ["s.json": schema]).first
      .map { String($0.dropFirst("footplate.yaml:5:24: ".count)) }
  }

  @Test(
    "A field that the schema has may be used",
    arguments: [
      "", ".label", ".a.b", ".inner", ".inner.name", ".inner.name.any", ".open.known",
      ".open.other",
      ".list", ".list.0.deep",
    ])
  func known(path: String) {
    #expect(Self.problem(path, llm: ", schema: s.json") == nil)
  }

  @Test("A field that the schema does not have is refused, and the nearest one is named")
  func unknown() {
    #expect(
      Self.problem(".lable", llm: ", schema: s.json")
        == "unknown variable {{one.json.lable}}; expected one of: one.json.a.b, one.json.inner, "
        + #"one.json.label, one.json.list, one.json.open; did you mean "one.json.label"?"#)
    #expect(
      Self.problem(".inner.nmae", llm: ", schema: s.json")
        == "unknown variable {{one.json.inner.nmae}}; expected one.json.inner.name; did you mean "
        + #""one.json.inner.name"?"#)
  }

  @Test("Text has no fields, unless a check or the output says that it is JSON")
  func text() {
    #expect(Self.problem(".label")?.contains("answers in text") == true)
    #expect(Self.problem(".any", step: ", checks: [{json-valid: true}]") == nil)
    #expect(Self.problem(".any", step: ", checks: [{json-schema: s.json}]") == nil)
    #expect(Self.problem(".any", step: ", output: 'o/{{key}}.json'") == nil)
  }

  @Test("A collected row is judged by the same schema")
  func collected() {
    let text = """
      name: a
      items: {lines: a}
      steps:
        - {id: one, llm: {provider: anthropic, model: claude-haiku-4-5, prompt: x, schema: s.json}}
      collect: {to: a.csv, row: {l: "{{one.json.lable}}"}}
      """
    #expect(
      mistakes(text, files: ["s.json": Self.schema]).map { $0.split(separator: ";")[0] }
        == ["footplate.yaml:5:32: unknown variable {{one.json.lable}}"])
  }

  @Test("Fields and elements are rendered, and the answer is read and parsed once")
  func rendered() throws {
    let readCount = Mutex(0)
    var values = TemplateValues(
      payload: .object([:]), steps: ["one": .init(candidate: "objects/1", artifact: nil)]
    ) { _ in
      readCount.withLock { $0 += 1 }
      return #"{"label": "x", "list": [{"n": 1}, {"n": 2}], "b": true, "none": null}"#
    }
    let renderer = TemplateRenderer()
    func render(_ source: String) throws -> String {
      try renderer.render(try Template(parsing: source), with: values)
    }
    #expect(
      try render("{{one.json.label}} {{one.json.list.1.n}} {{one.json.b}} [{{one.json.none}}]")
        == "x 2 true []")
    #expect(try render("{{#one.json.list}}{{n}},{{/one.json.list}}") == "1,2,")
    #expect(readCount.withLock { $0 } == 1)
    for missing in ["{{one.json.list.2}}", "{{one.json.list.-1}}", "{{one.json.label.x}}"] {
      #expect(throws: TemplateError.self) { try render(missing) }
    }
    // Another answer is another one, also after the first was asked for.
    values.steps["one"] = .init(candidate: nil, artifact: nil, text: #"{"label": "y"}"#)
    #expect(try render("{{one.json.label}} {{one.text}}") == #"y {"label": "y"}"#)
    #expect(readCount.withLock { $0 } == 1)
  }

  @Test("An answer that is no JSON says so, by its step when it has no file")
  func garbage() throws {
    let values = values([:], steps: ["one": .init(candidate: nil, artifact: nil, text: "Sure! {")])
    #expect(
      throws: TemplateError.unreadable(
        variable: "one.json.a", path: "the answer of one", reason: "expected a JSON value")
    ) {
      try TemplateRenderer().render(try Template(parsing: "{{one.json.a}}"), with: values)
    }
  }

  @Test("Feedback is nothing in the first round, and the reviewer's words in the next")
  func feedback() throws {
    let item = ClaimedItem(
      id: ItemID(1), ordinal: 1, key: "k", payload: .object([:]))
    let template = try Template(
      parsing:
        "Write.{{#feedback}} Mend: {{feedback}}{{/feedback}}{{^feedback}} Fresh.{{/feedback}}")
    func render(_ feedback: String?) throws -> String {
      try TemplateRenderer().render(
        template,
        with: TemplateValues(item: item, feedback: feedback) { _ in throw NoSuchFile() })
    }
    #expect(try render(nil) == "Write. Fresh.")
    #expect(try render("") == "Write. Fresh.")
    #expect(try render("<no {{key}}>") == "Write. Mend: <no {{key}}>")
  }
}
