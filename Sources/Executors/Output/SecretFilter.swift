// Masking of a stream in chunks: what may be the beginning of a secret waits for the next chunk.

/// The state of masking one stream; holds back at most the longest secret.
struct SecretFilter {
  private enum State {
    case text
    /// A token was recognised and replaced; its remaining characters are dropped.
    case inToken
    /// Bytes were lost before this one: what may be a secret's second half is dropped.
    case afterGap(atLeast: Int, atMost: Int)
  }

  private enum Verdict {
    case nothing
    /// The bytes up to the chunk's end may begin a secret.
    case undecided
    case secret(count: Int)
    case token(count: Int, shown: Int)
  }

  private let mask: SecretMask
  private var state = State.text
  private var held: [UInt8] = []
  /// The byte before the next one: a token does not begin inside a word.
  private var previous: UInt8 = 10

  init(_ mask: SecretMask) { self.mask = mask }

  /// Says that bytes were left out here.
  mutating func skipGap() {
    held.removeAll()
    let atLeast = mask.hasNewlines ? mask.longestSecretBytes : 0
    state = .afterGap(atLeast: atLeast, atMost: max(4096, mask.longestSecretBytes))
  }

  /// Appends the masked form of `chunk` to `output`, but for an undecided end.
  mutating func filter(_ chunk: UnsafeRawBufferPointer, into output: inout [UInt8]) {
    if held.isEmpty { return scan(chunk, into: &output) }
    var joined = held
    joined.append(contentsOf: chunk)
    held.removeAll(keepingCapacity: true)
    joined.withUnsafeBytes { scan($0, into: &output) }
  }

  /// Appends the masked form of what was held back: the stream is over, so nothing is undecided.
  mutating func finish(into output: inout [UInt8]) {
    let rest = held
    held.removeAll()
    rest.withUnsafeBytes { scan($0, isWhole: true, into: &output) }
  }

  private mutating func scan(
    _ bytes: UnsafeRawBufferPointer, isWhole: Bool = false, into output: inout [UInt8]
  ) {
    var index = resume(in: bytes)
    var copied = index
    while index < bytes.count {
      guard mask.isStart[Int(bytes[index])] else {
        index += 1
        continue
      }
      let verdict = verdict(on: bytes, at: index, isWhole: isWhole)
      if case .nothing = verdict {
        index += 1
        continue
      }
      output.append(contentsOf: bytes[copied..<index])
      switch verdict {
      case .nothing: break
      case .undecided:
        if index > 0 { previous = bytes[index - 1] }
        held.append(contentsOf: bytes[index...])
        return
      case .secret(let count):
        output.append(contentsOf: SecretMask.replacement)
        index += count
      case .token(let count, let shown):
        output.append(contentsOf: bytes[index..<(index + shown)])
        output.append(contentsOf: SecretMask.replacement)
        index += count
        if index == bytes.count { state = .inToken }
      }
      copied = index
    }
    if copied < bytes.count { output.append(contentsOf: bytes[copied...]) }
    if let last = bytes.last { previous = last }
  }

  /// Where the text begins again after a token or a gap.
  private mutating func resume(in bytes: UnsafeRawBufferPointer) -> Int {
    switch state {
    case .text: return 0
    case .inToken:
      let end = bytes.firstIndex { !SecretMask.isTokenByte[Int($0)] } ?? bytes.count
      if end < bytes.count { state = .text }
      return end
    case .afterGap(let atLeast, let atMost):
      let start = min(atLeast, bytes.count)
      let end = min(atMost, bytes.count)
      if let newline = bytes[start..<max(start, end)].firstIndex(of: 10) {
        state = .text
        return newline + 1
      }
      let isOver = bytes.count >= atMost
      state =
        isOver
        ? .text
        : .afterGap(atLeast: max(0, atLeast - bytes.count), atMost: atMost - bytes.count)
      return end
    }
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
