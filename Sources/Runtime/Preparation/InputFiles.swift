// The seam between the computation of keys and the file system.

package import BatchModel

/// Reads the workspace's files for keys and templates.
package protocol InputFiles: Sendable {
  /// The digest of a regular file; `nil` when there is none at that path.
  func digest(of path: String) throws -> Digest?
  /// Whether the word names a regular file of the workspace, not counting its state folder.
  func isFile(_ path: String) -> Bool
  /// The files that match a glob, sorted by path.
  func matches(of glob: String) throws -> [String]
  /// The file's text; throws with a sentence for a person.
  func text(of path: String) throws -> String
}
