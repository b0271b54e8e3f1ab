import BatchModel

final class LedgerMirror {
  init(folder: String, objects: any ObjectStoring) {}
  func open(with store: SQLiteStore) throws(StoreError) {}
  func append(_ events: [RecordedEvent]) throws(StoreError) {}
  func sync() throws(StoreError) {}
  func syncWhenDue(isIdle: Bool) throws(StoreError) {}
}
