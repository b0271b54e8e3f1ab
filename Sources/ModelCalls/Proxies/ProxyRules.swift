// The system's proxy variables, as other programs on the same host read them.

import Foundation

/// Which server is reached how.
///
/// Source: the conventions that curl and Go share ("everything curl", proxy environment variables;
/// Go's `httpproxy` package): the lower-case name goes first, `ALL_PROXY` is for what has no variable of
/// its own, and this host itself is never reached through a proxy (as in Go).
struct ProxyRules: Hashable, Sendable {
  private let encrypted: ProxyRoute
  private let plain: ProxyRoute
  private let exceptions: ProxyExceptions

  init(_ environment: [String: String]) throws(ModelCaller.Mistake) {
    encrypted = try Self.route(["HTTPS_PROXY", "ALL_PROXY"], environment)
    plain = try Self.route(["HTTP_PROXY", "ALL_PROXY"], environment)
    exceptions = ProxyExceptions(Self.value(of: "NO_PROXY", in: environment) ?? "")
  }

  func route(to server: ServerAddress) -> ProxyRoute {
    if exceptions.cover(server) { return .direct }
    return server.isEncrypted ? encrypted : plain
  }

  private static func value(of name: String, in environment: [String: String]) -> String? {
    (environment[name.lowercased()] ?? environment[name]).flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func route(
    _ names: [String], _ environment: [String: String]
  ) throws(ModelCaller.Mistake) -> ProxyRoute {
    for name in names {
      guard let value = value(of: name, in: environment) else { continue }
      guard let route = ProxyRoute(value) else { throw .proxy(variable: name) }
      return route
    }
    return .direct
  }
}

extension ProxyRoute {
  /// Reads a variable's value; without a scheme it is an HTTP proxy.
  init?(_ text: String) {
    let text = text.contains("://") ? text : "http://\(text)"
    guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
      parts.port.map({ (1...65_535).contains($0) }) ?? true
    else { return nil }
    let plainHost = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    switch parts.scheme?.lowercased() {
    case "http":
      var authorization: String?
      if let user = parts.user {
        authorization = Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
      }
      self = .http(host: plainHost, port: parts.port ?? 80, authorization: authorization)
    case "socks5", "socks5h":
      // The client cannot give a password to such a proxy.
      guard parts.user == nil else { return nil }
      self = .socks(host: plainHost, port: parts.port ?? 1080)
    default: return nil
    }
  }
}
