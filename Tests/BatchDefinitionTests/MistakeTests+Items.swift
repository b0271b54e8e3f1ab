// The mistakes of item sources and of whole texts, each beside the words that a person reads.

extension MistakeTests {
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
}
