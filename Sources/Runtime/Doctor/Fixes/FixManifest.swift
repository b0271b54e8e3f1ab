// What a fix changed, so that it can be taken back.

import BatchModel
import Foundation

/// `manifest.json` of a backup folder.
struct FixManifest: Codable {
  struct Entry: Codable {
    enum Kind: String, Codable {
      /// The file's bytes are in `saved`.
      case copied
      /// Nothing stood at the path.
      case absent
      /// The file or folder itself is in `saved`.
      case moved
      /// It had the permissions `mode`.
      case mode
      /// An append-only file had so many bytes.
      case length
    }
    var kind: Kind
    /// Relative to the workspace.
    var path: String
    /// The name in the backup folder.
    var saved: String?
    var mode: UInt32?
    var length: Int64?
    /// What the fix put at the path: something else there is left alone.
    var after: Digest?
  }
  var schemaVersion = 1
  var code: String
  var at: String
  var entries: [Entry] = []
  /// What was done, also what cannot be taken back.
  var sentences: [String] = []
  /// The newest event after a fix of the store: when there are later ones, it is not taken back.
  var lastSequence: Int64?
  var isUndone = false
}
