// How the HTTP client is set up, and why so.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTPCompression
import NIOSSL
import Resilience

/// The settings that all clients of one caller share.
struct ClientSettings: Sendable {
  /// Below the five seconds after which uvicorn and Node close an idle connection: a request that
  /// crosses such a close is lost, and its whole reservation with it.
  static let idleMax = TimeAmount.seconds(4)

  private let options: ModelCaller.Options
  private let tls: TLSConfiguration

  init(_ options: ModelCaller.Options) throws(ModelCaller.Mistake) {
    self.options = options
    var tls = TLSConfiguration.makeClientConfiguration()
    if let path = options.environment["SSL_CERT_FILE"], !path.isEmpty {
      do {
        tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(path))]
      } catch {
        throw .certificates(path: path)
      }
    }
    self.tls = tls
  }

  func configuration(for route: ProxyRoute) -> HTTPClient.Configuration {
    var pool = HTTPClient.Configuration.ConnectionPool(
      idleTimeout: Self.idleMax, concurrentHTTP1ConnectionsPerHostSoftLimit: options.concurrent)
    // Retries are counted and paid above, and a refused connection is told at once.
    pool.retryConnectionEstablishment = false
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow,
      timeout: .init(connect: .nanoseconds(options.connectTimeout.nanosecondsClamped)),
      connectionPool: pool, proxy: route.proxy,
      decompression: .enabled(limit: .size(options.bodyBytesMax)))
    configuration.httpVersion = options.takesHTTP2 ? .automatic : .http1Only
    return configuration
  }
}
