// A copy of a sealed candidate for its checks: with a name that tools know, and expendable.

package import BatchModel
package import DurableFiles
import Glibc

/// A read-only copy of an object in a folder of its own.
///
/// Checks get a copy and not the object itself, for two reasons: linters go by a file's ending, and
/// a check that writes to its argument must not damage an object that other items share.
package struct CheckCopy: Hashable, Sendable {
  package let object: SealedObject
  /// `{{candidate}}` of the checks.
  package let path: String
  private let folder: String

  /// Where the copy of an attempt's candidate will be.
  ///
  /// - Parameters:
  ///   - stagingFolder: `runs/<run>/staging`.
  ///   - name: The last component of the step's output.
  package init(
    of object: SealedObject, in stagingFolder: String, attempt: AttemptID, epoch: Epoch,
    name: String
  ) {
    self.object = object
    folder = "\(stagingFolder)/\(attempt)-\(epoch)-check"
    let isPlain =
      !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(0)
      && !name.utf8.contains(UInt8(ascii: "/")) && name.utf8.count <= 255
    path = "\(folder)/\(isPlain ? name : "candidate")"
  }

  /// Makes the copy, verified; blocks on the disk.
  package func create(from objects: ObjectStore) throws(FilesError) {
    try FileTree.remove(folder)
    try PrivateFolder.create(folder)
    try objects.export(object.digest, to: path)
  }

  /// Throws `digestMismatch` when a check altered the copy.
  package func verify() throws(FilesError) {
    try FileHasher.verify(path, is: object.digest)
  }

  /// Removes the copy and what checks left beside it.
  package func remove() throws(FilesError) { try FileTree.remove(folder) }
}
