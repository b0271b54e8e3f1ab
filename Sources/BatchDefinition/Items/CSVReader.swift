// Comma-separated values as RFC 4180 has them, read as a stream.
//
// SwiftCSV holds the whole text in memory, drops white space before fields (which RFC 4180 section
// 2.4 forbids) and takes every Unicode newline for a row's end; so bytes are read here.

import BatchModel

/// Splits a stream into rows of fields.
struct CSVStream: ~Copyable {
  enum Row {
    case fields([String])
    case problem(String)
  }
  private enum State { case fieldStart, plain, quoted, quoteInQuoted }

  private let path: String
  private var stream: ByteStream
  private var piece: [UInt8] = []
  private var position = 0
  private var line = 1
  private var isStarted = false
  private var fields: [String] = []
  private var field: [UInt8] = []
  private var rowBytes = 0
  private var problem: String?
  /// The line that the last row begins in, from 1.
  private(set) var rowLine = 1

  init(_ stream: consuming ByteStream, path: String) {
    self.stream = stream
    self.path = path
  }

  /// The next row.
  ///
  /// `nil` at the end. Empty lines are no rows.
  mutating func next() throws(ItemSourceError) -> Row? {
    while true {
      guard let row = try readRow() else { return nil }
      if case .fields(let fields) = row, fields == [""] { continue }
      return row
    }
  }

  private mutating func readRow() throws(ItemSourceError) -> Row? {
    rowLine = line
    fields = []
    field = []
    rowBytes = 0
    problem = nil
    var state = State.fieldStart
    var quoteLine = line
    var isEmpty = true
    while let byte = try nextByte() {
      isEmpty = false
      let isQuoted = state == .quoted
      if state == .fieldStart, byte == UInt8(ascii: "\"") { quoteLine = line }
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte == UInt8(ascii: "\n"), !isQuoted {
        finishField(dropsReturn: state != .quoteInQuoted)
        return finishRow()
      }
      try take(byte, &state, quoteLine)
    }
    guard !isEmpty else { return nil }
    guard state != .quoted else { throw .quoteNeverClosed(path: path, line: quoteLine) }
    finishField(dropsReturn: state != .quoteInQuoted)
    return finishRow()
  }

  private mutating func take(
    _ byte: UInt8, _ state: inout State, _ quoteLine: Int
  ) throws(ItemSourceError) {
    let isQuote = byte == UInt8(ascii: "\"")
    let isComma = byte == UInt8(ascii: ",")
    switch state {
    case .fieldStart where isQuote: state = .quoted
    case .fieldStart, .plain:
      if isComma {
        finishField(dropsReturn: false)
        state = .fieldStart
      } else {
        if isQuote { problem = problem ?? "a quote inside an unquoted field; expected it doubled" }
        try append(byte, state, quoteLine)
        state = .plain
      }
    case .quoted where isQuote: state = .quoteInQuoted
    case .quoted: try append(byte, state, quoteLine)
    case .quoteInQuoted:
      if isQuote {
        try append(byte, state, quoteLine)
        state = .quoted
      } else if isComma {
        finishField(dropsReturn: false)
        state = .fieldStart
      } else if byte != UInt8(ascii: "\r") {
        problem = problem ?? "text after a closing quote; expected a comma or the row's end"
      }
    }
  }

  /// A row that grows past the bound is dropped; a quote that is never closed would take the rest of
  /// the file with it, so that ends the source.
  private mutating func append(
    _ byte: UInt8, _ state: State, _ quoteLine: Int
  ) throws(ItemSourceError) {
    rowBytes += 1
    if rowBytes <= RecordLimits.bytesMax {
      field.append(byte)
    } else if state == .quoted {
      throw .quoteNeverClosed(path: path, line: quoteLine)
    } else {
      problem = problem ?? SourceProblem.tooLong
    }
  }

  private mutating func finishField(dropsReturn: Bool) {
    if dropsReturn, field.last == UInt8(ascii: "\r") { field.removeLast() }
    if let text = String(validating: field, as: UTF8.self) {
      fields.append(text)
    } else {
      problem = problem ?? "the row is not valid UTF-8 and was left out"
    }
    field.removeAll(keepingCapacity: true)
  }

  private func finishRow() -> Row { problem.map(Row.problem) ?? .fields(fields) }

  private mutating func nextByte() throws(ItemSourceError) -> UInt8? {
    if position == piece.count {
      piece = try stream.next()
      position = !isStarted && piece.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      isStarted = true
      if position == piece.count { return nil }
    }
    position += 1
    return piece[position - 1]
  }
}

/// A file with a header line and a row an item.
final class CSVRowReader: RecordReading {
  private var rows: CSVStream
  private let path: String
  private let header: [String]

  init(path: String, folder: String) throws(ItemSourceError) {
    self.path = path
    rows = CSVStream(
      try ByteStream(file: SourcePath.resolve(path, in: folder)), path: path)
    header = try Self.header(&rows, path)
  }

  private static func header(
    _ rows: inout CSVStream, _ path: String
  ) throws(ItemSourceError) -> [String] {
    guard let row = try rows.next() else {
      throw .empty(source: "the file \(path) has no header line")
    }
    guard case .fields(let names) = row else {
      throw .header(path: path, problem: "the header line cannot be read; expected column names")
    }
    var seen: Set<String> = []
    for name in names {
      guard !name.isEmpty else {
        throw .header(path: path, problem: "a column has no name; expected one for each")
      }
      guard seen.insert(name).inserted else {
        throw .header(path: path, problem: "the column \"\(name)\" is named twice")
      }
    }
    return names
  }

  func next() throws(ItemSourceError) -> SourceRecord? {
    guard let row = try rows.next() else { return nil }
    switch row {
    case .problem(let message): return problem(message)
    case .fields(let fields):
      guard fields.count == header.count else {
        return problem("the row has \(fields.count) fields; expected \(header.count) as the header")
      }
      var members: [String: JSONValue] = [:]
      members.reserveCapacity(fields.count)
      for (name, field) in zip(header, fields) { members[name] = .string(field) }
      return .item(.object(members), (path, rows.rowLine))
    }
  }

  private func problem(_ message: String) -> SourceRecord {
    .problem(SourceProblem(path: path, line: rows.rowLine, message: message))
  }

  var emptyPhrase: String { "the file \(path) has a header and no row" }
  var sourcePhrase: String { "the file \(path) has rows" }
}

extension ItemSource {
  /// The column names of a csv file, to compare the definition's variables with.
  package static func columns(
    ofCSV path: String, folder: String
  ) throws(ItemSourceError) -> [String] {
    try CSVRowReader(path: path, folder: folder).columns
  }
}

extension CSVRowReader {
  /// The header's names, in order.
  var columns: [String] { header }
}
