// `NO_PROXY`: the servers that are reached straight.

/// A list of names, addresses and address ranges.
struct ProxyExceptions: Hashable, Sendable {
  private enum Entry: Hashable {
    case everything
    /// The name itself and what stands below it.
    case name(String, port: Int?)
    /// An IPv4 range such as 10.0.0.0/8.
    case range(network: UInt32, mask: UInt32)
  }

  private let entries: [Entry]

  init(_ text: String) {
    entries = text.split { $0 == "," || $0 == " " }.compactMap { Self.entry(String($0)) }
  }

  /// Whether a server is reached straight; this host always is.
  func cover(_ server: ServerAddress) -> Bool {
    let address = Self.address(server.host)
    if server.host == "localhost" || server.host == "::1" || address.map({ $0 >> 24 }) == 127 {
      return true
    }
    return entries.contains { entry in
      switch entry {
      case .everything: true
      case .name(let name, let port):
        (server.host == name || server.host.hasSuffix(".\(name)"))
          && (port == nil || port == server.port)
      case .range(let network, let mask): address.map { $0 & mask == network } ?? false
      }
    }
  }

  private static func entry(_ text: String) -> Entry? {
    if text == "*" { return .everything }
    if let range = range(text) { return range }
    var name = text.lowercased()[...]
    var port: Int?
    // More than one colon is an IPv6 address.
    if let colon = name.lastIndex(of: ":"), name.firstIndex(of: ":") == colon {
      port = Int(name[name.index(after: colon)...])
      name = name[..<colon]
    }
    if name.hasPrefix("*.") { name = name.dropFirst(2) }
    if name.hasPrefix(".") { name = name.dropFirst() }
    return name.isEmpty ? nil : .name(String(name.filter { $0 != "[" && $0 != "]" }), port: port)
  }

  private static func range(_ text: String) -> Entry? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = address(String(parts[0])), let length = Int(parts[1]),
      (0...32).contains(length)
    else { return nil }
    let mask: UInt32 = length == 0 ? 0 : ~0 << (32 - UInt32(length))
    return .range(network: address & mask, mask: mask)
  }

  private static func address(_ text: String) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let bytes = parts.compactMap { UInt8($0) }
    guard parts.count == 4, bytes.count == 4 else { return nil }
    return bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }
}
