// What a mock provider saw, and what footplate says that it cost.

import Foundation
import FoundationNetworking

/// `GET /_mock/log` of a mock provider.
struct ProviderLog: Decodable {
  let requests: Int
  let billed: Int
  let keysBilledTwice: Int
  /// Billed, like the output.
  let inputTokens: Int
  let outputTokens: Int
  let inFlightMax: Int
  let events: Int
  let eventsDistinct: Int

  static func read(at address: String) async throws -> ProviderLog {
    guard let url = URL(string: "\(address)/_mock/log") else {
      throw ChildError.tookTooLong(address)
    }
    let (data, _) = try await URLSession.shared.data(from: url)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(ProviderLog.self, from: data)
  }
}

/// `cost --json`.
struct CostRecord: Decodable {
  struct Row: Decodable {
    let name: String
    let calls: Int
    let costPicodollars: Int
  }
  let rows: [Row]
  var together: Int { rows.reduce(0) { $0 + $1.costPicodollars } }
}
