// How a path is measured: many calls a round, the median of several rounds, allocations counted.

import Allocations

/// One path's figures.
struct Measurement {
  let name: String
  let nanoseconds: Double
  let allocationsPerCall: Double
  let targetNanoseconds: Double

  var isMet: Bool { nanoseconds <= targetNanoseconds && allocationsPerCall < 0.001 }

  /// Measures `calls` calls in each of `rounds` rounds, after one round that does not count.
  init(
    _ name: String, target: Double, calls: Int = 1_000_000, rounds: Int = 9, _ body: (Int) -> Void
  ) {
    var times: [Double] = []
    var allocations = 0
    times.reserveCapacity(rounds)
    for round in 0...rounds {
      let before = allocations_so_far()
      let elapsed = ContinuousClock().measure { body(calls) }
      let after = allocations_so_far()
      guard round > 0 else { continue }
      let (seconds, attoseconds) = elapsed.components
      times.append((Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(calls))
      allocations += after - before
    }
    self.name = name
    nanoseconds = times.sorted()[rounds / 2]
    allocationsPerCall = Double(allocations) / Double(calls * rounds)
    targetNanoseconds = target
  }

  var row: String {
    let time = String(Int((nanoseconds * 10).rounded()))
    let tenths = time.count > 1 ? "\(time.dropLast()).\(time.suffix(1))" : "0.\(time)"
    let count = (allocationsPerCall * 1_000).rounded() / 1_000
    let met = isMet ? "yes" : "NO"
    return "| \(name) | \(tenths) | \(Int(targetNanoseconds)) | \(count) | \(met) |"
  }
}

/// Keeps the optimiser from dropping a result that nobody reads.
@inline(never)
func keep<Value>(_ value: borrowing Value) {}
