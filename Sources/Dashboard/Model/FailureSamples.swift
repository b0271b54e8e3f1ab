// The samples of a group of failures that a person steps through.

package import BatchModel

/// One item of a group, with what it failed with.
package struct FailureSample: Hashable, Sendable {
  package var row: ItemRow
  /// The failure's own words, whole; hostile text.
  package var message: String
  /// What the item has cost so far; `nil` where nothing is metered.
  package var cost: Money?
  package init(row: ItemRow, message: String, cost: Money? = nil) {
    self.row = row
    self.message = message
    self.cost = cost
  }
}

/// A look into one group: its first items, one of them selected by its id.
package struct SampleBrowsing: Hashable, Sendable {
  package let signature: Signature
  package var samples: [FailureSample] = []
  package var isLoaded = false
  package var selected: ItemID?
  /// The item that was selected before: leaving goes back to it.
  package let cameFrom: ItemID?

  /// So many are looked at; all of them stand in the queue.
  package static let samplesMax = 50

  init(of signature: Signature, cameFrom: ItemID?) {
    self.signature = signature
    self.cameFrom = cameFrom
  }

  package var index: Int { samples.firstIndex { $0.row.id == selected } ?? 0 }
  package var current: FailureSample? { samples.isEmpty ? nil : samples[index] }
}
