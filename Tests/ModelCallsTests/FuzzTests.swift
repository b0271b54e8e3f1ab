// Replies bent at random: whatever comes, the call ends, is judged, and is charged with reason.

import Providers
import Resilience
import Testing

@testable import ModelCalls

@Suite("Replies bent at random", .timeLimit(.minutes(2)))
struct FuzzTests {
  static let originals = [
    Reply.whole(Reply.answer),
    Reply.streamHead
      + [Reply.piece("Green."), Reply.stop, Reply.usage, Reply.done].map(Reply.chunk).joined()
      + Reply.lastChunk,
    Reply.whole(
      #"{"error":{"type":"rate_limit_error","message":"slow"}}"#, status: "429 Slow",
      "retry-after: 3\r\nx-ratelimit-limit-requests: 5\r\n"),
  ].map { Array($0.utf8) }

  /// Changes a few places: flips, cuts, repeats, insertions.
  static func bent(_ original: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard !bytes.isEmpty else { break }
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 1...40, using: &random))
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes.removeSubrange(start..<end)
      case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
      case 3:
        let noise = (start..<end).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes.insert(contentsOf: noise, at: start)
      default: bytes.removeSubrange(start...)
      }
    }
    return bytes
  }

  @Test("end in an outcome with a reason for its charge", arguments: [1, 2, 3, 4] as [UInt64])
  func ends(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    let replies = (0..<120).map { Self.bent(Self.originals[$0 % 3], &random) }
    try await Rig<RawServer>.withRaw(
      acts: { [.awaitRequest, .bytes(replies[$0 % replies.count]), .close] }
    ) { rig in
      for index in replies.indices {
        let end = await rig.caller.call(try rig.request(streams: index.isMultiple(of: 2)))
        let outcome = try #require(end.outcome)
        #expect(outcome.message.utf8.count <= 300)
        switch outcome.charge {
        case .nothing:
          // Refused by a status or by an error in the body; never merely because it broke.
          #expect(outcome.status != 0 && outcome.verdict != .answered, "\(index): \(end)")
        case .usage: #expect(outcome.answer != nil)
        case .worstCase: break
        }
      }
      // One may be lost that crosses the closing of its connection; none is sent twice.
      #expect((1...replies.count).contains(rig.server.requests.count))
    }
  }
}
