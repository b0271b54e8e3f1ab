// JSON Lines: one object a line.

import BatchModel

/// A file with a JSON object a line.
final class RowReader: RecordReading {
  private var lines: LineStream
  private let path: String

  init(path: String, folder: String) throws(ItemSourceError) {
    lines = LineStream(try ByteStream(file: SourcePath.resolve(path, in: folder)))
    self.path = path
  }

  func next() throws(ItemSourceError) -> SourceRecord? {
    while let line = try lines.next() {
      guard case .text(let bytes) = line else { return problem(SourceProblem.tooLong) }
      let isBlank = bytes.allSatisfy { $0 == 32 || $0 == 9 }
      if !isBlank { return row(bytes) }
    }
    return nil
  }

  private func row(_ bytes: ArraySlice<UInt8>) -> SourceRecord {
    do throws(JSONReader.Mistake) {
      let value = try JSONReader.value(of: bytes)
      guard case .object = value else {
        return problem("the line is JSON but no object; expected {\"field\": …}")
      }
      return .item(value, (path, lines.number))
    } catch {
      return problem("the line is not valid JSON at byte \(error.offset + 1): \(error.message)")
    }
  }

  private func problem(_ message: String) -> SourceRecord {
    .problem(SourceProblem(path: path, line: lines.number, message: message))
  }

  var emptyPhrase: String { "the file \(path) has no line that is not empty" }
  var sourcePhrase: String { "the file \(path) has lines" }
}
