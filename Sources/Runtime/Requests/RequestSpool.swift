// The folder through which clients ask and the engine hears.

package import BatchModel
import DurableFiles
import Foundation
import Glibc
import Resilience

/// Requests as files: written whole, read in the order of asking, unlinked when applied.
package struct RequestSpool: Sendable {
  private let folder: String

  package init(_ layout: WorkspaceLayout) { folder = layout.requests }

  /// Leaves a request; it is durable when this returns.
  package func leave(_ request: Request) throws {
    let bytes = Array(try JSONEncoder().encode(request))
    try PrivateFolder(folder).writeOnce(request.id + ".json", bytes)
  }

  /// Every request that waits, oldest first.
  ///
  /// A file that is no request is set aside, so that it is reported once and blocks nothing.
  package func waiting() throws -> (requests: [Request], refused: [String]) {
    guard FileManager.default.fileExists(atPath: folder) else { return ([], []) }
    var requests: [Request] = []
    var refused: [String] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      guard name.hasSuffix(".json") else { continue }
      let path = folder + "/" + name
      guard let data = FileManager.default.contents(atPath: path) else { continue }
      do {
        requests.append(try JSONDecoder().decode(Request.self, from: data))
      } catch {
        refused.append(name)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".refused")
      }
    }
    return (requests, refused)
  }

  /// The requests that can no longer be taken back, oldest first.
  func due(at now: Instant) throws -> [Request] {
    try waiting().requests.filter { $0.notBefore <= now }
  }

  /// Takes a request back, or clears one that was applied.
  ///
  /// Returns false when it was gone already.
  @discardableResult
  package func remove(_ id: String) -> Bool { unlink("\(folder)/\(id).json") == 0 }
}
