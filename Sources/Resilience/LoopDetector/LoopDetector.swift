// Notices that work is sent back for the same reason again and again.

/// Stops a loop of rounds: twice the same feedback in a row, or A … B … A … B within six rounds.
///
/// It compares *fingerprints* that the caller makes, usually the SHA-256 of
/// ``NormalisedFeedback/text``, and keeps six of them. The digest is the caller's because this module
/// has no cryptography and a stored closure could not be saved: what is kept is a plain value that
/// survives a restart, and comparing texts themselves works just as well where they are short.
public struct LoopDetector<Fingerprint: Hashable & Sendable & Codable>:
  Hashable, Sendable, Codable
{
  /// How the feedback repeats.
  public enum Pattern: String, Hashable, Sendable, Codable {
    /// The same twice in a row.
    case repetition
    /// Two kinds in turn.
    case alternation
  }

  /// Why a loop has to stop, in a form that a person can check.
  public struct Evidence: Hashable, Sendable, Codable {
    /// How the feedback repeats.
    public let pattern: Pattern
    /// The rounds that show it, ascending, counted from 1.
    public let rounds: [Int]
    /// Their fingerprints, in the same order.
    public let fingerprints: [Fingerprint]
  }

  /// The answer to one round's feedback: a veto is a value, not an error.
  public enum Verdict: Hashable, Sendable {
    /// Nothing repeats: the next round may begin.
    case proceed
    /// It goes in circles.
    case veto(Evidence)
  }

  private static var memory: Int { 6 }

  /// Rounds observed.
  public private(set) var rounds = 0
  /// The last six at most, oldest first.
  private var recent: [Fingerprint] = []

  /// Makes a detector that has seen nothing.
  public init() {}

  /// Takes one round's feedback.
  public mutating func observe(_ fingerprint: Fingerprint) -> Verdict {
    rounds += 1
    recent.append(fingerprint)
    if recent.count > Self.memory { recent.removeFirst(recent.count - Self.memory) }
    if recent.count >= 2, recent[recent.count - 2] == fingerprint {
      return .veto(evidence(.repetition, at: [recent.count - 2, recent.count - 1]))
    }
    guard let places = alternation() else { return .proceed }
    return .veto(evidence(.alternation, at: places))
  }

  /// The latest A < B < A < B that ends in the newest round, other rounds between them allowed.
  private func alternation() -> [Int]? {
    let last = recent.count - 1
    for middle in stride(from: last - 2, to: 0, by: -1) where recent[middle] == recent[last] {
      for first in 0..<middle where recent[first] != recent[last] {
        guard let third = ((middle + 1)..<last).last(where: { recent[$0] == recent[first] })
        else { continue }
        return [first, middle, third, last]
      }
    }
    return nil
  }

  private func evidence(_ pattern: Pattern, at places: [Int]) -> Evidence {
    let offset = rounds - recent.count + 1
    return Evidence(
      pattern: pattern, rounds: places.map { $0 + offset },
      fingerprints: places.map { recent[$0] })
  }
}
