// The demo's folder: a definition, its tickets and the provider that they are answered by.

import BatchDefinition
import BatchModel
import Executors
import Foundation
import Runtime

/// A folder that `footplate demo` made.
struct DemoFolder {
  let path: String

  private var definition: String { "\(path)/footplate.yaml" }
  private var script: String { "\(path)/provider.yaml" }
  private var providerLog: String { "\(path)/provider.log" }

  /// Whether a demo began here earlier.
  var isThere: Bool { FileManager.default.fileExists(atPath: definition) }

  /// Writes the demo's files into a new folder and starts its provider.
  func make(pace: DemoPace) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else {
      throw CommandError("\(path) is not empty: choose another folder with -C")
    }
    let placeholders = pace.placeholders(address: "")
    try write(PackageResources.provider_yaml, to: script, placeholders)
    try write(PackageResources.reply_md, to: "\(path)/reply.md")
    try write(PackageResources.review_sh, to: "\(path)/review.sh")
    try write(Array(DemoTickets.lines.utf8), to: "\(path)/tickets.jsonl")
    guard let address = try startProvider(port: 0) else {
      throw CommandError("the provider did not begin: \(providerLog) says why")
    }
    // The definition comes last: a folder without one is no demo to go on with.
    try write(
      PackageResources.footplate_yaml, to: definition, pace.placeholders(address: address))
  }

  /// Starts the provider of a demo that was left, unless it still answers.
  func wake() throws {
    let loaded = try DefinitionFile.load(definition)
    guard let address = loaded.batch.providers.values.first?.baseURL,
      let port = address.split(separator: ":").last.flatMap({ UInt16($0) })
    else { throw CommandError("\(definition) is no demo's: choose another folder with -C") }
    // It does not begin when its port is taken: then the earlier one is still there.
    _ = try startProvider(port: port)
  }

  /// Starts the provider behind; it goes when no engine has worked here for a while.
  ///
  /// - Returns: its address; `nil` when it ended at once.
  private func startProvider(port: UInt16) throws -> String? {
    let start = (FileManager.default.contents(atPath: providerLog) ?? Data()).count
    let provider = try DetachedProcess.start(
      try Executable.path(),
      arguments: ["mock-provider", "--script", script, "--port", "\(port)", "--for", path],
      log: providerLog, folder: path)
    while provider.waitForEnd(timeout: .milliseconds(20)) == nil {
      let said = FileManager.default.contents(atPath: providerLog)?.dropFirst(start) ?? Data()
      let lines = String(decoding: said, as: UTF8.self)
      if let line = lines.split(separator: "\n", omittingEmptySubsequences: true).first,
        lines.hasSuffix("\n"), line.hasPrefix("http://")
      {
        return String(line)
      }
    }
    return nil
  }

  private func write(
    _ bytes: [UInt8], to file: String, _ placeholders: [String: String] = [:]
  ) throws {
    var text = String(decoding: bytes, as: UTF8.self)
    for (name, value) in placeholders { text.replace("%\(name)%", with: value) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
  }
}
