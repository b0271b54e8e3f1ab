// How a call can fail below HTTP: what the HTTP client's many errors are reduced to.

/// A fault of the connection.
package enum TransportFault: Hashable, Sendable {
  /// The request had not left: trying again costs nothing.
  case nameNotResolved(host: String)
  case connectionRefused
  case connectTimedOut
  case tlsFailed
  /// The certificate is not to be trusted: no retry changes that.
  case certificateRefused
  case proxyRefused
  case closedBeforeSending
  /// The request had left, at least in part.
  case timedOut
  /// A stream that stood still for too long.
  case stalled
  case closedAfterSending
  /// What came was no HTTP.
  case notHTTP
  case bodyTooLarge(bytesMax: Int)

  /// The request may have reached the provider.
  package var mayHaveBeenReceived: Bool {
    switch self {
    case .nameNotResolved, .connectionRefused, .connectTimedOut, .tlsFailed, .certificateRefused,
      .proxyRefused, .closedBeforeSending:
      false
    case .timedOut, .stalled, .closedAfterSending, .notHTTP, .bodyTooLarge: true
    }
  }

  var code: String {
    switch self {
    case .nameNotResolved: "name-not-resolved"
    case .connectionRefused: "connection-refused"
    case .connectTimedOut: "connect-timed-out"
    case .tlsFailed: "tls-failed"
    case .certificateRefused: "certificate-refused"
    case .proxyRefused: "proxy-refused"
    case .closedBeforeSending: "connection-closed"
    case .timedOut: "timed-out"
    case .stalled: "stalled"
    case .closedAfterSending: "reply-lost"
    case .notHTTP: "not-http"
    case .bodyTooLarge: "body-too-large"
    }
  }

  var message: String {
    switch self {
    case .nameNotResolved(let host): "no address for \(host): check base_url and the network"
    case .connectionRefused: "nothing listens there: check base_url"
    case .connectTimedOut: "no connection in time"
    case .tlsFailed: "the encrypted connection could not be made"
    case .certificateRefused: "the server's certificate is not trusted: check base_url"
    case .proxyRefused: "the proxy refused the connection: check HTTPS_PROXY"
    case .closedBeforeSending: "the connection closed before the request was sent"
    case .timedOut: "no answer in time"
    case .stalled: "the answer stood still for too long"
    case .closedAfterSending: "the connection closed before the answer came"
    case .notHTTP: "the server does not speak HTTP: check base_url"
    case .bodyTooLarge(let bytesMax): "an answer of more than \(bytesMax) bytes"
    }
  }
}
