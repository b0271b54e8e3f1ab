// Where calls go: base addresses as people write them, and what is no address.

import Providers
import Testing

@testable import ModelCalls

@Suite("A server's address")
struct AddressTests {
  @Test(
    "leads to the same place with and without /v1 and slashes",
    arguments: [
      ("https://api.test", "https://api.test/v1/messages"),
      ("https://api.test/", "https://api.test/v1/messages"),
      ("https://api.test/v1", "https://api.test/v1/messages"),
      ("https://api.test/v1/", "https://api.test/v1/messages"),
      (" https://api.test/v1// \n", "https://api.test/v1/messages"),
      ("http://localhost:1234/v1", "http://localhost:1234/v1/messages"),
      ("http://host/prefix/v1", "http://host/prefix/v1/messages"),
      ("http://host/prefix", "http://host/prefix/v1/messages"),
      ("http://[::1]:80/v1", "http://[::1]:80/v1/messages"),
    ])
  func joined(base: String, whole: String) throws {
    let call = try HTTPCall(Fixture.call(.anthropic))
    #expect(call.url(base: try ServerAddress(base).text) == whole)
  }

  @Test("knows host, port and encryption")
  func parts() throws {
    let one = try ServerAddress("https://API.test/v1")
    #expect((one.host, one.port, one.isEncrypted) == ("api.test", 443, true))
    let other = try ServerAddress("http://[::1]:8080")
    #expect((other.host, other.port, other.isEncrypted) == ("::1", 8080, false))
    #expect(try ServerAddress("http://x").port == 80)
  }

  @Test(
    "is refused with a reason when nothing could be called there",
    arguments: [
      ("", "is no address"), ("api.test/v1", "is no address"), ("http://", "names no host"),
      ("ftp://host", "\"ftp\""), ("localhost:1234", "\"localhost\""),
      ("http://host:0", "port 0"), ("http://host:70000/v1", "port 70000"),
      ("https://host/v1?key=secret", "a ? or a #"), ("https://host#x", "a ? or a #"),
      ("https://user:hunter22@host/v1", "a user or a password"),
      ("http://ho st/v1", "is no address"), ("http://host/\r\nx-evil: 1", "is no address"),
    ])
  func mistakes(text: String, reason: String) {
    let mistake = #expect(throws: ServerAddress.Mistake.self) { try ServerAddress(text) }
    #expect(mistake?.message.contains(reason) == true, "\(mistake?.message ?? "")")
    #expect(mistake?.message.contains("hunter22") != true)
    #expect(mistake?.message.contains("secret") != true)
  }
}
