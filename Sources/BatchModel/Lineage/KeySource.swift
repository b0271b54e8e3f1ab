// What a component of a key stands for: the only place that knows how components that name a source
// are called, so that keys are written and read alike.

/// The source behind a component of a key.
package enum KeySource: Hashable, Sendable {
  /// A file of the workspace as it was then: the item's own, one that `reads:` or an argument
  /// names, a prompt, a script.
  case file(path: String)
  /// What an item that this one comes after had published.
  case upstream(path: String)
  /// The many files that a glob of `reads:` matched; the digest is that of their `FileList`.
  case list(glob: String)
  /// The candidate of an earlier step of the same item.
  case step(String)
  /// What the worktree of an earlier step of the same item had become.
  case commit(step: String)
  /// No file: a payload, arguments, a parameter.
  case value

  /// Where its file is, if it is one.
  package var path: String? {
    switch self {
    case .file(let path), .upstream(let path): path
    case .list, .step, .commit, .value: nil
    }
  }
}

extension KeyComponent {
  private static let filePrefix = "file "
  private static let upstreamPrefix = "after "
  private static let listPrefix = "reads "
  private static let stepPrefix = "step "
  private static let commitPrefix = "commit of step "

  package static func name(ofFile path: String) -> String { filePrefix + path }

  package static func file(_ path: String, _ half: KeyHalf, _ digest: Digest) -> KeyComponent {
    KeyComponent(name: filePrefix + path, half: half, digest: digest, path: path)
  }

  package static func upstream(_ artifact: Artifact) -> KeyComponent {
    KeyComponent(
      name: upstreamPrefix + artifact.path, half: .input, digest: artifact.object.digest)
  }

  package static func name(ofList glob: String) -> String { listPrefix + glob }

  package static func list(_ glob: String, _ list: FileList) -> KeyComponent {
    KeyComponent(name: name(ofList: glob), half: .input, digest: Digest(of: list.bytes))
  }

  package static func candidate(ofStep step: String, _ digest: Digest) -> KeyComponent {
    KeyComponent(name: stepPrefix + step, half: .input, digest: digest)
  }

  package static func commit(_ commit: String, ofStep step: String) -> KeyComponent {
    KeyComponent(name: commitPrefix + step, half: .input, digest: Digest(of: commit))
  }

  package var source: KeySource {
    if let path { return .file(path: path) }
    guard half == .input else { return .value }
    if let rest = name.rest(after: Self.upstreamPrefix) { return .upstream(path: rest) }
    if let rest = name.rest(after: Self.listPrefix) { return .list(glob: rest) }
    if let rest = name.rest(after: Self.stepPrefix) { return .step(rest) }
    if let rest = name.rest(after: Self.commitPrefix) { return .commit(step: rest) }
    return .value
  }
}

extension String {
  fileprivate func rest(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
