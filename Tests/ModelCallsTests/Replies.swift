// Responses as bytes, for servers that are made of them.

enum Reply {
  static let answer =
    #"{"id":"c1","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"Green."},"#
    + #""finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#

  static func piece(_ text: String) -> String {
    #"data: {"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"content":"\#(text)"},"#
      + #""finish_reason":null}]}"# + "\n\n"
  }

  static let stop =
    #"data: {"id":"c1","model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
    + "\n\n"
  static let usage =
    #"data: {"id":"c1","model":"m-1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#
    + "\n\n"
  static let done = "data: [DONE]\n\n"

  static func whole(
    _ body: String, status: String = "200 OK", type: String = "application/json",
    _ fields: String = ""
  ) -> String {
    "HTTP/1.1 \(status)\r\ncontent-type: \(type)\r\n\(fields)"
      + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  static let streamHead =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"

  static func chunk(_ text: String) -> String {
    "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
  }

  static let lastChunk = "0\r\n\r\n"
}
