// The mistakes of steps, each beside the words that a person reads.

extension MistakeTests {
  static let stepKeyTable: [(String, String)] = [
    (
      "rnu: a",
      #"6:5: unknown key "rnu" of a step; expected one of: id, run, llm, agent, prompt, stdin, "#
        + #"output, checks, provider, usage, answer, max_cost, workspace, sends_back_to, rounds, "#
        + #"on_loop, enforcement, retry, retry_unknown, timeout, stall, env, reads, rerun_on; did you mean "run"?"#
    ),
    (
      "retry: {long_wait: 10m}",
      #"6:13: unknown key "long_wait" of a step's retry; expected one of: attempts, base, cap"#
    ),
    (
      "timout: 3m",
      #"6:5: unknown key "timout" of a step; expected one of: id, run, llm, agent, prompt, stdin, "#
        + #"output, checks, provider, usage, answer, max_cost, workspace, sends_back_to, rounds, "#
        + #"on_loop, enforcement, retry, retry_unknown, timeout, stall, env, reads, rerun_on; did you mean "timeout"?"#
    ),
    (
      "checks: [{changed: true}]",
      "6:24: nothing can have changed: the step has no output and no worktree; expected one of them"
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
}
