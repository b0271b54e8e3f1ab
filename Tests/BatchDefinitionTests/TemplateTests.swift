// What templates render to, and what they refuse.

import BatchModel
import Foundation
import Testing

@testable import BatchDefinition

/// The text of a template for values, or the message of what went wrong.
private func render(_ source: String, _ values: TemplateValues, shell: Bool = false) -> String {
  let renderer = TemplateRenderer()
  do throws(TemplateError) {
    let template = try Template(parsing: source)
    return shell
      ? try renderer.renderShell(template, with: values)
      : try renderer.render(template, with: values)
  } catch {
    return "! " + error.message
  }
}

@Suite("Templates")
struct TemplateTests {
  private static let row: [String: JSONValue] = [
    "name": .string("<a & \"b\">"), "count": .integer(3), "ratio": .number(0.5),
    "ok": .bool(true), "none": .null, "empty": .string(""),
    "tags": .array([.string("x"), .string("y z")]),
    "user": .object(["first": .string("Ada"), "age": .integer(36)]),
    "first.name": .string("dotted"), "Größe in m": .string("2"),
    "people": .array([
      .object(["first": .string("A")]), .object(["first": .string("B"), "count": .integer(9)]),
    ]),
  ]

  @Test(
    "A template renders values as they are, without HTML escapes",
    arguments: [
      ("plain", "plain"),
      ("", ""),
      ("{{name}}", #"<a & "b">"#),
      ("{{{name}}}|{{&name}}|{{ name }}", #"<a & "b">|<a & "b">|<a & "b">"#),
      ("{{count}} {{ratio}} {{ok}} [{{none}}]", "3 0.5 true []"),
      ("{{tags}} {{user}}", #"["x","y z"] {"age":36,"first":"Ada"}"#),
      ("{{user.first}} {{first.name}} {{Größe in m}}", "Ada dotted 2"),
      ("{ {{count}} }", "{ 3 }"),
      (#"{"n":{{count}}}"#, #"{"n":3}"#),
      ("{{! a comment }}x", "x"),
      ("{{#tags}}<{{.}}>{{/tags}}", "<x><y z>"),
      ("{{#tags}}{{name}}{{/tags}}", #"<a & "b"><a & "b">"#),
      ("{{#people}}{{first}}{{count}} {{/people}}", "A3 B9 "),
      ("{{#user}}{{first}}{{/user}}", "Ada"),
      ("{{#ok}}yes{{/ok}}{{^ok}}no{{/ok}}", "yes"),
      ("{{#empty}}a{{/empty}}{{^empty}}b{{/empty}}{{#none}}c{{/none}}{{#gone}}d{{/gone}}", "b"),
      ("{{#count}}{{.}}{{/count}}", "3"),
      ("a\n{{#ok}}\nb\n{{/ok}}\nc", "a\nb\nc"),
      ("\n{{#ok}}{{name}}{{/ok}}", "\n<a & \"b\">"),
      ("{{#ok}}{{{name}}}{{/ok}}", #"<a & "b">"#),
    ])
  func rendering(source: String, expected: String) {
    #expect(render(source, values(Self.row)) == expected)
  }

  @Test("A value that the row lacks is an error that names the nearest field")
  func missing() {
    let row = values(["title": .string("a"), "body": .string("b")], fixed: ["key": .string("k")])
    let message =
      #"! unknown variable {{titel}}; expected one of: body, key, title; did you mean "title"?"#
    #expect(render("{{titel}}", row) == message)
    #expect(render("{{#key}}{{titel}}{{/key}}", row) == message)
    #expect(render("{{#titel}}x{{/titel}}", row) == "")
  }

  @Test("Fixed names hide the row's fields, and text that looks like a tag is not rendered again")
  func precedence() {
    let row = values(
      ["key": .string("row"), "line": .string("{{key}}")], fixed: ["key": .string("item")])
    #expect(render("{{key}} {{line}}", row) == "item {{key}}")
    #expect(render("{{#key}}{{line}}{{/key}}", row) == "{{key}}")
  }

  @Test(
    "A path has its parts",
    arguments: [
      ("a/b/c.tar.gz", "c.tar.gz|c.tar|gz|a/b"), ("x", "x|x||."), (".env", ".env|.env||."),
      ("a.d/b", "b|b||a.d"), ("a/.b.c", ".b.c|.b|c|a"), ("ä/ö.ü", "ö.ü|ö|ü|ä"),
    ])
  func pathParts(path: String, expected: String) {
    #expect(
      render("{{name}}|{{stem}}|{{ext}}|{{dir}}", values(["path": .string(path)])) == expected)
  }

  @Test("A file's text and an earlier step's answer are read when they are asked for")
  func files() {
    let item = values(
      ["path": .string("a.c")],
      steps: ["write": .init(candidate: "objects/1", artifact: "docs/a.md")],
      files: ["a.c": "int a;", "objects/1": #"{"label": {"name": "x"}, "list": [1]}"#])
    #expect(
      render("{{text}} {{write.artifact}} {{write.candidate}}", item)
        == "int a; docs/a.md objects/1")
    #expect(render("{{write.json.label.name}} {{write.json.list}}", item) == "x [1]")
    #expect(render("{{write.text}}", item) == #"{"label": {"name": "x"}, "list": [1]}"#)
    #expect(
      render("{{write.json.lable}}", item).hasPrefix("! unknown variable {{write.json.lable}}"))
    let gone = values(["path": .string("b.c")])
    #expect(render("{{text}}", gone) == "! {{text}} cannot be read from b.c: no such file")
    let garbage = values(
      [:], steps: ["write": .init(candidate: "o", artifact: nil)], files: ["o": "[1,"])
    #expect(
      render("{{write.json.a}}", garbage)
        == "! {{write.json.a}} cannot be read from o: the document ends too early")
  }

  @Test("The variables of a template come in order, without repeats")
  func variables() throws {
    let template = try Template(parsing: "{{b}} {{a.c}} {{#s}}{{b}}{{.}}{{d}}{{/s}}{{! e }}")
    #expect(template.variables == ["b", "a.c", "s", "d"])
    #expect(try Template(parsing: "none").isConstant)
  }

  @Test("Values reach a real shell as exactly one literal piece, whatever they contain")
  func hostileShellValues() throws {
    let hostile = [
      "plain", "", "a b", "it's", "''", "'; touch /tmp/owned; '", "$(id)", "`id`", "${HOME}", "\\",
      "a\nb", "\"x\"", "*", "~", "-n", "&& false", "\u{1B}[31m", "ä\u{202E}ö", "{{line}}", "#",
    ]
    for value in hostile {
      for source in [
        "printf '<%s>' {{line}}", "printf '<%s>' {{#line}}{{line}}{{/line}}{{^line}}''{{/line}}",
        #"x="$(printf '<%s>.' {{line}})"; printf %s "${x%.}""#,
      ] {
        let text = render(source, values(["line": .string(value)]), shell: true)
        #expect(try output(ofShell: text) == "<\(value)>", "\(source) with \(value)")
      }
    }
  }

  @Test("A command's words are rendered one by one, and a NUL character is refused")
  func arguments() throws {
    let renderer = TemplateRenderer()
    let command = Command.arguments([
      try Template(parsing: "echo"), try Template(parsing: "{{line}}; {{line}}"),
    ])
    let item = values(["line": .string("$(id) 'x'")])
    #expect(
      try renderer.arguments(of: command, with: item) == ["echo", "$(id) 'x'; $(id) 'x'"])
    #expect(
      try renderer.arguments(of: .shell(try Template(parsing: "cat {{line}}")), with: item)
        == ["/bin/sh", "-c", #"cat '$(id) '\''x'\'''"#])
    let nul = values(["line": .string("a\u{0}b")])
    #expect(throws: TemplateError.nulCharacter(variable: "line")) {
      try renderer.arguments(of: command, with: nul)
    }
    #expect(throws: TemplateError.nulCharacter(variable: "line")) {
      try renderer.renderShell(try Template(parsing: "x {{line}}"), with: nul)
    }
    #expect(throws: TemplateError.nulCharacter(variable: "line")) {
      try renderer.renderShell(try Template(parsing: "{{#line}}{{line}}{{/line}}"), with: nul)
    }
  }

  private func output(ofShell text: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", text]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }
}
