// An event as it stands in the ledger: the bytes are kept, so that every copy of it is the same.

import BatchModel

/// A ledger event with its encoded body.
struct RecordedEvent {
  var sequence: Int64
  var run: RunID
  /// Milliseconds since 1970.
  var at: Int64
  var kind: Change.Kind
  /// The JSON of the change.
  var body: [UInt8]
}
