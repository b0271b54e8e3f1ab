// The way to a server: straight, or through a proxy.

import AsyncHTTPClient

/// How a server is reached.
enum ProxyRoute: Hashable, Sendable {
  case direct
  /// `authorization` is the value of `Proxy-Authorization`, in base 64 already.
  case http(host: String, port: Int, authorization: String?)
  case socks(host: String, port: Int)

  var proxy: HTTPClient.Configuration.Proxy? {
    switch self {
    case .direct: nil
    case .http(let host, let port, let authorization):
      .server(
        host: host, port: port,
        authorization: authorization.map { .basic(credentials: $0) })
    case .socks(let host, let port): .socksServer(host: host, port: port)
    }
  }
}
