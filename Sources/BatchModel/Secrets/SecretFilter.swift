// Masking of a stream in chunks: what may be the beginning of a secret waits for the next chunk.

/// The state of masking one stream; holds back at most the longest secret.
package struct SecretFilter {
  /// Bytes after a gap that are read but not shown: what the gap cut may be a secret's second half.
  private struct Mute {
    /// Not over before so many bytes: the longest secret, if one contains a newline.
    var atLeast: Int
    /// Over with the first newline after that, or after so many bytes.
    var atMost: Int
  }

  private enum Verdict {
    case nothing
    /// The bytes up to the chunk's end may begin a secret.
    case undecided
    case secret(count: Int)
    case token(count: Int, shown: Int)
  }

  private let mask: SecretMask
  /// A token was recognised and replaced; its remaining characters are dropped.
  private var isInToken = false
  private var mute: Mute?
  private var held: [UInt8] = []
  /// The byte before the next one: a token does not begin inside a word.
  private var previous: UInt8 = 10

  package init(_ mask: SecretMask) { self.mask = mask }

  /// Says that bytes were left out here.
  package mutating func skipGap() {
    held.removeAll()
    isInToken = false
    mute = Mute(
      atLeast: mask.hasNewlines ? mask.longestSecretBytes : 0,
      atMost: max(4096, mask.longestSecretBytes))
  }

  /// Appends the masked form of `chunk` to `output`, but for an undecided end.
  package mutating func filter(_ chunk: UnsafeRawBufferPointer, into output: inout [UInt8]) {
    if held.isEmpty { return scan(chunk, into: &output) }
    var joined = held
    joined.append(contentsOf: chunk)
    held.removeAll(keepingCapacity: true)
    joined.withUnsafeBytes { scan($0, into: &output) }
  }

  /// Appends the masked form of what was held back: the stream is over, so nothing is undecided.
  package mutating func finish(into output: inout [UInt8]) {
    let rest = held
    held.removeAll()
    rest.withUnsafeBytes { scan($0, isWhole: true, into: &output) }
  }

  private mutating func scan(
    _ bytes: UnsafeRawBufferPointer, isWhole: Bool = false, into output: inout [UInt8]
  ) {
    let mutedCount = mutedCount(in: bytes)
    var index = skipToken(in: bytes)
    var shownEnd = max(index, mutedCount)
    func show(upTo end: Int, into output: inout [UInt8]) {
      if shownEnd < end { output.append(contentsOf: bytes[shownEnd..<end]) }
    }
    while index < bytes.count {
      guard mask.isStart[Int(bytes[index])] else {
        index += 1
        continue
      }
      let end: Int
      switch verdict(on: bytes, at: index, isWhole: isWhole) {
      case .nothing:
        index += 1
        continue
      case .undecided:
        show(upTo: index, into: &output)
        consume(bytes, upTo: index)
        held.append(contentsOf: bytes[index...])
        return
      case .secret(let count):
        end = index + count
        show(upTo: index, into: &output)
      case .token(let count, let shown):
        end = index + count
        show(upTo: index + shown, into: &output)
        isInToken = end == bytes.count
      }
      // One that begins before the mute's end and crosses it is recognised all the same.
      if end > mutedCount { output.append(contentsOf: SecretMask.replacement) }
      index = end
      shownEnd = max(end, mutedCount)
    }
    show(upTo: bytes.count, into: &output)
    consume(bytes, upTo: bytes.count)
  }

  /// Accounts for bytes that will not be seen again.
  private mutating func consume(_ bytes: UnsafeRawBufferPointer, upTo end: Int) {
    if end > 0 { previous = bytes[end - 1] }
    guard let mute else { return }
    let start = min(mute.atLeast, end)
    let isOver = end >= mute.atMost || bytes[start..<end].contains(10)
    self.mute =
      isOver ? nil : Mute(atLeast: mute.atLeast - start, atMost: mute.atMost - end)
  }

  /// How many of these bytes are not shown.
  private func mutedCount(in bytes: UnsafeRawBufferPointer) -> Int {
    guard let mute else { return 0 }
    let start = min(mute.atLeast, bytes.count)
    let end = max(start, min(mute.atMost, bytes.count))
    return bytes[start..<end].firstIndex(of: 10).map { $0 + 1 } ?? end
  }

  /// Where the text begins again after a token.
  private mutating func skipToken(in bytes: UnsafeRawBufferPointer) -> Int {
    guard isInToken else { return 0 }
    let end = bytes.firstIndex { !SecretMask.isTokenByte[Int($0)] } ?? bytes.count
    isInToken = end == bytes.count
    return end
  }

  private func verdict(
    on bytes: UnsafeRawBufferPointer, at index: Int, isWhole: Bool
  ) -> Verdict {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[index...])
    var isUndecided = false
    for secret in mask.secrets where secret[0] == rest[0] {
      let count = Self.commonCount(secret, rest)
      if count == secret.count { return isUndecided ? .undecided : .secret(count: count) }
      if count == rest.count { isUndecided = !isWhole }
    }
    let before = index > 0 ? bytes[index - 1] : previous
    if !SecretMask.isWordByte[Int(before)] {
      for shape in SecretMask.shapes where shape.prefix[0] == rest[0] {
        switch verdict(on: rest, shape) {
        case .nothing: continue
        case .undecided: isUndecided = !isWhole
        case let found: return found
        }
      }
    }
    return isUndecided ? .undecided : .nothing
  }

  private func verdict(on rest: UnsafeRawBufferPointer, _ shape: SecretMask.Shape) -> Verdict {
    let common = Self.commonCount(shape.prefix, rest)
    guard common == shape.prefix.count else { return common == rest.count ? .undecided : .nothing }
    var end = common
    while end < rest.count, SecretMask.isTokenByte[Int(rest[end])] { end += 1 }
    if end - common >= shape.restCountMin { return .token(count: end, shown: shape.shownCount) }
    return end == rest.count ? .undecided : .nothing
  }

  private static func commonCount(_ pattern: [UInt8], _ bytes: UnsafeRawBufferPointer) -> Int {
    let limit = min(pattern.count, bytes.count)
    var count = 0
    while count < limit, pattern[count] == bytes[count] { count += 1 }
    return count
  }
}
