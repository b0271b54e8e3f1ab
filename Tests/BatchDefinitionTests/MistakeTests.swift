// Every mistake that a definition can have, with the exact words that a person reads.

import Testing

@testable import BatchDefinition

@Suite("Mistakes in a definition")
struct MistakeTests {
  /// Each text stands in place of `top` in a definition that is otherwise right.
  @Test(
    "A key of the batch that is wrong says so at its place",
    arguments: batchKeyTable)
  func batchKey(text: String, expected: String) {
    #expect(
      mistakes(definition(top: text))
        == lines(expected))
  }

  @Test(
    "A key of a step that is wrong says so at its place",
    arguments: stepKeyTable)
  func stepKey(text: String, expected: String) {
    #expect(
      mistakes(definition(step: text))
        == lines(expected))
  }

  @Test(
    "Items that are wrong say so at their place",
    arguments: itemsTable)
  func items(text: String, expected: String) {
    #expect(
      mistakes(definition(items: text))
        == lines(expected))
  }

  @Test(
    "A shell text with a value inside quotes is refused, since the value would end them",
    arguments: shellQuotesTable)
  func shellQuotes(command: String, expected: String) {
    #expect(mistakes(shellText(command)) == lines(expected))
  }

  @Test(
    "A text that is no definition says where it goes wrong",
    arguments: noDefinitionTable)
  func noDefinition(text: String, expected: String) {
    #expect(mistakes(text) == lines(expected))
  }

  @Test("A model call that is wrong says so at its place", arguments: modelTable)
  func model(keys: String, expected: String) {
    let files = ["bad.json": #"{"tpye": "object"}"#, "true.json": "true"]
    #expect(mistakes(Self.modelDefinition(keys), files: files) == lines(expected))
  }

  @Test("A step beside a model call that is wrong says so at its place", arguments: laterStepTable)
  func laterStep(step: String, expected: String) {
    #expect(mistakes(Self.laterStepDefinition(step)) == lines(expected))
  }

  @Test("A provider that is wrong says so at its place", arguments: providerTable)
  func provider(text: String, expected: String) {
    #expect(mistakes(definition(top: text)) == lines(expected))
  }

  /// The lines of an expectation, each with the file's name before it.
  private func lines(_ expected: String) -> [String] {
    expected.split(separator: "\n").map { "footplate.yaml:" + $0 }
  }

  private func shellText(_ command: String) -> String {
    let lines = command.split(separator: "\n").map { "        " + $0 }.joined(separator: "\n")
    return "name: a\nitems: {lines: a}\nsteps:\n  - id: one\n    run: |\n" + lines
  }

  @Test("All mistakes are reported at once, in the order of the text, files after the definition")
  func allAtOnce() {
    let found = mistakes(
      """
      nmae: demo
      items: {glob: "*.c", key: "{{pth}}"}
      steps:
        - id: key
          run: cat {{later.text}}
          prompt: p.md
          timeout: soon
        - id: later
          output: "/{{path}}"
          run: []
        - id: later
          run: [a, "{{key.artifact}}"]
      """, files: ["p.md": "one\ntwo {{paht}}\n"])
    #expect(
      found.map { $0.split(separator: ";", maxSplits: 1)[0] } == [
        "footplate.yaml:1:1: unknown key \"nmae\" of the definition",
        "footplate.yaml:2:28: unknown variable {{pth}}",
        "footplate.yaml:4:9: the step id \"key\" is the name of a variable",
        "footplate.yaml:5:14: {{later.text}} refers to a step that is not done yet",
        "footplate.yaml:7:14: expected a duration such as 250ms, 10s, 3m or 1h30m, or off for "
          + "\"timeout\", found \"soon\"",
        "footplate.yaml:9:13: the output path is absolute",
        "footplate.yaml:10:10: \"run\" is an empty list",
        "footplate.yaml:11:9: the step id \"later\" is taken by the step in line 8",
        "footplate.yaml:12:15: {{key.artifact}}: the step \"key\" has no output",
        "p.md:2:5: unknown variable {{paht}}",
      ])
  }

  @Test("A definition whose aliases multiply is refused before it is read")
  func billionLaughs() {
    var text = "name: a\nx0: &a0 [l, l, l, l, l, l, l, l, l]\n"
    for level in 1..<9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "x\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(
      mistakes(text)
        == ["footplate.yaml:1:1: the definition has too many YAML aliases; expected at most 32"])
  }

  @Test("What few aliases expand to is bounded too")
  func expansion() {
    let words = Array(repeating: "w", count: 30_000).joined(separator: ",")
    let aliases = Array(repeating: "*a", count: 30).joined(separator: ",")
    let text = "a: &a [\(words)]\nb: [\(aliases)]"
    let found = mistakes(text)
    #expect(found.count == 1)
    #expect(found[0].hasSuffix(": the definition's aliases expand to more than 200000 values"))
  }

  @Test("Of very many mistakes the first are shown and the rest is counted")
  func veryMany() {
    let many = (0..<1000).map { "k\($0): x" }.joined(separator: "\n")
    let found = mistakes(definition(top: many))
    #expect(found.count == 201)
    #expect(found.last == "footplate.yaml:206:1: 800 more mistakes are not shown")
    let twice = (0..<60).map { "a\($0): x\na\($0): y" }.joined(separator: "\n")
    #expect(mistakes(twice) == ["footplate.yaml:1:1: more than 50 keys are given twice"])
  }

  @Test("A text that is too large or too deep is refused")
  func bounds() {
    #expect(
      mistakes(String(repeating: "#", count: 1_048_577)) == [
        "footplate.yaml:1:1: the definition has 1048577 bytes; expected at most 1048576"
      ])
    let brackets = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(mistakes("a: " + brackets) == ["footplate.yaml:1:67: nested deeper than 64"])
    let thousands = String(repeating: "[", count: 100_000)
    #expect(mistakes(thousands).count == 1)
  }

  @Test("A mistake in a schema is reported where the schema is named")
  func schema() {
    let files = ["s.json": #"{"properties": {"a": {"minimun": 1}}}"#]
    #expect(
      mistakes(definition(step: "checks: [{json-schema: s.json}]"), files: files)
        .map { $0.split(separator: ";")[0] } == [
          "footplate.yaml:6:28: the schema \"s.json\": #/properties/a: unknown keyword \"minimun\""
        ])
  }
}
