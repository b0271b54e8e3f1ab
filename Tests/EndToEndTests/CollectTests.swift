// Many rows in, one file out: what stands in the collected file, and when.

import Testing

@Suite(.turn) struct CollectTests {
  private func measured(_ collect: String) throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.write("id,text\n1,one fine day\n2,fail\n3,\"a, b\"\n", to: "rows.csv")
    try batch.define(
      """
      items: {csv: rows.csv, key: "{{id}}"}
      steps:
        - id: measure
          run: |
            test {{text}} != fail || exit 1
            printf '{"words": %d}' "$(printf %s {{text}} | wc -w)"
          checks: [{json-valid: true}]
      retry: {attempts: 1}
      collect: \(collect)
      """)
    return batch
  }

  @Test("A finished run's rows stand in one file, in the order of the source")
  func gathers() async throws {
    let batch = try measured(
      "{to: out/rows.jsonl, row: {id: \"{{id}}\", words: \"{{measure.json.words}}\"}}")
    try await batch.run(exits: 1)
    #expect(
      batch.text("out/rows.jsonl") == "{\"id\":\"1\",\"words\":3}\n{\"id\":\"3\",\"words\":2}\n")
  }

  @Test("A failed item's row has nulls where that is asked for, and its values once it is done")
  func mends() async throws {
    let batch = try measured(
      "{to: rows.csv.csv, failed: null, row: {id: \"{{id}}\", words: \"{{measure.json.words}}\"}}")
    try await batch.run(exits: 1)
    #expect(batch.text("rows.csv.csv") == "id,words\r\n1,3\r\n2,\r\n3,2\r\n")
    try batch.write("id,text\n1,one fine day\n2,two words\n3,\"a, b\"\n", to: "rows.csv")
    try await batch.run()
    #expect(batch.text("rows.csv.csv") == "id,words\r\n1,3\r\n2,2\r\n3,2\r\n")
  }

  @Test("A run that is not finished collects nothing yet")
  func waits() async throws {
    let batch = try measured("{to: rows.jsonl, row: {id: \"{{id}}\"}}")
    try await batch.run("--limit", "1", exits: 0)
    #expect(!batch.exists("rows.jsonl"))
  }
}
