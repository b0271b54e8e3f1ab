// A manifest as a file: written whole, private, and checked against its name when it is read.

package import BatchModel
import FoundationEssentials

/// `runs/<run>/snapshot.json`.
package enum SnapshotFile {
  package static let name = "snapshot.json"

  /// What is wrong with a manifest.
  package enum Mistake: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case newer(path: String, version: Int)
    /// The entries are not the ones that the id names.
    case damaged(path: String, id: SnapshotID)

    package var description: String {
      switch self {
      case .unreadable(let path, let reason):
        "\(path) is no snapshot manifest (\(reason)); start a fresh run to take a new one"
      case .newer(let path, let version):
        "\(path) has version \(version); use the Footplate that made it"
      case .damaged(let path, let id):
        "\(path) was changed since it was named \(id); start a fresh run to take a new one"
      }
    }
  }

  /// Writes the manifest durably into `folder` (0600): it is there whole, or not at all.
  package static func write(_ manifest: SnapshotManifest, in folder: String) throws(FilesError) {
    var text = "{\"entries\":["
    for (index, entry) in manifest.entries.enumerated() {
      text += index == 0 ? "\n" : ",\n"
      entry.appendCanonical(to: &text)
    }
    text += "\n],\"id\":\"\(manifest.id)\",\"schema_version\":\(manifest.version)}\n"
    try PrivateFolder(folder).writeOnce(name, Array(text.utf8))
  }

  /// Reads the manifest in `folder`.
  package static func read(in folder: String) throws(Mistake) -> SnapshotManifest {
    let path = "\(folder)/\(name)"
    let manifest: SnapshotManifest
    do {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      manifest = try JSONDecoder().decode(SnapshotManifest.self, from: bytes)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    guard manifest.version <= SnapshotManifest.version else {
      throw .newer(path: path, version: manifest.version)
    }
    guard manifest.isIntact else { throw .damaged(path: path, id: manifest.id) }
    return manifest
  }
}
