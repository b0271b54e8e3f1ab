// Every mistake that a definition can have, with the exact words that a person reads.

import Testing

@testable import BatchDefinition

@Suite("Mistakes in a definition")
struct MistakeTests {
  static let batchKeyTable: [(String, String)] = [
    (
      "nmae: x",
      #"7:1: unknown key "nmae" of the definition; expected one of: version, name, "#
        + #"items, steps, checks, parallel, canary, collect, enforcement, retry, timeout, "#
        + #"stall, env, reads, rerun_on; did you mean "name"?"#
    ),
    ("version: 2", #"7:10: expected 1 for "version", found "2""#),
    (
      "providers: {}",
      #"7:1: "providers" of the definition is not supported by this version; remove it"#
    ),
    (
      "budget: {cap: 3}",
      #"7:1: "budget" of the definition is not supported by this version; remove it"#
    ),
    ("parallel: 0", #"7:11: expected a whole number from 1 to 1024 for "parallel", found "0""#),
    (
      "parallel: many",
      #"7:11: expected a whole number from 1 to 1024 for "parallel", found "many""#
    ),
    (#"parallel: "8""#, #"7:11: expected a whole number from 1 to 1024 for "parallel", found "8""#),
    (
      "parallel: {run: 2, llm: 3}",
      #"7:20: "llm" of parallel is not supported by this version; remove it"#
    ),
    (
      "parallel: {rnu: 2}",
      #"7:12: unknown key "rnu" of parallel; expected run; did you mean "run"?"#
    ),
    (
      "enforcement: strikt",
      #"7:14: unknown value "strikt" of "enforcement"; expected one of: strict, warn, "#
        + #"off; did you mean "strict"?"#
    ),
    (
      "timeout: 10",
      #"7:10: expected a duration such as 250ms, 10s, 3m or 1h30m, or off for "#
        + #""timeout", found "10""#
    ),
    (
      "timeout: 10 m",
      #"7:10: expected a duration such as 250ms, 10s, 3m or 1h30m, or off for "#
        + #""timeout", found "10 m""#
    ),
    (
      "timeout: 3m1h",
      #"7:10: expected a duration such as 250ms, 10s, 3m or 1h30m, or off for "#
        + #""timeout", found "3m1h""#
    ),
    (
      "timeout: 0s",
      #"7:10: expected a duration such as 250ms, 10s, 3m or 1h30m, or off for "#
        + #""timeout", found "0s""#
    ),
    (
      "stall: -1s",
      #"7:8: expected a duration such as 250ms, 10s, 3m or 1h30m, or off for "stall", "#
        + #"found "-1s""#
    ),
    (
      "timeout: 99999999999999999999d",
      #"7:10: expected a duration such as 250ms, 10s, 3m or 1h30m, or off for "#
        + #""timeout", found "99999999999999999999d""#
    ),
    (
      "retry: {attempts: 0}",
      #"7:19: expected a whole number from 1 to 1000 for "attempts", found "0""#
    ),
    (
      "retry: {base: 10s, cap: 1s}",
      "7:25: the retry's cap is shorter than its base; expected at least the base"
    ),
    ("retry: 3", #"7:8: expected retry as a mapping, found "3""#),
    (
      "retry: {long_wait: 10m}",
      #"7:9: "long_wait" of retry is not supported by this version; remove it"#
    ),
    ("canary: {}", #"7:9: canary has no "items"; expected a whole number from 1 to 1000000"#),
    (
      "canary: {items: 3, max_failed: 120%}",
      #"7:32: expected a share such as 20% or 0.2 for "max_failed", found "120%""#
    ),
    (
      "canary: {items: 3, max_failed: some}",
      #"7:32: expected a share such as 20% or 0.2 for "max_failed", found "some""#
    ),
    (
      "canary: {items: 3, pick: frist}",
      #"7:26: unknown value "frist" of "pick"; expected one of: first, spread, random; "#
        + #"did you mean "first"?"#
    ),
    (
      "env: {FOOTPLATE_ITEM: a}",
      #"7:7: "FOOTPLATE_ITEM" is no valid name in "env"; expected letters, digits and "#
        + #"_, not beginning with a digit or with FOOTPLATE_"#
    ),
    (
      "env: {1A: a}",
      #"7:7: "1A" is no valid name in "env"; expected letters, digits and _, not "#
        + #"beginning with a digit or with FOOTPLATE_"#
    ),
    ("env: {A: [b]}", #"7:10: expected a text with {{variables}} for "A", found a list"#),
    ("env: [A]", #"7:6: expected names and values for "env", found a list"#),
    ("env: {A:}", "7:8: not valid YAML: while scanning a plain scalar: found unexpected ':'"),
    (
      "rerun_on: [inputs]",
      #"7:12: unknown value "inputs" of "rerun_on"; expected one of: input, recipe; did "#
        + #"you mean "input"?"#
    ),
    ("rerun_on: []", #"7:11: "rerun_on" is an empty list; expected at least a half of the key"#),
    ("reads: []", #"7:8: "reads" is an empty list; expected at least a glob"#),
    ("checks: []", #"7:9: "checks" is an empty list; expected at least a check"#),
    (
      "checks: [{}]",
      "7:10: a check needs exactly one of: nonempty, run, regex, json-schema, json-valid"
    ),
    ("checks: [{nonempty: false}]", #"7:21: expected true for "nonempty", found "false""#),
    (
      "checks: [{nonempty: true, regex: a}]",
      #"7:27: a check has "nonempty" already; expected exactly one of: nonempty, run, "#
        + #"regex, json-schema, json-valid"#
    ),
    (
      #"checks: [{regex: "("}]"#,
      #"7:18: the pattern "(" does not compile; expected an ICU regular expression"#
    ),
    (
      "checks: [{changed: true}]",
      #"7:11: "changed" of a check is not supported by this version; remove it"#
    ),
    (
      "checks: [{nonemtpy: true}]",
      #"7:11: unknown key "nonemtpy" of a check; expected one of: name, nonempty, run, "#
        + #"regex, json-schema, json-valid; did you mean "nonempty"?"#
    ),
    (
      "checks: [{json-schema: s.json}]",
      #"7:24: the schema file "s.json" cannot be read: no such file; expected a text file"#
    ),
    (
      "collect: {to: a.txt, row: {a: b}}",
      #"7:15: "a.txt" has an unknown ending; expected one of: .jsonl, .csv"#
    ),
    (
      "collect: {to: ../a.csv, row: {a: b}}",
      #"7:15: the output path contains ".."; expected one below the definition's folder"#
    ),
    (
      "collect: {to: a.csv, row: {}}",
      #"7:27: "row" is empty; expected at least one name and its value"#
    ),
    ("collect: {to: a.csv}", #"7:10: collect has no "row"; expected names and values"#),
    (
      #"collect: {to: a.csv, row: {a: "{{two.text}}"}}"#,
      "7:32: unknown variable {{two.text}}; expected one of: line, key, ordinal, "
        + "occurrence, one.candidate, one.artifact, one.text, one.json"
    ),
    ("<<: {a: b}", "7:1: YAML merge keys (<<) are not supported; write the keys out"),
    ("[a]: b", "7:1: a key is a list or a mapping; expected a name"),
  ]

  static let stepKeyTable: [(String, String)] = [
    (
      "rnu: a",
      #"6:5: unknown key "rnu" of a step; expected one of: id, run, prompt, stdin, "#
        + #"output, checks, enforcement, retry, timeout, stall, env, reads, rerun_on; did "#
        + #"you mean "run"?"#
    ),
    ("llm: {model: a}", #"6:5: "llm" of a step is not supported by this version; remove it"#),
    (
      "sends_back_to: one",
      #"6:5: "sends_back_to" of a step is not supported by this version; remove it"#
    ),
    (
      "timout: 3m",
      #"6:5: unknown key "timout" of a step; expected one of: id, run, prompt, stdin, "#
        + #"output, checks, enforcement, retry, timeout, stall, env, reads, rerun_on; did "#
        + #"you mean "timeout"?"#
    ),
    (
      "stdin: prompts",
      #"6:12: unknown value "prompts" of "stdin"; expected one of: prompt, item, none; "#
        + #"did you mean "prompt"?"#
    ),
    (
      "stdin: prompt",
      #"6:12: stdin is prompt, but the step has no prompt; expected a "prompt" key"#
    ),
    (
      "output: /etc/passwd",
      "6:13: the output path is absolute; expected one below the definition's folder"
    ),
    (
      "output: ../a",
      #"6:13: the output path contains ".."; expected one below the definition's folder"#
    ),
    (
      #"output: "a/{{line}}/../b""#,
      #"6:13: the output path contains ".."; expected one below the definition's folder"#
    ),
    ("output: .footplate/x", "6:13: the output path lies in .footplate, which is Footplate's own"),
    ("output: docs/", "6:13: the output path names a folder; expected a file"),
    (#"output: """#, "6:13: the output path is empty; expected a path such as docs/{{stem}}.md"),
    ("output: ~", #"6:13: expected a text with {{variables}} for "output", found nothing"#),
    (
      #"output: "docs/{{stem}}.md""#,
      "6:19: unknown variable {{stem}}; expected one of: line, key, ordinal, "
        + "occurrence, feedback"
    ),
    (
      #"output: "{{lin}}""#,
      #"6:14: unknown variable {{lin}}; expected one of: line, key, ordinal, "#
        + #"occurrence, feedback; did you mean "line"?"#
    ),
    (#"output: "{{line.part}}""#, "6:14: {{line.part}} has no parts; expected {{line}}"),
    (
      #"output: "{{one.text}}""#,
      "6:14: {{one.text}} refers to a step that is not done yet; there is no earlier one"
    ),
    (
      #"output: "{{candidate}}""#,
      "6:14: unknown variable {{candidate}}; expected one of: line, key, ordinal, "
        + "occurrence, feedback"
    ),
    (#"output: "a{{line""#, #"6:15: "{{" is never closed; expected "}}" after it"#),
    (#"output: "a{{#line}}""#, "6:15: {{#line}} is never closed; expected {{/line}}"),
    (#"output: "a{{/line}}""#, "6:15: {{/line}} closes a section that was never opened"),
    (#"output: "a{{#line}}{{/key}}""#, "6:24: {{/key}} closes a section; expected {{/line}}"),
    (
      #"output: "a{{> part}}""#,
      #"6:15: a "{{>" tag is not supported; expected a value {{name}}, a section "#
        + #"{{#name}}…{{/name}} or a comment {{! … }}"#
    ),
    (#"output: "a{{}}""#, #"6:15: "" is no variable name; expected a name such as path or a.b"#),
    (#"output: "{{.}}""#, "6:14: {{.}} stands outside of every section"),
    (
      "prompt: missing.md",
      #"6:13: the prompt file "missing.md" cannot be read: no such file; expected a "#
        + #"text file"#
    ),
    (
      #"prompt: "p/{{line}}.md""#,
      "6:13: the prompt's path has variables; expected one file for all items, with "
        + "variables in its text"
    ),
    (
      "prompt: |\n  first {{line}}\n  then {{line}} and {{lnie}}",
      #"8:25: unknown variable {{lnie}}; expected one of: line, key, ordinal, "#
        + #"occurrence, feedback; did you mean "line"?"#
    ),
    (
      #"reads: ["{{lnie}}"]"#,
      #"6:14: unknown variable {{lnie}}; expected one of: line, key, ordinal, "#
        + #"occurrence, feedback; did you mean "line"?"#
    ),
    (
      "checks: [{name: a, nonempty: true}, {name: a, json-valid: true}]",
      #"6:48: the check name "a" is given twice; expected another"#
    ),
    (
      #"checks: [{run: [test, "{{candidat}}"]}]"#,
      #"6:28: unknown variable {{candidat}}; expected one of: line, key, ordinal, "#
        + #"occurrence, feedback, candidate; did you mean "candidate"?"#
    ),
    (
      "timeout: 1s\ntimeout: 2s\ntimeout: 3s",
      "7:5: the key \"timeout\" is given twice; the first is in line 6\n8:5: the key "
        + "\"timeout\" is given twice; the first is in line 6"
    ),
  ]

  static let itemsTable: [(String, String)] = [
    ("{}", "2:8: items needs exactly one of: glob, jsonl, csv, lines, command, list"),
    ("a.txt", #"2:8: expected items as a mapping, found "a.txt""#),
    (
      "{lines: a, csv: b}",
      #"2:19: items has "lines" already; expected exactly one of: glob, jsonl, csv, "#
        + #"lines, command, list"#
    ),
    (
      "{line: a}",
      #"2:9: unknown key "line" of items; expected one of: glob, exclude, jsonl, csv, "#
        + #"lines, command, list, key, after; did you mean "lines"?"#
    ),
    ("{lines: []}", #"2:16: expected a path for "lines", found a list"#),
    ("{list: []}", #"2:15: "list" is an empty list; expected at least an item"#),
    ("{list: [[a]]}", "2:16: expected a text or a mapping as an item, found a list"),
    ("{list: [{}]}", "2:16: an item without fields; expected a text or a mapping"),
    ("{glob: []}", #"2:15: "glob" is an empty list; expected at least a glob"#),
    (
      "{glob: /a}",
      #"2:15: the glob "/a" is absolute; expected one relative to the definition's folder"#
    ),
    (
      "{glob: ../a}",
      #"2:15: the glob "../a" contains ".."; expected one below the definition's folder"#
    ),
    (
      #"{glob: "[a"}"#,
      "2:15: the glob \"[a\" has \"[\" without its end; expected \"]\", or \"\\[\" for "
        + "the character"
    ),
    (
      #"{glob: "{a"}"#,
      "2:15: the glob \"{a\" has \"{\" without its end; expected \"}\", or \"\\{\" for "
        + "the character"
    ),
    (
      #"{glob: "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"}"#,
      #"2:15: the glob "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}" has more than "#
        + #"256 alternatives; expected fewer braces"#
    ),
    ("{lines: a, exclude: b}", #"2:28: "exclude" is only for "glob"; remove it"#),
    (#"{lines: a, key: "{{path}}"}"#, "2:25: unknown variable {{path}}; expected line"),
    (
      "{lines: a, key: fixed}",
      "2:24: the key is the same for every item; expected a variable such as {{line}}"
    ),
    (#"{lines: a, key: "{{ordinal}}"}"#, "2:25: unknown variable {{ordinal}}; expected line"),
    (
      #"{glob: a, key: "{{text}}"}"#,
      #"2:24: unknown variable {{text}}; expected one of: path, name, stem, dir, ext; "#
        + #"did you mean "ext"?"#
    ),
    ("{command: []}", #"2:18: "command" is an empty list; expected at least a word"#),
    (#"{command: [ls, "{{line}}"]}"#, "2:24: unknown variable {{line}}; expected none here"),
    (
      #"{list: [{id: 1}], key: "{{di}}"}"#,
      #"2:32: unknown variable {{di}}; expected id; did you mean "id"?"#
    ),
  ]

  static let shellQuotesTable: [(String, String)] = [
    (
      #"echo "{{line}}""#,
      "6:15: {{line}} stands inside double quotes; expected it outside of quotes, "
        + "since every value is quoted already"
    ),
    (
      "echo '{{line}}'",
      "6:15: {{line}} stands inside single quotes; expected it outside of quotes, "
        + "since every value is quoted already"
    ),
    (
      "echo $'a {{line}}'",
      "6:18: {{line}} stands after a $'…' quote, which shells read differently; "
        + "expected it outside of quotes, since every value is quoted already"
    ),
    (
      "echo \\{{line}}",
      "6:15: {{line}} stands after a backslash; expected it outside of quotes, since "
        + "every value is quoted already"
    ),
    (
      "echo ${{line}}",
      "6:15: {{line}} stands after a dollar sign; expected it outside of quotes, since "
        + "every value is quoted already"
    ),
    (
      "echo `cat {{line}}`",
      "6:19: {{line}} stands in or after backquotes; write $(…) instead; expected it "
        + "outside of quotes, since every value is quoted already"
    ),
    (
      "cat <<E\n{{line}}\nE",
      "7:9: {{line}} stands in or after a here-document; expected it outside of "
        + "quotes, since every value is quoted already"
    ),
    (
      "true # it's {{line}}",
      "6:21: {{line}} stands in a shell comment; expected it outside of quotes, since "
        + "every value is quoted already"
    ),
    (#"echo "$(cat {{line}})""#, ""),
    (#"echo 'it''s' {{line}} "x"{{line}}"#, ""),
    ("echo '#' {{line}}", ""),
    ("# it's\necho {{line}}", ""),
    (
      #"echo "$(cat '{{line}}')""#,
      "6:22: {{line}} stands inside single quotes; expected it outside of quotes, "
        + "since every value is quoted already"
    ),
  ]

  static let noDefinitionTable: [(String, String)] = [
    ("", "1:1: the definition is empty; expected name, items and steps"),
    ("# nothing", "1:1: the definition is empty; expected name, items and steps"),
    ("[]", "1:1: expected the definition as a mapping, found a list"),
    ("name", #"1:1: expected the definition as a mapping, found "name""#),
    (
      "{}",
      "1:1: the definition has no \"name\"; expected one line of at most 100 "
        + "characters\n1:1: the definition has no \"items\"; expected a mapping with "
        + "exactly one of: glob, jsonl, csv, lines, command, list\n1:1: the definition has "
        + "no \"steps\"; expected a list with at least a step"
    ),
    (
      "name: [",
      "2:1: not valid YAML: while parsing a flow node: did not find expected node content"
    ),
    (
      "name: a\n\titems: b",
      "2:1: not valid YAML: while scanning a plain scalar: found a tab character that "
        + "violates indentation"
    ),
    (
      #"name: "a"#,
      "1:9: not valid YAML: while scanning a quoted scalar: found unexpected end of stream"
    ),
    (
      "name: a\n--- \nname: b",
      "2:1: not valid YAML: expected a single document in the stream: but found "
        + "another document"
    ),
    ("name: *nowhere", "1:7: not valid YAML: found undefined alias"),
    ("name: a\u{01}", "1:8: not valid YAML: control characters are not allowed"),
  ]
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
