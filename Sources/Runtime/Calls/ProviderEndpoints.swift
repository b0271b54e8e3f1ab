// Where each provider listens and with which key, read from the environment once, before anything is
// sent.

import BatchModel
import ModelCalls
import Providers

/// The addresses and keys of a batch's providers.
struct ProviderEndpoints: Sendable {
  struct Endpoint: Sendable {
    var server: ServerAddress
    var key: APIKey?
  }

  /// Why a batch's providers cannot be called.
  struct Mistakes: Error, Hashable, CustomStringConvertible {
    var messages: [String]
    var description: String { messages.joined(separator: "\n") }
  }

  private let endpoints: [String: Endpoint]

  /// Those that `llm` steps name.
  ///
  /// - Throws: every address that cannot be called and every key that is missing.
  init(_ batch: Batch, environment: [String: String]) throws(Mistakes) {
    var endpoints: [String: Endpoint] = [:]
    var messages: [String] = []
    for name in Set(batch.steps.compactMap(\.calledProvider)).sorted() {
      guard let provider = batch.providers[name] else { continue }
      do throws(ServerAddress.Mistake) {
        let server = try ServerAddress(provider.baseURL ?? provider.modelAPI.defaultBaseURL)
        var endpoint = Endpoint(server: server)
        if let variable = provider.keyVariable {
          endpoint.key = environment[variable].flatMap { APIKey($0) }
          if endpoint.key == nil {
            messages.append(
              "provider \(name): \(variable) holds no key: export \(variable)=… and run again")
          }
        }
        endpoints[name] = endpoint
      } catch {
        messages.append("provider \(name): \(error.message)")
      }
    }
    guard messages.isEmpty else { throw Mistakes(messages: messages) }
    self.endpoints = endpoints
  }

  /// The endpoint of a provider that a step names.
  subscript(name: String) -> Endpoint {
    guard let endpoint = endpoints[name] else {
      preconditionFailure("every provider that an llm step names has an endpoint")
    }
    return endpoint
  }
}

extension Step {
  /// The provider that its attempts call over HTTP.
  fileprivate var calledProvider: String? {
    if case .llm(let model) = kind { return model.provider }
    return nil
  }
}
