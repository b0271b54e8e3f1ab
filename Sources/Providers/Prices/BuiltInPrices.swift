// The built-in price list: read once from the data file that is compiled into the program.

import BatchModel

extension PriceTable {
  /// The known models' prices, each with its day and its public source.
  package static let builtIn: PriceTable = {
    do throws(FileMistake) {
      return try PriceTable(file: PackageResources.prices_json)
    } catch {
      preconditionFailure("prices.json: \(error.message)")
    }
  }()

  /// What is wrong with a price file.
  package struct FileMistake: Error, Hashable, Sendable {
    package var message: String
  }

  /// Reads a price file: `sources` by name, and `models` whose prices are decimal text in USD for a
  /// million tokens.
  package init(file: [UInt8]) throws(FileMistake) {
    let document: JSONValue
    do {
      document = try JSONReader.value(of: file[...])
    } catch {
      throw FileMistake(message: "\(error.message) at byte \(error.offset)")
    }
    guard case .object(let models)? = document["models"] else {
      throw FileMistake(message: "no models")
    }
    var prices: [String: Price] = [:]
    for (name, row) in models {
      guard let sourceName = row["source"]?.string, let source = document["sources"]?[sourceName],
        let url = source["url"]?.string, let asOf = source["as_of"]?.string
      else { throw FileMistake(message: "\(name) has no source with a day") }
      prices[name] = try Self.price(of: row, model: name, asOf: asOf, url: url)
    }
    self.init(prices)
  }

  private static func price(
    of row: JSONValue, model: String, asOf: String, url: String
  ) throws(FileMistake) -> Price {
    var price = Price(rates: try rates(of: row, model: model), asOf: asOf, source: url)
    if let long = row["long_prompt"] {
      guard case .integer(let above)? = long["above"], above > 0 else {
        throw FileMistake(message: "\(model): long_prompt needs above")
      }
      price.longPrompt = Price.LongPrompt(
        aboveTokens: above, rates: try rates(of: long, model: model))
    }
    return price
  }

  private static func rates(of row: JSONValue, model: String) throws(FileMistake) -> Price.Rates {
    guard let input = try rate("input", of: row, model: model),
      let output = try rate("output", of: row, model: model)
    else { throw FileMistake(message: "\(model) needs input and output") }
    return Price.Rates(
      input: input, output: output, cacheRead: try rate("cache_read", of: row, model: model),
      cacheWrite: try rate("cache_write", of: row, model: model),
      hourCacheWrite: try rate("cache_write_1h", of: row, model: model))
  }

  private static func rate(
    _ name: String, of row: JSONValue, model: String
  ) throws(FileMistake) -> TokenPrice? {
    guard let value = row[name] else { return nil }
    guard let text = value.string, let price = TokenPrice(dollarsPerMillion: text) else {
      throw FileMistake(message: "\(model).\(name) is no price")
    }
    return price
  }
}
