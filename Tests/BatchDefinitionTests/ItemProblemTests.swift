// Bad input costs one item, not the batch: what is left out of a source, and why.

import BatchModel
import Foundation
import Testing

@testable import BatchDefinition

@Suite("Sources with bad entries")
struct ItemProblemTests {
  @Test("A bad line of JSON is left out with its place, and the rest goes on")
  func jsonl() throws {
    let workspace = try Workspace()
    try workspace.write(
      "a.jsonl",
      """
      {"id": 1, "text": "a"}

      {"id": 2,}
      [1]
      {"id": 12345678901234567890}
      {"text": "no id"}
      {"id": ""}
      {"id": 3} trailing
      {"id": 4}\r
      {"id": 5}
      """)
    let (items, problems) = try enumerate("{jsonl: a.jsonl, key: \"{{id}}\"}", in: workspace)
    #expect(items.map(\.key) == ["1", "1.2345678901234567e+19", "4", "5"])
    #expect(items[0].payload == .object(["id": .integer(1), "text": .string("a")]))
    #expect(
      problems == [
        #"a.jsonl:3: the line is not valid JSON at byte 10: expected a member's name in quotes"#,
        #"a.jsonl:4: the line is JSON but no object; expected {"field": …}"#,
        #"a.jsonl:6: unknown variable {{id}}; expected text"#,
        "a.jsonl:7: the key is empty; expected a text that identifies the item",
        "a.jsonl:8: the line is not valid JSON at byte 11: text after the document's end",
      ])
  }

  @Test("Rows of csv follow RFC 4180: quotes, newlines in quotes, white space kept")
  func csv() throws {
    let workspace = try Workspace()
    try workspace.write(
      "a.csv",
      "\u{FEFF}id,text,note\r\n1,\"a, \"\"b\"\"\r\nc\", x \r\n\r\n2,,\n3,\"\",\"\"\n4,e\u{301},\u{2028}"
    )
    let (items, problems) = try enumerate("{csv: a.csv, key: \"{{id}}\"}", in: workspace)
    #expect(problems == [])
    #expect(items.map(\.key) == ["1", "2", "3", "4"])
    #expect(
      items.map(\.payload) == [
        .object(["id": .string("1"), "text": .string("a, \"b\"\r\nc"), "note": .string(" x ")]),
        .object(["id": .string("2"), "text": .string(""), "note": .string("")]),
        .object(["id": .string("3"), "text": .string(""), "note": .string("")]),
        .object(["id": .string("4"), "text": .string("e\u{301}"), "note": .string("\u{2028}")]),
      ])
    #expect(
      try ItemSource.columns(ofCSV: "a.csv", folder: workspace.path) == ["id", "text", "note"])
  }

  @Test("A bad row of csv is left out with the line that it begins in")
  func badRows() throws {
    let workspace = try Workspace()
    try workspace.write(
      "a.csv",
      Array("id,text\n1,a\n2\n3,a,b\n4,a\"b\n5,\"a\"b\n6,\"x\n\ny\"\n7,".utf8) + [0xFF, 10]
        + Array("8,z".utf8))
    let (items, problems) = try enumerate("{csv: a.csv, key: \"{{id}}\"}", in: workspace)
    #expect(items.map(\.key) == ["1", "6", "8"])
    #expect(
      problems == [
        "a.csv:3: the row has 1 fields; expected 2 as the header",
        "a.csv:4: the row has 3 fields; expected 2 as the header",
        "a.csv:5: a quote inside an unquoted field; expected it doubled",
        "a.csv:6: text after a closing quote; expected a comma or the row's end",
        "a.csv:10: the row is not valid UTF-8 and was left out",
      ])
  }

  @Test("Lines that are no text, or gigantic, are left out")
  func lines() throws {
    let workspace = try Workspace()
    let giant = Array(repeating: UInt8(ascii: "x"), count: RecordLimits.bytesMax + 1)
    try workspace.write(
      "a.txt", Array("a\n".utf8) + [0xC3, 0x28, 10] + giant + Array("\nb".utf8))
    let (items, problems) = try enumerate("{lines: a.txt}", in: workspace)
    #expect(items.map(\.key) == ["a", "b"])
    #expect(
      problems == [
        "a.txt:2: the line is not valid UTF-8 and was left out",
        "a.txt:3: the line is longer than 8 MiB and was left out",
      ])
  }

  @Test("A long line's key is cut, and a digest keeps it apart from others that begin alike")
  func longKeys() throws {
    let workspace = try Workspace()
    let long = String(repeating: "ä", count: 2000)
    try workspace.write("a.txt", "\(long)1\n\(long)2\n\(long)1\n")
    let (items, _) = try enumerate("{lines: a.txt}", in: workspace)
    #expect(items.map { $0.key.utf8.count } == [531, 531, 531])
    #expect(items[0].key.hasPrefix("äää"))
    #expect(items[0].key != items[1].key)
    #expect(items[0].key == items[2].key)
    #expect(items[1].payload["line"] == .string(long + "2"))
    let (explicit, problems) = try enumerate(
      "{list: [{a: x, k: short}, {a: x, k: \(String(repeating: "k", count: 4097))}], key: \"{{k}}\"}",
      in: workspace)
    #expect(explicit.map(\.key) == ["short"])
    #expect(problems == ["items.list:2: the key has 4097 bytes; expected at most 4096"])
  }

  @Test("A command's standard output gives one item a line, however it is cut into pieces")
  func command() throws {
    let (items, _) = try enumerate(
      "{command: [git, ls-files]}", in: try Workspace(), output: ["a", "b\nc", "\r", "\n", "", "d"])
    #expect(items.map(\.key) == ["ab", "c", "d"])
    let source = ItemSource(kind: .command(.shell(try Template(parsing: "exit 3"))))
    #expect(throws: ItemSourceError.commandFailed(reason: "no such file")) {
      _ = try ItemEnumerator(source, folder: ".", renderer: TemplateRenderer()) { _ in
        throw NoSuchFile()
      }
    }
    let late = try ItemEnumerator(source, folder: ".", renderer: TemplateRenderer()) { words in
      #expect(words == ["/bin/sh", "-c", "exit 3"])
      return { throw NoSuchFile() }
    }
    #expect(throws: ItemSourceError.commandFailed(reason: "no such file")) {
      _ = try late.nextChunk(of: 1)
    }
  }

  @Test(
    "What must be done first is a JSON array or one key a line",
    arguments: [
      (#"["a", "b c"]"#, ["a", "b c"]), ("[]", []), ("", []), ("a\n\n b \r\nc", ["a", "b", "c"]),
      (#"[1, "x"]"#, ["1", "x"]),
    ])
  func after(text: String, keys: [String]) throws {
    let workspace = try Workspace()
    let row = JSONValue.object(["id": .string("i"), "needs": .string(text)])
    try workspace.write("a.jsonl", row.canonical)
    let (items, problems) = try enumerate(
      "{jsonl: a.jsonl, key: \"{{id}}\", after: \"{{needs}}\"}", in: workspace)
    #expect(problems == [])
    #expect(items == [SourceItem(key: "i", payload: row, after: keys)])
  }

  @Test("Dependencies may also be a field that is an array; a broken array costs the item")
  func afterFields() throws {
    let workspace = try Workspace()
    try workspace.write(
      "a.jsonl",
      #"{"id":"a","needs":["b","c"]}"# + "\n" + #"{"id":"b","needs":null}"# + "\n"
        + #"{"id":"c","needs":"[b"}"#)
    let (items, problems) = try enumerate(
      "{jsonl: a.jsonl, key: \"{{id}}\", after: \"{{needs}}\"}", in: workspace)
    #expect(items.map(\.after) == [["b", "c"], []])
    #expect(
      problems == [
        "a.jsonl:3: \"after\" gives no JSON array of keys: expected a JSON value; "
          + "expected such an array, or one key a line"
      ])
  }

  @Test("A source without items says what was searched")
  func empty() throws {
    let workspace = try Workspace()
    try workspace.write("empty.txt", "\n\n")
    try workspace.write("header.csv", "a,b\n")
    try workspace.write("twice.csv", "a,a\n1,2\n")
    try workspace.write("open.csv", "a\n1\n\"2\n3\n")
    try workspace.write("bad.jsonl", "{\n[\n")
    func message(_ items: String) -> String {
      do {
        _ = try enumerate(items, in: workspace)
        return "no error"
      } catch let error as ItemSourceError {
        return error.message
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message("{glob: \"*.swift\"}")
        == "no items: no file matches *.swift; check \"items\" in the definition")
    #expect(
      message("{lines: empty.txt}")
        == "no items: the file empty.txt has no line that is not empty; "
        + "check \"items\" in the definition")
    #expect(
      message("{csv: header.csv}")
        == "no items: the file header.csv has a header and no row; "
        + "check \"items\" in the definition")
    #expect(message("{csv: twice.csv}") == "twice.csv:1: the column \"a\" is named twice")
    #expect(
      message("{csv: open.csv}")
        == "open.csv:3: a quoted field begins here and is not closed within 8 MiB; "
        + "expected another \"")
    #expect(
      message("{jsonl: bad.jsonl}")
        == "no items: the file bad.jsonl has lines, but all 2 entries have problems; the first: "
        + "bad.jsonl:1: the line is not valid JSON at byte 2: expected a member's name in quotes")
    #expect(
      message("{lines: gone.txt}")
        == "the items cannot be read from \(workspace.path)/gone.txt: No such file or directory")
    #expect(
      message("{lines: .}")
        == "the items cannot be read from \(workspace.path)/.: Is a directory")
  }
}
