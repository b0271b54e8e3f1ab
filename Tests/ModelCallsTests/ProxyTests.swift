// Proxies: who goes through which, and what their refusals look like.

import Providers
import Testing

@testable import ModelCalls

@Suite("The proxy variables")
struct ProxyRulesTests {
  private static func route(_ base: String, _ environment: [String: String]) throws -> ProxyRoute {
    try ProxyRules(environment).route(to: try ServerAddress(base))
  }

  private static let proxy = ProxyRoute.http(host: "proxy", port: 3128, authorization: nil)

  @Test(
    "decide by scheme, the lower-case name first",
    arguments: [
      (["HTTPS_PROXY": "http://proxy:3128"], "https://api.test", proxy),
      (["HTTPS_PROXY": "http://proxy:3128"], "http://api.test", .direct),
      (["HTTP_PROXY": "http://proxy:3128"], "http://api.test", proxy),
      (["HTTP_PROXY": "http://proxy:3128"], "https://api.test", .direct),
      (["ALL_PROXY": "proxy:3128"], "https://api.test", proxy),
      (["HTTPS_PROXY": "http://upper:1", "https_proxy": "proxy:3128"], "https://api.test", proxy),
      (["HTTPS_PROXY": "", "https_proxy": ""], "https://api.test", .direct),
      (["HTTPS_PROXY": "socks5://s"], "https://api.test", .socks(host: "s", port: 1080)),
      (
        ["HTTPS_PROXY": "http://me:p%40ss@proxy:3128"], "https://api.test",
        .http(host: "proxy", port: 3128, authorization: "bWU6cEBzcw==")
      ),
    ])
  func routes(environment: [String: String], base: String, route: ProxyRoute) throws {
    #expect(try Self.route(base, environment) == route)
  }

  @Test(
    "leave out what NO_PROXY names",
    arguments: [
      ("api.test", "https://api.test", true), ("api.test", "https://x.api.test", true),
      ("api.test", "https://xapi.test", false), (".api.test", "https://api.test", true),
      ("*.api.test", "https://x.api.test", true), ("*", "https://other.test", true),
      ("a, API.test ,b", "https://api.test", true), ("api.test:8443", "https://api.test", false),
      ("api.test:8443", "https://api.test:8443", true),
      ("10.0.0.0/8", "http://10.250.1.2:8000", true), ("10.0.0.0/8", "http://11.0.0.1", false),
      ("0.0.0.0/0", "http://11.0.0.1", true), ("10.0.0.0/33,/,1.2/8", "http://10.0.0.1", false),
      ("fd00::1", "http://[fd00::1]:8000", true), ("", "https://api.test", false),
      ("", "http://localhost:1234", true), ("", "http://127.0.0.9", true),
      ("", "http://[::1]:1234", true), (",,:", "https://api.test", false),
    ])
  func exceptions(list: String, base: String, isDirect: Bool) throws {
    let route = try Self.route(base, ["ALL_PROXY": "proxy:3128", "NO_PROXY": list])
    #expect((route == .direct) == isDirect)
  }

  @Test(
    "are refused by name, without their value, when they name no proxy",
    arguments: ["https://proxy", "socks4://p", "socks5://me:hunter22@p", "http://", "p:99999"])
  func mistakes(value: String) {
    let mistake = #expect(throws: ModelCaller.Mistake.self) {
      try ModelCaller(Fixture.options(["HTTPS_PROXY": value]))
    }
    #expect(mistake == .proxy(variable: "HTTPS_PROXY"))
    #expect(mistake?.message.contains("hunter22") == false)
  }
}

@Suite("A call through a proxy", .timeLimit(.minutes(1)))
struct ProxiedCallTests {
  /// Calls `base`, which only exists behind the proxy, with `acts` as that.
  private static func end(
    of base: String, acts: [Act], _ check: @Sendable (CallEnd, [String]) throws -> Void
  ) async throws {
    let proxy = try await RawServer { _ in acts }
    let url = "http://me:secret-of-proxy@127.0.0.1:\(proxy.port)"
    let caller = try ModelCaller(Fixture.options(["ALL_PROXY": url]))
    let request = CallRequest(
      http: try HTTPCall(Fixture.call(streams: false)), server: try ServerAddress(base),
      key: APIKey(Fixture.key), timeout: .seconds(60))
    let end = await caller.call(request)
    await caller.shutdown(.waitForCalls)
    await proxy.stop()
    #expect(!"\(end)".contains("secret-of-proxy"))
    try check(end, proxy.requests)
  }

  @Test("is refused by the proxy before anything was sent: nothing is charged, and no key was told")
  func refused() async throws {
    let acts = [Act.awaitRequest, .say("HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n"), .close]
    try await Self.end(of: "https://api.test", acts: acts) { end, requests in
      #expect(end.outcome?.code == "proxy-refused")
      #expect(end.outcome?.charge == .nothing)
      let request = try #require(requests.first)
      #expect(request.hasPrefix("CONNECT api.test:443 "))
      #expect(request.contains("Basic bWU6c2VjcmV0LW9mLXByb3h5"))
      #expect(!request.contains(Fixture.key))
    }
  }

  @Test("says so when the proxy wants a password, or speaks no HTTP")
  func wantsPassword() async throws {
    for reply in ["HTTP/1.1 407 Auth\r\ncontent-length: 0\r\n\r\n", "no HTTP at all\r\n"] {
      let acts = [Act.awaitRequest, .say(reply), .close]
      try await Self.end(of: "https://api.test", acts: acts) { end, _ in
        #expect(end.outcome?.code == "proxy-refused", "\(end.log)")
        #expect(end.outcome?.charge == .nothing)
        #expect(end.outcome?.message.contains("HTTPS_PROXY") == true)
      }
    }
  }

  @Test("reaches a server through a tunnel, which alone sees the key")
  func passes() async throws {
    let acts = [
      Act.awaitRequest, .say("HTTP/1.1 200 OK\r\n\r\n"), .awaitRequest,
      .say(Reply.whole(Reply.answer)),
    ]
    try await Self.end(of: "http://api.test:8000/v1", acts: acts) { end, requests in
      #expect(end.outcome?.answer?.text == "Green.")
      #expect(requests.first?.hasPrefix("CONNECT api.test:8000 ") == true)
      #expect(requests.first?.contains(Fixture.key) == false)
      #expect(requests.last?.hasPrefix("POST /v1/chat/completions ") == true)
      #expect(requests.last?.contains("Basic") == false)
    }
  }

  @Test("blames the proxy when that does not listen or has no address")
  func noProxy() async throws {
    let gone = try await RawServer { _ in [] }
    await gone.stop()
    for proxy in ["127.0.0.1:\(gone.port)", "no-proxy.invalid:3128"] {
      let caller = try ModelCaller(Fixture.options(["ALL_PROXY": proxy]))
      let request = CallRequest(
        http: try HTTPCall(Fixture.call()), server: try ServerAddress("https://api.test"),
        key: nil, timeout: .seconds(60))
      let outcome = try #require(await caller.call(request).outcome)
      #expect(outcome.code == "proxy-refused")
      #expect(outcome.charge == .nothing)
      await caller.shutdown(.waitForCalls)
    }
  }
}
