// What is asked of the caller: a request, where it goes, and how long it may take.

package import Providers

/// One call to be made.
package struct CallRequest: Sendable {
  package var http: HTTPCall
  package var server: ServerAddress
  package var key: APIKey?
  /// From the call to the answer's last byte.
  package var timeout: Duration
  /// How long nothing may come, also before the first byte; `nil` for a model that thinks in silence.
  package var stall: Duration?

  package init(
    http: HTTPCall, server: ServerAddress, key: APIKey?, timeout: Duration, stall: Duration? = nil
  ) {
    precondition(timeout > .zero, "a call has some time")
    precondition(stall.map { $0 > .zero } ?? true, "silence is some time")
    self.http = http
    self.server = server
    self.key = key
    self.timeout = timeout
    self.stall = stall
  }

  /// Whether the provider was asked for a stream of events.
  var expectsStream: Bool { http.headers["accept"] == "text/event-stream" }
}
