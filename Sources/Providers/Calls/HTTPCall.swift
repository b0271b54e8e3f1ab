// Calls as HTTP requests without their key: values that may be logged, compared and stored.

import BatchModel

/// An HTTP request to a provider.
///
/// The same call of a model gives the same bytes on every machine.
package struct HTTPCall: Hashable, Sendable {
  package var api: ModelAPI
  package var method: String
  /// Below the provider's base URL.
  package var path: String
  /// Without the key: see `headers(with:)`.
  package var headers: HTTPHeaders
  package var body: [UInt8]

  /// The request for `call`.
  ///
  /// - Throws: what the definition must change; nothing was sent.
  package init(_ call: ModelCall) throws(ModelCall.Mistake) {
    try call.check()
    api = call.api
    method = "POST"
    path = call.api.path
    body = Array(call.bodyValue.canonical.utf8)
    headers = [
      "content-type": "application/json",
      "accept": call.streams ? "text/event-stream" : "application/json",
      "idempotency-key": call.idempotencyKey,
    ]
    addVersion()
  }

  /// The request that asks whether a provider is well, such as a `GET` of `/v1/models`; it is free.
  package init(healthOf api: ModelAPI, path: String) {
    self.api = api
    method = "GET"
    self.path = path
    body = []
    headers = ["accept": "application/json"]
    addVersion()
  }

  private mutating func addVersion() {
    if api == .anthropic { headers.add("anthropic-version", "2023-06-01") }
  }

  /// The headers to send, with the key in its place; never keep them.
  package func headers(with key: APIKey?) -> HTTPHeaders {
    var all = headers
    if let field = key?.field(for: api) { all.add(field.name, field.value) }
    return all
  }

  /// The whole address below `base`, whether or not that ends in `/v1` as servers print it.
  package func url(base: String) -> String {
    var base = base[...]
    while base.last == "/" { base = base.dropLast() }
    let isRepeated = base.hasSuffix("/v1") && path.hasPrefix("/v1/")
    return String(base + (isRepeated ? path.dropFirst(3) : path[...]))
  }
}
