// Where a provider listens, read and judged once, before anything is sent there.

import Foundation

/// A provider's base address.
///
/// `https://host`, `https://host/`, `https://host/v1` and `https://host/prefix/v1` are all fine: the
/// paths of the APIs begin with `/v1`, and a base that already ends in it does not get it twice
/// (`HTTPCall.url(base:)`).
package struct ServerAddress: Hashable, Sendable {
  /// Why a text is no address; the definition must change.
  package enum Mistake: Error, Hashable, Sendable {
    case notAnAddress(String)
    case scheme(String)
    case noHost
    case port(Int)
    /// A user or a password in the address would end up in logs.
    case credentials
    case queryOrFragment

    package var message: String {
      switch self {
      case .notAnAddress(let text): "base_url \"\(text)\" is no address: write https://host/v1"
      case .scheme(let scheme):
        "base_url begins with \"\(scheme)\": only https:// and http:// can be called"
      case .noHost: "base_url names no host: write https://host/v1"
      case .port(let port): "base_url has the port \(port): ports are 1 to 65535"
      case .credentials:
        "base_url holds a user or a password: give the key by key: {env: NAME} instead"
      case .queryOrFragment: "base_url has a ? or a #: leave out what follows it"
      }
    }
  }

  /// As `HTTPCall.url(base:)` takes it.
  package let text: String
  package let isEncrypted: Bool
  /// Without the brackets of an IPv6 address, in lower case.
  package let host: String
  package let port: Int

  /// Reads an address.
  package init(_ text: String) throws(Mistake) {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    // A password in a text that is refused must not be repeated.
    let shown = trimmed.contains("@") ? "…" : String(trimmed.prefix(120))
    // Foundation would encode what may not stand in an address.
    guard trimmed.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }),
      let parts = URLComponents(string: trimmed), URL(string: trimmed) != nil
    else { throw .notAnAddress(shown) }
    guard let scheme = parts.scheme?.lowercased() else { throw .notAnAddress(shown) }
    guard ["http", "https"].contains(scheme) else { throw .scheme(scheme) }
    guard parts.user == nil, parts.password == nil else { throw .credentials }
    guard parts.query == nil, parts.fragment == nil else { throw .queryOrFragment }
    guard let host = parts.host, !host.isEmpty else { throw .noHost }
    if let port = parts.port, !(1...65_535).contains(port) { throw .port(port) }
    self.text = trimmed
    isEncrypted = scheme == "https"
    self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).lowercased()
    port = parts.port ?? (isEncrypted ? 443 : 80)
  }

  /// Scheme, host and port, without the path.
  package var origin: String {
    let host = self.host.contains(":") ? "[\(self.host)]" : self.host
    return "\(isEncrypted ? "https" : "http")://\(host):\(port)"
  }
}
