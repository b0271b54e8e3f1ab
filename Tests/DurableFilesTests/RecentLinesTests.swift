// Lines that are remembered: private, bounded, and never a reason to disturb anybody.

import BatchModel
import DurableFiles
import Foundation
import Glibc
import Testing

@Suite struct RecentLinesTests {
  private func lines(_ folder: TestFolder, max: Int = 3, bytes: Int = 64) -> RecentLines {
    RecentLines(
      folder: folder.path + "/state/footplate", name: "history", linesMax: max, bytesMax: bytes)
  }

  @Test func `the newest lines are read in their order, from a private file`() throws {
    let folder = try TestFolder()
    #expect(lines(folder).read() == [])
    for line in ["cap 9", "sort age", "hold step wrïte", "pause"] { lines(folder).append(line) }
    #expect(lines(folder).read() == ["sort age", "hold step wrïte", "pause"])
    #expect(folder.mode("state/footplate/history") == 0o600)
    #expect(folder.mode("state/footplate") == 0o700)
  }

  @Test func `a file that has grown is written anew with what still counts`() throws {
    let folder = try TestFolder()
    for number in 0..<200 { lines(folder).append("line \(number)") }
    #expect(lines(folder).read() == ["line 197", "line 198", "line 199"])
    #expect(try folder.text("state/footplate/history").utf8.count <= 64)
    #expect(folder.mode("state/footplate/history") == 0o600)
  }

  @Test func `a line with a break in it, an empty one and a huge one are not taken`() throws {
    let folder = try TestFolder()
    for line in ["a\nb", "", String(repeating: "x", count: 100)] { lines(folder).append(line) }
    #expect(lines(folder).read() == [])
  }

  @Test func `others may not read it any more after its first use`() throws {
    let folder = try TestFolder()
    try folder.write("old\n", to: "state/footplate/history")
    #expect(chmod("\(folder.path)/state/footplate/history", 0o644) == 0)
    #expect(lines(folder).read() == ["old"])
    #expect(folder.mode("state/footplate/history") == 0o600)
  }

  @Test func `a link, a pipe, a folder and bytes that are no text disturb nobody`() throws {
    for kind in ["link", "pipe", "folder", "file in the folder's place"] {
      let folder = try TestFolder()
      let path = folder.path + "/state/footplate/history"
      try folder.write("", to: "state/footplate/other")
      switch kind {
      case "link":
        try folder.write("secret\n", to: "elsewhere")
        try folder.link("state/footplate/history", to: folder.path + "/elsewhere")
      case "pipe": #expect(mkfifo(path, 0o600) == 0)
      case "folder": try PrivateFolder.create(path)
      default:
        try FileManager.default.removeItem(atPath: folder.path + "/state")
        try folder.write("", to: "state")
      }
      lines(folder).append("line")
      #expect(lines(folder).read() == [], "\(kind)")
      if kind == "link" { #expect(try folder.text("elsewhere") == "secret\n") }
    }
    let folder = try TestFolder()
    try folder.write("", to: "state/footplate/history")
    try Data([0xFF, 0x0A, 0x61]).write(
      to: URL(fileURLWithPath: folder.path + "/state/footplate/history"))
    #expect(lines(folder).read() == ["\u{FFFD}", "a"])
  }

  @Test func `two who write at once lose no line and mix none`() async throws {
    let folder = try TestFolder()
    await withTaskGroup { group in
      for writer in 0..<4 {
        group.addTask {
          let lines = lines(folder, max: 1000, bytes: 1 << 20)
          for number in 0..<50 { lines.append("writer \(writer) line \(number)") }
        }
      }
    }
    let all = lines(folder, max: 1000, bytes: 1 << 20).read()
    #expect(Set(all).count == 200)
    #expect(all.count == 200)
  }
}
