// A certificate that nobody trusts, made for these tests with `openssl req -x509`: for `localhost`,
// valid until 2126.

import Foundation
import NIOSSL

enum TestCertificate {
  static func serverContext(protocols: [String] = []) throws -> NIOSSLContext {
    let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
    configuration.applicationProtocols = protocols
    return try NIOSSLContext(configuration: configuration)
  }

  /// Runs `body` with the path of a file that holds the certificate.
  static func withFile(_ body: (String) async throws -> Void) async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "footplate-\(UUID()).pem")
    defer { try? FileManager.default.removeItem(at: file) }  // a leftover harms nobody
    try Data(certificate.utf8).write(to: file)
    try await body(file.path)
  }

  static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBnzCCAUWgAwIBAgIUW5mnpAzvQgCn/kRzhLTuY9cZb58wCgYIKoZIzj0EAwIw
    GTEXMBUGA1UEAwwOZm9vdHBsYXRlIHRlc3QwIBcNMjYxMTIxMTUxNTE3WhgPMjEy
    NjEwMjgxNTE1MTdaMBkxFzAVBgNVBAMMDmZvb3RwbGF0ZSB0ZXN0MFkwEwYHKoZI
    zj0CAQYIKoZIzj0DAQcDQgAEcdYFS37Zec//kWACVCtjRuRQmATcTYck47eKy5DO
    ELfvuBCzGS6F4ba/vKg4YsM9OkBQr+bdeDLRfB6LPY6xR6NpMGcwHQYDVR0OBBYE
    FJz5Np4B2YwoXZHvoqwiTyGgmYlsMB8GA1UdIwQYMBaAFJz5Np4B2YwoXZHvoqwi
    TyGgmYlsMA8GA1UdEwEB/wQFMAMBAf8wFAYDVR0RBA0wC4IJbG9jYWxob3N0MAoG
    CCqGSM49BAMCA0gAMEUCICQB8Q20JagaeeFxmNo4kr4/VeqPXh7F/grFZqJiP/Pi
    AiEAiWIyw8CWXwZC0u6i6hkWAtcS/opnFqxtQsP4THO6Ajk=
    -----END CERTIFICATE-----
    """

  /// Protects nothing.
  static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2vGMJbVjKGqXKR4a
    WmEijJSlg7EmqrsABqPoJrfSJB6hRANCAARx1gVLftl5z/+RYAJUK2NG5FCYBNxN
    hyTjt4rLkM4Qt++4ELMZLoXhtr+8qDhiwz06QFCv5t14MtF8Hos9jrFH
    -----END PRIVATE KEY-----
    """
}
