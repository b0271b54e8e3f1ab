// What each policy costs per call, uncontended, beside its target. Exits with 1 when one is missed.

import Allocations
import Foundation

let allocationsBefore = allocations_so_far()
let sample = (0..<Int.random(in: 100...200)).map { _ in Int.random(in: 0...9) }
precondition(
  sample.allSatisfy { $0 < 10 } && allocations_so_far() > allocationsBefore,
  "allocations are not counted on this platform")

let rows = [
  breakerAdmitAndRecord(), openRejection(), limiterReserve(), wholeChain(),
  limiterReserveAndSettle(), budgetReserveAndSettle(), slotTakenAndGivenBack(), retryPause(),
  lockedBreaker(),
]
print("| per call, uncontended | ns | target | allocations | met |\n|---|---|---|---|---|")
for row in rows { print(row.row) }
guard rows.allSatisfy(\.isMet) else {
  print("A target is missed; a busy machine misses them too, so measure again on a quiet one.")
  exit(1)
}
