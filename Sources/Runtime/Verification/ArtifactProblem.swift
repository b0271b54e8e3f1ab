// What can be wrong with something that a receipt promises, and how much was looked at.

package import BatchModel

/// One thing that is not as its receipt says.
package struct ArtifactProblem: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing stands at the path.
    case missing
    /// Somebody wrote other bytes since the receipt.
    case changed
    /// The bytes are others although nobody wrote: size, times and inode are as they were.
    case damaged
    /// What stands there cannot be read, or is no file.
    case unreadable
    /// The copy among the objects is gone or damaged, so that a loss could not be restored.
    case objectLost = "object-lost"
  }
  package var kind: Kind
  /// Relative to the workspace; of an object that was never published its file in the state folder.
  package var path: String
  package var item: String
  package var step: String
  package var expected: SealedObject
  /// What stands there instead.
  package var found: TargetContent?
  /// Whether the right bytes are at hand.
  package var isRestorable: Bool
}

extension ArtifactProblem: CustomStringConvertible {
  /// What is wrong, in one sentence.
  package var description: String {
    switch kind {
    case .missing: "\(path) of \(item) is missing"
    case .changed: "\(path) of \(item) was changed since its receipt"
    case .damaged: "\(path) of \(item) is damaged: its bytes changed, and nobody wrote it"
    case .unreadable: "\(path) of \(item) cannot be read, or is no file"
    case .objectLost: "the object behind \(path) of \(item) is lost"
    }
  }

  /// What to do about it, in one sentence.
  package var remedy: String {
    switch kind {
    case .missing where isRestorable, .damaged where isRestorable, .objectLost where isRestorable:
      "footplate verify --repair"
    case .changed where isRestorable:
      "yours if you changed it: leave it; footplate verify --repair --force puts the artifact back "
        + "and keeps your form as an object"
    case .unreadable: "look at what stands there, then footplate verify --repair --force"
    case .missing, .changed, .damaged, .objectLost: "footplate retry --force \(quotedItem)"
    }
  }

  /// The key as a shell takes it for one word.
  private var quotedItem: String { "'" + item.replacing("'", with: "'\\''") + "'" }
}

/// How much a verification looked at.
package struct VerificationTotals: Hashable, Sendable {
  package var receipts = 0
  package var artifacts = 0
  package var bytes: Int64 = 0
  package init() {}
}
