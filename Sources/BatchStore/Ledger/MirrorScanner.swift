// A mirror read line by line in constant memory, its chain of digests checked on the way. A line is
// proven by the next one, which has its digest; so what is damaged is known to the line.

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
  private var lines: MirrorLines
  private var ready: [ScannedLine] = []
  /// The digest of the line before; `nil` before the first, and after one that could not be read.
  private var previous: Digest?
  private var isFirst = true

  init(run: RunID, folder: String, objects: any ObjectStoring) throws(StoreError) {
    self.run = run
    self.objects = objects
    lines = try MirrorLines(run: run, folder: folder)
  }

  /// The next event or problem; `nil` at the end.
  mutating func next() throws(StoreError) -> ScannedLine? {
    while ready.isEmpty {
      guard let line = try lines.peek() else { return nil }
      try read(line)
    }
    return ready.removeFirst()
  }

  private mutating func read(_ line: MirrorLine) throws(StoreError) {
    guard line.isWhole else {
      lines.drop()
      return ready.append(.problem(.tornTail(run: run, bytes: line.bytes.count)))
    }
    guard line.parsed != nil, try !isRefuted(line) else { return try readDamaged() }
    lines.drop()
    accept(line)
  }

  /// Whether the next line, which is proven itself, has another digest for this one.
  private mutating func isRefuted(_ line: MirrorLine) throws(StoreError) -> Bool {
    guard let next = try lines.peek(1), next.isWhole, let said = next.parsed,
      said.previous != line.digest
    else { return false }
    guard let after = try lines.peek(2), after.isWhole else {
      // Nothing speaks for the next one but that this one can be mended by its word.
      return said.previous.map { mending(to: $0).mend([line.bytes]) != nil } ?? false
    }
    return after.parsed?.previous == next.digest
  }

  /// Takes damaged lines up to one that can be relied on, and mends them if it says how.
  private mutating func readDamaged() throws(StoreError) {
    var damaged: [MirrorLine] = []
    while let line = try lines.peek(), line.isWhole {
      let isRefuted = try isRefuted(line)
      if line.parsed != nil, !isRefuted { break }
      damaged.append(line)
      lines.drop()
      // A refuted line is the last one of its stretch.
      if isRefuted { break }
    }
    if let target = try lines.peek()?.parsed?.previous,
      let mended = mending(to: target).mend(damaged.map(\.bytes))
    {
      for (line, old) in zip(mended, damaged) {
        ready.append(.problem(.mendedLine(run: run, line: old.number)))
        accept(line, number: old.number)
      }
      for line in mended.dropFirst(damaged.count) { accept(line, number: damaged[0].number) }
      return
    }
    for line in damaged { ready.append(.problem(.corruptLine(run: run, line: line.number))) }
    previous = nil
    isFirst = false
  }

  private func mending(to target: Digest) -> LineMending {
    LineMending(previous: previous, isFirst: isFirst, target: target)
  }

  private mutating func accept(_ line: MirrorLine, number: Int? = nil) {
    guard let parsed = line.parsed else { return }
    // After a line that could not be read, this one's chain says nothing.
    let isLinked = isFirst ? parsed.previous == nil : previous == nil || parsed.previous == previous
    if !isLinked {
      ready.append(.problem(.brokenChain(run: run, line: number ?? line.number)))
    }
    ready.append(event(of: parsed, number: number ?? line.number))
    previous = line.digest
    isFirst = false
  }

  private func event(of line: LedgerLine, number: Int) -> ScannedLine {
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
      return .problem(.corruptLine(run: run, line: number))
    }
  }
}
