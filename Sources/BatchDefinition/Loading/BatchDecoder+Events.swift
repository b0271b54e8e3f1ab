// The sink of events: from checked values to the model.

import BatchModel

extension BatchDecoder {
  func events(_ group: CheckedGroup) -> EventSink? {
    guard let url = group["sink"]?.text else { return nil }
    var sink = EventSink(url: url, keyVariable: group["key"]?.group?["env"]?.text)
    sink.spoolBytesMax = group["spool"]?.integer ?? sink.spoolBytesMax
    sink.keep = group["keep"]?.duration ?? sink.keep
    sink.timeout = group["timeout"]?.duration ?? sink.timeout
    sink.health = group["health"]?.group.map { self.health($0, .ofSink) }
    return sink
  }
}
