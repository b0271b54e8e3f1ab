// Answers out of bytes: one machine for a stream's events and one call for a whole body.

import BatchModel

/// Puts a streamed answer together, event by event.
package struct AnswerAssembler: Sendable {
  package let api: ModelAPI
  private var parser: EventStreamParser
  private var draft = AnswerDraft()
  /// `[DONE]` has come.
  private var isDone = false

  package init(api: ModelAPI, bytesMax: Int = EventStreamParser.defaultBytesMax) {
    self.api = api
    parser = EventStreamParser(bytesMax: bytesMax)
  }

  /// Reads on; chunks may be cut anywhere.
  package mutating func receive(_ chunk: [UInt8]) {
    for event in parser.receive(chunk) { receive(event) }
    switch parser.overflow {
    case .line(let bytesMax)?: fail("a line of more than \(bytesMax) bytes")
    case .event(let bytesMax)?: fail("an event of more than \(bytesMax) bytes")
    case nil: break
    }
  }

  /// Takes one event; events after the end are ignored.
  package mutating func receive(_ event: ServerEvent) {
    guard !isOver else { return }
    if event.data.elementsEqual("[DONE]".utf8) {
      draft.isFinished = draft.isFinished || draft.stopReason != nil
      isDone = true
      return
    }
    let value: JSONValue
    do {
      value = try JSONReader.value(of: event.data[...])
    } catch {
      return fail("an event that is no JSON: \(error.message)")
    }
    switch api {
    case .anthropic: draft.receive(anthropicEvent: value)
    case .openai: draft.receive(chatChunk: value)
    case .openaiResponses: draft.receive(responseEvent: value)
    }
  }

  /// The text so far.
  package var text: String { answerSoFar.text }
  /// Output tokens so far: for gauges, not for bills.
  package var liveOutputTokens: Int64 { draft.liveOutputTokens }
  /// Something of the answer has come: from here on the call is paid for.
  package var hasBegun: Bool { draft.hasBegun }
  /// Nothing that still comes can change the end; Chat's usage comes after its stop reason, so that
  /// only `[DONE]` ends it.
  package var isOver: Bool {
    if isDone || draft.error != nil || draft.breakage != nil { return true }
    return api != .openai && draft.isFinished
  }

  package var answerSoFar: ModelAnswer { draft.answer }

  /// The end, now that the stream has ended.
  package var end: AnswerEnd { draft.end }

  private mutating func fail(_ reason: String) { draft.breakage = draft.breakage ?? reason }
}

/// Reads whole bodies.
package enum AnswerReader {
  /// How the answer in the body of a 200 ended; such a body can hold an error too.
  package static func end(of body: [UInt8], from api: ModelAPI) -> AnswerEnd {
    var draft = AnswerDraft()
    do {
      let value = try JSONReader.value(of: body[...])
      if let error = ProviderError(in: value) {
        draft.error = error
      } else {
        switch api {
        case .anthropic: draft.receive(anthropicMessage: value)
        case .openai: draft.receive(chatCompletion: value)
        case .openaiResponses: draft.receive(response: value)
        }
      }
    } catch {
      draft.breakage = body.isEmpty ? "an empty body" : "a body that is no JSON: \(error.message)"
    }
    return draft.end
  }
}
