// One line of `export results`.

package import BatchModel

/// What an item's last step left.
package struct ResultRecord: Codable {
  package let item: String
  package let occurrence: Int
  package let step: String
  /// Published files, with what they contain.
  package let artifacts: [String: Digest]
  package let candidate: Digest?
  /// Where the candidate's bytes can be read.
  package let object: String?
  /// The git commit that the step's worktree became.
  package let commit: String?

  package init(_ receipt: Receipt, object: String?) {
    item = receipt.itemKey
    occurrence = receipt.occurrence
    step = receipt.step
    artifacts = Dictionary(
      receipt.artifacts.map { ($0.path, $0.object.digest) }, uniquingKeysWith: { first, _ in first }
    )
    candidate = receipt.candidate?.digest
    self.object = object
    commit = receipt.commit
  }
}
