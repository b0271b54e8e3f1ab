// Encryption: who is trusted, and that nothing is charged when no connection comes about.

import Providers
import Testing

@testable import ModelCalls

@Suite("An encrypted call", .timeLimit(.minutes(1)))
struct TLSTests {
  typealias Raw = Rig<RawServer>
  static let answer = [Act.awaitRequest, .say(Reply.whole(Reply.answer))]

  @Test("stops at a certificate that nobody trusts, before the key is sent")
  func selfSigned() async throws {
    let tls = try TestCertificate.serverContext()
    try await Raw.withRaw(scheme: "https", tls: tls, acts: { _ in Self.answer }) { rig in
      let outcome = try await rig.outcome()
      #expect(outcome.verdict == .stop(.certificate))
      #expect(outcome.charge == .nothing)
      #expect(outcome.message.contains("certificate is not trusted"))
      #expect(rig.server.requests.isEmpty)
    }
  }

  @Test("trusts what SSL_CERT_FILE names, for the host that the certificate names only")
  func trusted() async throws {
    let tls = try TestCertificate.serverContext()
    try await TestCertificate.withFile { path in
      let options = Fixture.options(["SSL_CERT_FILE": path])
      try await Raw.withRaw(
        scheme: "https", tls: tls, options: options, acts: { _ in Self.answer }
      ) { rig in
        var request = try rig.request(streams: false)
        request.server = try ServerAddress("https://localhost:\(rig.server.port)/v1")
        let end = await rig.caller.call(request)
        #expect(end.outcome?.verdict == .answered)
        // The same server under its address, which the certificate does not name.
        let outcome = try await rig.outcome()
        #expect(outcome.verdict == .stop(.certificate))
        #expect(outcome.charge == .nothing)
        #expect(rig.server.requests.count == 1)
      }
    }
  }

  @Test(
    "costs nothing when the other side cannot encrypt",
    arguments: [[Act.say("HTTP/1.1 400 Bad\r\n\r\n"), .close], [.close], [.reset]])
  func noTLS(acts: [Act]) async throws {
    try await Raw.withRaw(scheme: "https", acts: { _ in acts }) { rig in
      let outcome = try await rig.outcome()
      #expect(["tls-failed", "connection-closed"].contains(outcome.code))
      #expect(outcome.verdict == .retry(countsForBreaker: true, notBefore: nil))
      #expect(outcome.charge == .nothing)
    }
  }

  @Test("says which file holds no certificates")
  func noCertificates() {
    let options = Fixture.options(["SSL_CERT_FILE": "/no/such/file.pem"])
    let mistake = #expect(throws: ModelCaller.Mistake.self) { try ModelCaller(options) }
    #expect(mistake?.message.contains("/no/such/file.pem") == true)
  }
}
