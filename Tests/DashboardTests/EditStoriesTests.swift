// `E` on a step with parameters: what is asked, what the editor gets, and the request that comes of it.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct EditStoriesTests {
  private static let params: [String: JSONValue] = [
    "temperature": .integer(0), "stop": .array([.string("END")]), "style": .string("dry"),
  ]

  private func desk(hasPrompt: Bool = true) -> Desk {
    var run = FakeRun(count: 1000)
    run.editable = Editable(hasPrompt: hasPrompt, params: Self.params)
    return Desk(run: run)
  }

  /// What the editor was opened with.
  private func text(_ desk: Desk) -> String? {
    desk.commands.lazy.compactMap {
      if case .edit(_, _, .params(let text)) = $0 { text } else { nil }
    }.last
  }

  @Test func `a step with both asks which, and the prompt is as before`() {
    var desk = desk()
    desk.press("E")
    #expect(desk.commands == [.fetchEditable(ItemID(1), step: 0)])
    #expect(desk.screen.contains("p  the prompt of write"))
    #expect(desk.screen.contains("a  its parameters"))
    desk.press("p")
    #expect(desk.commands == [.edit(ItemID(1), step: 0, .prompt)])
    desk.press("E<esc>")
    #expect(desk.model.overlay == nil)
  }

  @Test func `the parameters are lines, and what was changed is asked about and submitted`() {
    var desk = desk()
    desk.press("Ea")
    #expect(
      text(desk) == """
        # The step's parameters, for one retry of this item.
        # One a line, name: value; the value is JSON or plain text.
        # A line that is taken away takes its parameter away. Lines with # are not read.
        stop: ["END"]
        style: dry
        temperature: 0

        """)
    desk.send(
      .editedParams(
        ItemID(1), step: 0, text: "# x\nstyle: dry\n\ntemperature: 0.7\r\ntop_p: \"1\"\n"))
    #expect(desk.screen.contains("Retry Sources/Auth/Token.swift with changed parameters?"))
    #expect(desk.screen.contains("stop: taken away"))
    #expect(desk.screen.contains("temperature: 0 to 0.7"))
    #expect(desk.screen.contains("about $0.02 if it costs what it did"))
    desk.press("y")
    let overrides = Overrides(
      params: ["stop": .null, "temperature": .number(0.7), "top_p": .string("1")])
    #expect(
      desk.submitted == [.items(.retry(fromStep: 0, overrides: overrides), .ids([ItemID(1)]))])
  }

  @Test func `lines that cannot be read go to the editor again, with the reason above them`() {
    var desk = desk()
    desk.press("Ea")
    desk.send(.editedParams(ItemID(1), step: 0, text: "temperature 1\n"))
    #expect(desk.model.overlay == nil)
    #expect(
      text(desk) == "# Nothing was done: line 1 has no colon: name: value.\ntemperature 1\n")
    desk.send(.editedParams(ItemID(1), step: 0, text: "temperature: 1\n"))
    #expect(desk.screen.contains("temperature: 0 to 1"))
  }

  @Test func `without a prompt the parameters are opened at once, with neither it says so`() {
    var desk = desk(hasPrompt: false)
    desk.press("E")
    #expect(text(desk)?.contains("temperature: 0") == true)
    var run = FakeRun(count: 10)
    run.editable = Editable(hasPrompt: false, params: nil)
    desk = Desk(run: run)
    desk.press("E")
    #expect(
      desk.canvas.line(22) == "write has no prompt and no parameters to edit; R retries it")
  }

  @Test func `what comes late, for another item or unasked, does nothing`() {
    var desk = desk()
    desk.answers = false
    desk.press("Ej")
    desk.send(.editable(ItemID(1), step: 0, desk.run.editable))
    #expect(desk.model.overlay == nil)
    desk.send(.editedParams(ItemID(2), step: 1, text: "temperature: 1"))
    #expect(desk.model.overlay == nil)
    desk.press("?")
    desk.send(.editable(ItemID(2), step: 1, desk.run.editable))
    #expect(desk.model.overlay == .help(top: 0))
  }

  @Test func `a group is not edited: its samples are`() {
    var desk = desk()
    desk.press("2E")
    #expect(
      desk.canvas.line(22)
        == "E edit: a group has many prompts; enter shows its samples, to edit one")
    desk.press("<enter>E")
    #expect(desk.commands.contains(.fetchEditable(ItemID(1), step: 0)))
  }
}

@Suite struct ParamLinesTests {
  @Test(arguments: [
    JSONValue.string("12"), .string(" padded "), .string(""), .string("a\nb: c"), .string("null"),
    .string("# no comment"), .string("\u{1B}[2J"), .string("plain: text"), .null, .bool(true),
    .integer(-3), .number(0.25), .array([.null, .string("x")]), .object(["a": .integer(1)]),
  ])
  func `a value that is not touched is not changed`(value: JSONValue) throws {
    let params = ["p": value]
    #expect(try ParamLines.changes(ParamLines.text(of: params), from: params).isEmpty)
  }

  @Test func `names that cannot stand in a line stay as they are`() throws {
    let params: [String: JSONValue] = [
      "a b": .integer(1), "c:d": .integer(2), "e\nf": .integer(3), "#g": .integer(4),
      "h": .integer(5),
    ]
    let text = ParamLines.text(of: params)
    #expect(text.contains("# 4 with a name that cannot stand in a line stay as they are."))
    #expect(try ParamLines.changes(text, from: params).isEmpty)
    #expect(try ParamLines.changes("", from: params) == ["h": .null])
  }

  @Test(arguments: [
    ("temperature", "line 1 has no colon: name: value"),
    (": 3", "line 1 has no name before its colon"),
    ("a:", "line 1: a has no value; \"\" is an empty text"),
    ("a: 1\n\na: 2", "line 3: a stands there twice"),
    (String(repeating: "#", count: 1 << 17), "the parameters are longer than 64 kB"),
  ])
  func `what cannot be read says where`(text: String, problem: String) {
    do throws(ParamLines.Problem) {
      _ = try ParamLines.changes(text, from: [:])
      Issue.record("it was read")
    } catch { #expect(error.text == problem) }
  }

  @Test func `null takes a parameter away, and one that is not there needs no taking`() throws {
    #expect(try ParamLines.changes("a: null\nb: null", from: ["a": .integer(1)]) == ["a": .null])
  }
}
