// Server-sent events out of bytes in any pieces: apart from what the events say, because every API
// streams them and every network cuts them elsewhere.

/// One event of a stream.
package struct ServerEvent: Hashable, Sendable {
  /// The `event` field; `message` where the stream names none.
  package var name: String
  /// The `data` fields joined by line feeds, unread: it may be no JSON and no UTF-8.
  package var data: [UInt8]

  package init(name: String = "message", data: [UInt8]) {
    self.name = name
    self.data = data
  }
}

/// An incremental reader of server-sent events.
///
/// Source: the HTML standard, section 9.2.6 "Interpreting an event stream" (WHATWG, 2026). It holds
/// at most one line and one event, both bounded; past a bound it stops for good, since what follows
/// can no longer be cut into events.
package struct EventStreamParser: Sendable {
  /// Why no more events come.
  package enum Overflow: Hashable, Sendable {
    case line(bytesMax: Int)
    case event(bytesMax: Int)
  }

  /// The Responses API repeats the whole answer in its last event, on one line.
  package static let defaultBytesMax = 16 << 20

  private let bytesMax: Int
  private var line: [UInt8] = []
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false
  /// A line feed right after a carriage return ends no second line.
  private var endedWithReturn = false
  private var isAtStart = true
  package private(set) var overflow: Overflow?

  /// Makes a parser whose lines and events have at most `bytesMax` bytes each.
  package init(bytesMax: Int = EventStreamParser.defaultBytesMax) {
    precondition(bytesMax > 0, "an event stream needs room for a line")
    self.bytesMax = bytesMax
  }

  /// The events that `chunk` completes.
  package mutating func receive(_ chunk: [UInt8]) -> [ServerEvent] {
    var events: [ServerEvent] = []
    chunk.withUnsafeBufferPointer { bytes in
      var start = 0
      for index in bytes.indices where overflow == nil {
        let byte = bytes[index]
        guard byte == 10 || byte == 13 else { continue }
        let isSecondHalf = byte == 10 && endedWithReturn && index == start && line.isEmpty
        endedWithReturn = byte == 13
        if !isSecondHalf {
          append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
          endLine(into: &events)
        }
        start = index + 1
      }
      guard overflow == nil, start < bytes.count else { return }
      endedWithReturn = false
      append(UnsafeBufferPointer(rebasing: bytes[start...]))
    }
    return events
  }

  private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard line.count + bytes.count <= bytesMax else {
      stop(.line(bytesMax: bytesMax))
      return
    }
    line.append(contentsOf: bytes)
  }

  private mutating func endLine(into events: inout [ServerEvent]) {
    guard overflow == nil else { return }
    defer { line.removeAll(keepingCapacity: true) }
    if isAtStart {
      isAtStart = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    if line.isEmpty { return endEvent(into: &events) }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    guard colon > 0 else { return }  // a comment
    var value = line[min(colon + 1, line.endIndex)...]
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    receive(field: line[..<colon], value: value)
  }

  /// `id` and `retry` are for reconnecting, which a paid call never does; unknown names are ignored.
  private mutating func receive(field: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
    if field.elementsEqual("data".utf8) {
      guard data.count + value.count < bytesMax else { return stop(.event(bytesMax: bytesMax)) }
      if hasData { data.append(10) }
      data.append(contentsOf: value)
      hasData = true
    } else if field.elementsEqual("event".utf8) {
      name = String(decoding: value, as: UTF8.self)
    }
  }

  private mutating func endEvent(into events: inout [ServerEvent]) {
    defer {
      name = ""
      data = []
      hasData = false
    }
    guard hasData else { return }
    events.append(ServerEvent(name: name.isEmpty ? "message" : name, data: data))
  }

  private mutating func stop(_ reason: Overflow) {
    overflow = reason
    line = []
    data = []
  }
}
