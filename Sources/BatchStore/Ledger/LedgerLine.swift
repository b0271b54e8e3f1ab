// One line of a mirror: the event's place, the digest of the line before, and the event's own bytes.
//
// The members stand in a fixed order, so that the body is found without parsing the rest, and is the
// very bytes that the database has.

import BatchModel
import Foundation

/// A line of `ledger.ndjson`.
struct LedgerLine {
  var sequence: Int64
  /// Milliseconds since 1970.
  var at: Int64
  /// The digest of the line before, without its newline; `nil` in the first line.
  var previous: Digest?
  var content: Content

  enum Content {
    /// The JSON of the change.
    case body([UInt8])
    /// It was too long for a line.
    case object(Digest)
  }

  /// The longest line, its newline included.
  static let sizeMax = 256 << 10

  private static let prefix = Array("{\"sequence\":".utf8)
  private static let at = Array(",\"at\":\"".utf8)
  private static let run = Array("\",\"run\":".utf8)
  private static let previous = Array("\"prev\":".utf8)
  private static let noPrevious = Array("null,".utf8)
  private static let objectMember = Array("\"body\":\"".utf8)

  /// Appends the line of an event, with its newline.
  ///
  /// - Parameter store: Called with a body that is too long for a line.
  static func append(
    _ event: RecordedEvent, previous digest: Digest?, to bytes: inout [UInt8],
    store: ([UInt8]) throws(StoreError) -> Digest
  ) throws(StoreError) {
    bytes += prefix
    bytes += String(event.sequence).utf8
    bytes += at
    Timestamp.append(event.at, to: &bytes)
    // These bodies name their run themselves.
    if event.kind.namesRun {
      bytes += "\",".utf8
    } else {
      bytes += run
      JSONBytes.append(event.run.text, to: &bytes)
      bytes.append(UInt8(ascii: ","))
    }
    bytes += previous
    if let digest { bytes += "\"\(digest)\",".utf8 } else { bytes += noPrevious }
    if event.body.count + 1_024 > sizeMax {
      bytes += objectMember
      bytes += "\(try store(event.body))\"}\n".utf8
    } else {
      bytes += event.body.dropFirst()
      bytes.append(0x0a)
    }
  }

  /// Reads a line without its newline; `nil` when it is none.
  init?(_ line: ArraySlice<UInt8>) {
    var rest = line
    guard rest.drop(Self.prefix), let sequence = rest.dropNumber(), rest.drop(Self.at),
      let at = Timestamp.parse(rest.prefix(Timestamp.size))
    else { return nil }
    rest = rest.dropFirst(Timestamp.size)
    if rest.drop(Self.run) {
      guard rest.dropString() else { return nil }
    } else {
      guard rest.drop(Array("\"".utf8)) else { return nil }
    }
    guard rest.drop(Array(",".utf8)), rest.drop(Self.previous) else { return nil }
    self.sequence = sequence
    self.at = at
    if rest.drop(Self.noPrevious) {
      previous = nil
    } else {
      guard let digest = rest.dropDigest(), rest.drop(Array(",".utf8)) else { return nil }
      previous = digest
    }
    var member = rest
    if member.drop(Self.objectMember.dropLast()) {
      guard let digest = member.dropDigest(), member.elementsEqual("}".utf8) else { return nil }
      content = .object(digest)
    } else {
      guard rest.last == UInt8(ascii: "}") else { return nil }
      content = .body([UInt8(ascii: "{")] + rest)
    }
  }
}

extension Change.Kind {
  /// Whether the body has a member `run` of its own.
  fileprivate var namesRun: Bool {
    switch self {
    case .runStarted, .runMoved, .itemsEnqueued, .itemsMoved, .noted, .remarked: true
    case .attemptStarted, .attemptLaunched, .attemptEnded, .resultRecorded, .resultRejected,
      .resultHeld, .sentBack, .publishing, .stepDone, .itemMoved, .providerMoved, .budgetMoved,
      .artifactTracked, .holdMoved, .parallelMoved, .canaryMoved:
      false
    }
  }
}

extension ArraySlice<UInt8> {
  /// Drops a prefix; leaves the slice alone when it does not begin so.
  fileprivate mutating func drop(_ prefix: some Collection<UInt8>) -> Bool {
    guard starts(with: prefix) else { return false }
    self = dropFirst(prefix.count)
    return true
  }

  fileprivate mutating func dropNumber() -> Int64? {
    let digits = self.prefix { (48...57).contains($0) }
    self = dropFirst(digits.count)
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  /// Drops a JSON string.
  fileprivate mutating func dropString() -> Bool {
    guard first == UInt8(ascii: "\"") else { return false }
    var index = startIndex + 1
    while index < endIndex, self[index] != UInt8(ascii: "\"") {
      index += self[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard index < endIndex else { return false }
    self = self[(index + 1)...]
    return true
  }

  /// Drops a digest in quotes.
  fileprivate mutating func dropDigest() -> Digest? {
    guard let digest = Digest(String(decoding: dropFirst().prefix(71), as: UTF8.self)),
      count >= 73, first == UInt8(ascii: "\""), self[startIndex + 72] == UInt8(ascii: "\"")
    else { return nil }
    self = dropFirst(73)
    return digest
  }
}
