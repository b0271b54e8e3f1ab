// How files came to be and what was made from them, as values: what the walk finds, and what the
// tree, the JSON and the drawing show.

package import BatchModel
package import Resilience

/// A part of the graph of files and what made them, around one file.
package struct LineageGraph: Sendable {
  /// The path that was asked for, or the digest.
  package var subject: String
  /// How the file that was asked for stands on disk; `nil` for a content.
  package var present: Digest?
  /// What made the subject, newest first.
  package var generations: [Int64] = []
  /// What was made from the subject itself, newest first.
  package var uses: [Int64] = []
  /// Everything that was reached, by its place in the ledger.
  package var nodes: [Int64: Node] = [:]
  /// Set when the walk ended before the graph did.
  package var isCut = false

  package init(subject: String, present: Digest?) {
    self.subject = subject
    self.present = present
  }

  /// Something that made files from files.
  package struct Node: Sendable {
    package enum Maker: Sendable {
      case step(Making)
      case hook(Telling)
    }
    package var maker: Maker
    package var products: [File]
    package var sources: [Source]
    /// No newer receipt of the same item and step, or word of the same path, has replaced it.
    package var isNewest: Bool
    /// What was made from its products, newest first.
    package var uses: [Int64] = []
    package init(maker: Maker, products: [File], sources: [Source], isNewest: Bool) {
      self.maker = maker
      self.products = products
      self.sources = sources
      self.isNewest = isNewest
    }
    package var sequence: Int64 {
      switch maker {
      case .step(let making): making.sequence
      case .hook(let telling): telling.sequence
      }
    }
    package var at: Instant {
      switch maker {
      case .step(let making): making.at
      case .hook(let telling): telling.at
      }
    }
  }

  /// A file as it was then.
  package struct File: Sendable {
    package var path: String
    /// `nil` for what a hook told of and nobody read.
    package var digest: Digest?
    package var sizeBytes: Int64?
    package var standing: FileStanding
  }

  /// What something was made from.
  package struct Source: Sendable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
      /// A file of the workspace that the step read.
      case file
      /// A prompt, a script: a file that is a part of the recipe.
      case recipe
      /// The many files that a glob matched.
      case list
      /// What an item before it had published.
      case after
      /// What an earlier step of the item had left.
      case step
      /// The commit that an earlier step of the item had left.
      case commit
      /// What the source of items said of it.
      case payload
      /// What a hook named.
      case told
      /// The attempt in which a hook ran.
      case attempt
    }
    package var kind: Kind
    /// A path, or a step's id.
    package var name: String
    package var path: String?
    /// `nil` where a hook named a file: which of its forms it meant is not known.
    package var digest: Digest?
    package var standing: FileStanding
    /// What had made it; `nil` for what nobody here made.
    package var madeBy: Int64?
  }

  /// How a file of then stands on disk now.
  package enum FileStanding: String, Sendable, Codable, CaseIterable {
    case same, changed, missing
    /// It cannot be read, is no file, or its content of then is not known.
    case unknown
  }
}
