// The sink of events and what is told of them: from checked values to the model.

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

  func notify(_ value: CheckedValue) -> [NotifyRule] {
    let scope = VariableScope.nothing.adding(NotifyRule.variables)
    return value.elements.compactMap(\.group).compactMap { group in
      guard let run = group["run"], let command = command(run, in: scope),
        let timeout = group["timeout"]?.duration
      else { return nil }
      let names = group["on"]?.elements.compactMap(\.text) ?? []
      let events = Set(names.compactMap(NotifyEvent.init))
      return NotifyRule(
        events: NotifyEvent.allCases.filter(events.contains), command: command, timeout: timeout)
    }
  }
}
