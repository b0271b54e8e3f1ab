// A mirror read line by line in constant memory, its chain of digests checked on the way.

import BatchModel
import Foundation

/// What stands in a mirror at one place.
enum ScannedLine {
  case event(RecordedEvent)
  case problem(LedgerProblem)
}

/// Reads one run's mirror from its beginning.
struct MirrorScanner {
  let run: RunID
  private let objects: any ObjectStoring
  private let file: FileHandle
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  private var line = 0
  private var previous: Digest?
  /// After a line that could not be read, the next one's chain says nothing.
  private var isChainKnown = true
  private static let chunk = 256 << 10

  init(run: RunID, folder: String, objects: any ObjectStoring) throws(StoreError) {
    self.run = run
    self.objects = objects
    let path = try LedgerMirror.path(of: run, in: folder)
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw .unavailable(path: path, reason: "cannot be read")
    }
    self.file = file
  }

  /// The next line; `nil` at the end.
  mutating func next() throws(StoreError) -> ScannedLine? {
    guard let (bytes, isWhole) = try nextLine() else { return nil }
    line += 1
    guard isWhole else { return .problem(.tornTail(run: run, bytes: bytes.count)) }
    guard let parsed = LedgerLine(bytes) else {
      isChainKnown = false
      return .problem(.corruptLine(run: run, line: line))
    }
    let isLinked = !isChainKnown || parsed.previous == previous
    previous = Digest(of: bytes)
    isChainKnown = true
    guard isLinked else { return .problem(.brokenChain(run: run, line: line)) }
    return event(of: parsed)
  }

  private func event(of line: LedgerLine) -> ScannedLine {
    let body: [UInt8]
    switch line.content {
    case .body(let bytes): body = bytes
    case .object(let digest):
      do {
        body = try objects.bytes(of: digest)
      } catch {
        return .problem(.missingObject(sequence: line.sequence, digest: digest))
      }
    }
    do {
      let kind = try JSONDecoder().decode(ChangeType.self, from: Data(body)).type
      return .event(
        RecordedEvent(sequence: line.sequence, run: run, at: line.at, kind: kind, body: body))
    } catch {
      return .problem(.corruptLine(run: run, line: self.line))
    }
  }

  /// The next line without its newline, and whether it had one.
  private mutating func nextLine() throws(StoreError) -> (ArraySlice<UInt8>, isWhole: Bool)? {
    var searched = start
    while true {
      if let newline = buffer[searched...].firstIndex(of: 0x0a) {
        defer { start = newline + 1 }
        return (buffer[start..<newline], true)
      }
      guard !isAtEnd else {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return (buffer[start...], false)
      }
      searched = buffer.count - start
      try fill()
    }
  }

  private mutating func fill() throws(StoreError) {
    buffer.removeFirst(start)
    start = 0
    do {
      guard let more = try file.read(upToCount: Self.chunk), !more.isEmpty else {
        isAtEnd = true
        return
      }
      buffer += more
    } catch {
      throw .ioFailed(reason: "\(run): \(error.localizedDescription)")
    }
    // A file without newlines is no ledger; what was read of it is given up piece by piece.
    if buffer.count > 16 * Self.chunk, !buffer.contains(0x0a) { buffer.append(0x0a) }
  }
}
