// What a caller is made with, and why it cannot be made.

extension ModelCaller {
  package struct Options: Sendable {
    /// Calls at once, to one provider; more wait for a connection and fail when none gets free.
    package var concurrent: Int
    /// For name, connection and encryption together.
    package var connectTimeout = Duration.seconds(10)
    /// Of a response, after decompression.
    package var bodyBytesMax = 64 << 20
    /// For `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` and `SSL_CERT_FILE`.
    package var environment: [String: String]
    /// Takes HTTP/2 where an https server offers it.
    ///
    /// Off by default: one connection would carry every call, so that its loss costs all of them
    /// instead of one, and calls beyond the server's number of streams (often 100) would fail while
    /// they wait. The vendors' own clients speak HTTP/1.1 too.
    package var takesHTTP2 = false

    package init(concurrent: Int, environment: [String: String] = [:]) {
      precondition(concurrent > 0, "a caller makes calls")
      self.concurrent = concurrent
      self.environment = environment
    }
  }

  /// Why a caller cannot be made: the environment must change.
  package enum Mistake: Error, Hashable, Sendable {
    /// The variable's name; its value may hold a password.
    case proxy(variable: String)
    case certificates(path: String)

    package var message: String {
      switch self {
      case .proxy(let variable):
        "\(variable) names no proxy: write http://host:port or socks5://host:port"
      case .certificates(let path):
        "SSL_CERT_FILE names \(path), which holds no certificates in PEM form"
      }
    }
  }
}
