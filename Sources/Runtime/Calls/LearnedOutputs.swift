// How long answers usually are: what is reserved at the rate limiter instead of the most they may be.

import Synchronization

/// The 95th percentile of the output tokens of each step and model, over its last calls.
final class LearnedOutputs: Sendable {
  private static let kept = 256
  /// Fewer calls say nothing about a percentile.
  private static let callsMin = 20

  private struct Sample {
    var tokens: [Int64] = []
    var next = 0
  }
  private let samples = Mutex<[String: Sample]>([:])

  /// `nil` before enough calls have ended.
  subscript(step: String, model: String) -> Int64? {
    samples.withLock { samples in
      guard let sample = samples[step + "\n" + model], sample.tokens.count >= Self.callsMin else {
        return nil
      }
      let sorted = sample.tokens.sorted()
      return sorted[min(sorted.count - 1, sorted.count * 95 / 100)]
    }
  }

  func note(_ tokens: Int64, step: String, model: String) {
    samples.withLock { samples in
      let name = step + "\n" + model
      var sample = samples.removeValue(forKey: name) ?? Sample()
      if sample.tokens.count < Self.kept {
        sample.tokens.append(tokens)
      } else {
        sample.tokens[sample.next] = tokens
        sample.next = (sample.next + 1) % Self.kept
      }
      samples[name] = sample
    }
  }
}
