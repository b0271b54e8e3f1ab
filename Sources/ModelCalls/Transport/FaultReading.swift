// The HTTP client's many errors, reduced to the faults that are told apart.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import Providers

/// Reads errors of one call.
struct FaultReading {
  /// The request may have reached the provider.
  var isSent: Bool
  /// The response's head has come.
  var hasHead: Bool
  var host: String
  /// The connection goes to a proxy, whose refusal is not the provider's.
  var isProxied: Bool
  var bodyBytesMax: Int

  /// The fault behind an error; when in doubt, the request may have been received.
  func fault(of error: any Error) -> TransportFault {
    isSent ? faultAfterSending(error) : faultBeforeSending(error)
  }

  private func faultAfterSending(_ error: any Error) -> TransportFault {
    switch error {
    case NIOHTTPDecompression.DecompressionError.limit:
      .bodyTooLarge(bytesMax: bodyBytesMax)
    case let error as HTTPParserError where !hasHead && !Self.isEarlyEnd(error): .notHTTP
    default: .closedAfterSending
    }
  }

  private static func isEarlyEnd(_ error: HTTPParserError) -> Bool {
    error == .invalidEOFState || error == .closedConnection
  }

  private func faultBeforeSending(_ error: any Error) -> TransportFault {
    switch error {
    case let error as HTTPClientError: fault(of: error)
    case let error as NIOConnectionError: fault(of: error)
    case let error as NIOSSLError: Self.fault(of: error)
    case let error as NIOSSLExtraError:
      error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch
        ? .certificateRefused : .tlsFailed
    case ChannelError.connectTimeout: .connectTimedOut
    case is SocketAddressError: .nameNotResolved(host: host)
    case let error as IOError where Self.isRefusal(error):
      isProxied ? .proxyRefused : .connectionRefused
    case is HTTPParserError where isProxied: .proxyRefused
    default: .closedBeforeSending
    }
  }

  private func fault(of error: HTTPClientError) -> TransportFault {
    switch error {
    case .connectTimeout, .getConnectionFromPoolTimeout, .deadlineExceeded: .connectTimedOut
    case .tlsHandshakeTimeout: .tlsFailed
    case .invalidProxyResponse, .proxyAuthenticationRequired, .httpProxyHandshakeTimeout,
      .socksHandshakeTimeout, .invalidProxyConfiguration:
      .proxyRefused
    // Until the tunnel stands only the proxy can hang up.
    case .remoteConnectionClosed where isProxied: .proxyRefused
    case .invalidURL, .emptyHost: .nameNotResolved(host: host)
    default: .closedBeforeSending
    }
  }

  private func fault(of error: NIOConnectionError) -> TransportFault {
    let errors = error.connectionErrors.map(\.error)
    if errors.isEmpty {
      guard error.dnsAError != nil || error.dnsAAAAError != nil else { return .connectTimedOut }
      return isProxied ? .proxyRefused : .nameNotResolved(host: host)
    }
    if isProxied { return .proxyRefused }
    if errors.contains(where: { ($0 as? IOError).map(Self.isRefusal) ?? false }) {
      return .connectionRefused
    }
    return .connectTimedOut
  }

  private static func fault(of error: NIOSSLError) -> TransportFault {
    switch error {
    case .handshakeFailed(let cause):
      // BoringSSL tells its reasons as text only.
      "\(cause)".contains("CERTIFICATE_VERIFY_FAILED") ? .certificateRefused : .tlsFailed
    case .noCertificateToValidate, .unableToValidateCertificate: .certificateRefused
    default: .tlsFailed
    }
  }

  /// Nothing listens, or nothing can be reached: both are found out at once and cost nothing.
  private static func isRefusal(_ error: IOError) -> Bool {
    [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN].contains(error.errnoCode)
  }
}
