// `lineage --json`: the graph around one file, flat, so that a cycle needs no care.

package import BatchModel

/// What made a file, and what was made from it.
package struct LineageReport: Codable {
  package let schemaVersion: Int
  /// The path that was asked for, relative to the workspace; or the digest.
  package let subject: String
  /// The digest of what stands there now; left out when nothing does.
  package let present: Digest?
  /// What made the subject, newest first: numbers of `nodes`.
  package let generations: [Int64]
  /// What was made from the subject itself, newest first: numbers of `nodes`.
  package let uses: [Int64]
  /// Newest first.
  package let nodes: [NodeReport]
  /// False when there is more than the limits let through.
  package let complete: Bool

  /// A finished step, or what a hook told.
  package struct NodeReport: Codable {
    /// The place of its event in the ledger.
    package let number: Int64
    package let maker: Maker
    package let at: String
    package let run: String
    package let item: String?
    package let occurrence: Int?
    package let step: String?
    package let attempt: Int64?
    package let tryNumber: Int?
    /// The model that answered; left out for a command.
    package let model: String?
    package let provider: String?
    /// 10⁻¹² USD.
    package let costPicodollars: Int64?
    /// Why it ran, or what the hook gave as its reason.
    package let why: String
    /// What a hook says that it did.
    package let action: ArtifactAction?
    /// Which hook told it.
    package let hook: String?
    /// The commit that its worktree became.
    package let commit: String?
    /// The bytes that the step left, published or not.
    package let candidate: Digest?
    /// Nothing newer has replaced it.
    package let newest: Bool
    package let products: [FileReport]
    package let sources: [SourceReport]
    /// What was made from its products: numbers of `nodes`.
    package let uses: [Int64]
  }

  package enum Maker: String, Codable, CaseIterable { case step, hook }

  package struct FileReport: Codable {
    package let path: String
    package let digest: Digest?
    package let bytes: Int64?
    package let standing: LineageGraph.FileStanding
  }

  package struct SourceReport: Codable {
    package let kind: LineageGraph.Source.Kind
    package let name: String
    package let path: String?
    package let digest: Digest?
    package let standing: LineageGraph.FileStanding
    /// The number of the node that had made it.
    package let madeBy: Int64?
  }

  package init(_ graph: LineageGraph) {
    schemaVersion = 1
    subject = graph.subject
    present = graph.present
    generations = graph.generations
    uses = graph.uses
    nodes = graph.nodes.values.sorted { $0.sequence > $1.sequence }.map(NodeReport.init)
    complete = !graph.isCut
  }
}

extension LineageReport.NodeReport {
  fileprivate init(_ node: LineageGraph.Node) {
    number = node.sequence
    at = node.at.rfc3339
    newest = node.isNewest
    uses = node.uses
    products = node.products.map {
      LineageReport.FileReport(
        path: $0.path, digest: $0.digest, bytes: $0.sizeBytes, standing: $0.standing)
    }
    sources = node.sources.map {
      LineageReport.SourceReport(
        kind: $0.kind, name: $0.name, path: $0.path, digest: $0.digest, standing: $0.standing,
        madeBy: $0.madeBy)
    }
    switch node.maker {
    case .step(let making):
      let receipt = making.receipt
      maker = .step
      (run, item, occurrence) = (receipt.run.text, receipt.itemKey, receipt.occurrence)
      (step, attempt, tryNumber) = (receipt.step, receipt.attempt.number, making.tryNumber)
      (model, provider) = (receipt.model, receipt.provider)
      (costPicodollars, why) = (receipt.cost?.picodollars, making.why)
      (commit, candidate) = (receipt.commit, receipt.candidate?.digest)
      (action, hook) = (nil, nil)
    case .hook(let telling):
      let told = telling.artifact
      maker = .hook
      (run, item, occurrence) = (telling.run.text, told.itemKey, nil)
      (step, attempt, tryNumber) = (nil, told.attempt, nil)
      (model, provider, costPicodollars) = (nil, nil, nil)
      (why, action, hook) = (told.reason, told.action, told.source)
      (commit, candidate) = (nil, nil)
    }
  }
}
