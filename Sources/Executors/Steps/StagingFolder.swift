// A folder of an attempt's own, in which its process works and leaves its candidate.

import BatchModel
import DurableFiles
import Glibc

/// `runs/<run>/staging/<attempt>-<epoch>`, mode 0700.
package struct StagingFolder: Hashable, Sendable {
  package let path: String
  let parent: String
  private let ending: String

  /// A folder that was made before.
  init(in parent: String, _ attempt: AttemptID, _ epoch: Epoch) {
    self.parent = parent
    path = "\(parent)/\(attempt)-\(epoch)"
    ending = ""
  }

  /// The folder's names; nothing is made yet.
  ///
  /// - Parameter parent: `runs/<run>/staging`.
  init(in parent: String, _ order: StepOrder) {
    self.parent = parent
    path = "\(parent)/\(order.attempt)-\(order.epoch)"
    // The ending comes from a path that an item may have chosen.
    let isPlain = order.candidateEnding.utf8.allSatisfy { byte in
      byte == UInt8(ascii: ".") || SecretMask.isWordByte[Int(byte)]
    }
    ending = isPlain && order.candidateEnding.utf8.count <= 32 ? order.candidateEnding : ""
  }

  package var itemDocument: String { "\(path)/item.json" }
  package var feedback: String { "\(path)/feedback.txt" }
  /// FOOTPLATE_OUTPUT.
  package var candidate: String { "\(path)/candidate\(ending)" }
  /// Where standard output is captured.
  package var standardOutput: String { "\(path)/stdout" }

  /// Makes a folder with what the process may read in it, under another name.
  ///
  /// One of an earlier engine cannot be in the way: the epoch is in its name.
  ///
  /// - Returns: its path.
  func prepare(document: String, feedback text: String?) throws(FilesError) -> String {
    let prepared = path + "-ready"
    if mkdir(prepared, 0o700) != 0 {
      guard errno == ENOENT else {
        throw .system(operation: "create", path: prepared, errno: errno)
      }
      try PrivateFolder.create(prepared)
    }
    try Self.write(document, to: "\(prepared)/item.json")
    if let text { try Self.write(text, to: "\(prepared)/feedback.txt") }
    return prepared
  }

  /// Gives a prepared folder its name: from here on the attempt may have run.
  func open(from prepared: String) throws(FilesError) {
    guard rename(prepared, path) == 0 else {
      throw .system(operation: "create", path: path, errno: errno)
    }
  }

  /// Removes the folder and everything in it.
  func remove() throws(FilesError) {
    unlink(itemDocument)
    if rmdir(path) == 0 || errno == ENOENT { return }
    try FileTree.remove(path)
  }

  private static func write(_ text: String, to path: String) throws(FilesError) {
    let file = try Descriptor(
      opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, operation: "create")
    try file.writeAll(Array(text.utf8), path: path)
  }
}
