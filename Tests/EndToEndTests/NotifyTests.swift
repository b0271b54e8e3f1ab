// `notify` from end to end: commands that are told, hostile words, and commands that fail or hang.

import Foundation
import Testing

@Suite(.turn) struct NotifyTests {
  @Test("A definition's commands are told of the end and of each new kind of failure, quoted")
  func told() async throws {
    let folder = try BatchFolder()
    try folder.define(
      """
      items: {list: ["$(touch hacked)", bbb, ccc]}
      steps: [{id: one, run: 'test {{line}} = bbb || { echo no {{line}} >&2; exit 3; }'}]
      retry: {attempts: 1}
      notify:
        - {on: [finished, new-failure], run: 'printf "%s\\n" {{summary}} >> told.txt'}
        - {on: finished, run: [sh, -c, 'echo "$FOOTPLATE_NOTICE_FAILED" > failed.txt']}
        - {on: breaker-open, run: [touch, never.txt]}
      """)
    let ended = try await folder.footplate("run", "--headless")
    #expect(ended.status == 1, "\(ended)")
    let told = folder.text("told.txt").split(separator: "\n")
    #expect(told.count == 2, "\(told)")
    #expect(told.first?.hasPrefix("test: new-failure: ") == true, "\(told)")
    #expect(
      told.last == "test: finished: nothing is left to do; 1 of 3 done, 2 failed", "\(told)")
    #expect(folder.text("failed.txt") == "2\n")
    #expect(!Files.exists("\(folder.path)/hacked") && !Files.exists("\(folder.path)/never.txt"))
  }

  @Test("A command that fails, is missing or hangs is a warning, and the run ends as it would")
  func harmless() async throws {
    let folder = try BatchFolder()
    try folder.define(
      """
      items: {list: [a]}
      steps: [{id: one, run: 'true'}]
      notify:
        - {on: finished, run: 'echo broken >&2; exit 7'}
        - {on: finished, run: [no-such-program]}
        - {on: finished, run: [sleep, "600"], timeout: 200ms}
      """)
    let ended = try await folder.footplate("run", "--headless")
    #expect(ended.status == 0, "\(ended)")
    #expect(ended.complaints.contains("notify of finished: broken"), "\(ended)")
    #expect(ended.complaints.contains("no-such-program"), "\(ended)")
    #expect(ended.complaints.contains("no end within"), "\(ended)")
  }
}
