// The mistakes of the batch's own keys, each beside the words that a person reads.

extension MistakeTests {
  static let batchKeyTable: [(String, String)] = [
    (
      "nmae: x",
      #"7:1: unknown key "nmae" of the definition; expected one of: version, name, "#
        + #"items, steps, checks, parallel, canary, collect, providers, prices, budget, "#
        + #"events, notify, enforcement, retry, retry_unknown, timeout, stall, env, reads, "#
        + #"rerun_on; did you mean "name"?"#
    ),
    ("version: 2", #"7:10: expected 1 for "version", found "2""#),
    (
      "events: {sink: a}",
      #"7:16: expected an http or https address without user, password, query and fragment, "#
        + #"such as http://localhost:8000/v1 for "sink""#
    ),
    (
      "events: {sink: 'http://h/e', spool: 50 MB}",
      #"7:37: expected a size such as 50MB or 512KiB, from 1MB to 1TB for "spool", found "50 MB""#
    ),
    (
      "events: {sink: 'http://h/e', keep: 0s}",
      #"7:36: expected a duration such as 250ms, 10s, 3m or 1h30m for "keep", found "0s""#
    ),
    (
      "store: x.db",
      #"7:1: "store" of the definition is not supported by this version; remove it"#
    ),
    ("notify: {run: x}", #"7:9: expected a list for "notify", found a mapping"#),
    (
      "notify: [{on: finishd, run: x}]",
      #"7:15: unknown value "finishd" of "on"; expected one of: finished, paused, stopped, "#
        + #"cap-reached, breaker-open, quota, new-failure; did you mean "finished"?"#
    ),
    (
      "notify: [{on: paused, run: 'say {{sumary}}'}]",
      #"7:33: unknown variable {{sumary}}; expected one of: summary, event, why, batch, run, "#
        + #"total, done, skipped, failed, spent; did you mean "summary"?"#
    ),
    ("parallel: 0", #"7:11: expected a whole number from 1 to 1024 for "parallel", found "0""#),
    (
      "parallel: many",
      #"7:11: expected a whole number from 1 to 1024 for "parallel", found "many""#
    ),
    (#"parallel: "8""#, #"7:11: expected a whole number from 1 to 1024 for "parallel", found "8""#),
    (
      "parallel: {run: 2, llm: 2000}",
      #"7:25: expected a whole number from 1 to 1024 for "llm", found "2000""#
    ),
    (
      "parallel: {rnu: 2}",
      #"7:12: unknown key "rnu" of parallel; expected one of: run, llm; did you mean "run"?"#
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
      "retry: {on_long_wait: sleep}",
      #"7:23: unknown value "sleep" of "on_long_wait"; expected one of: stay, leave"#
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
      "7:10: a check needs exactly one of: nonempty, changed, run, regex, json-schema, json-valid"
    ),
    ("checks: [{nonempty: false}]", #"7:21: expected true for "nonempty", found "false""#),
    (
      "checks: [{nonempty: true, regex: a}]",
      #"7:27: a check has "nonempty" already; expected exactly one of: nonempty, "#
        + #"changed, run, regex, json-schema, json-valid"#
    ),
    (
      #"checks: [{regex: "("}]"#,
      #"7:18: the pattern "(" does not compile; expected an ICU regular expression"#
    ),
    (
      "checks: [{nonemtpy: true}]",
      #"7:11: unknown key "nonemtpy" of a check; expected one of: name, nonempty, changed, run, "#
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
}
