// How the artifacts of a receipt stand on disk.

package import BatchModel
package import Engine

extension Standing {
  /// Compares every artifact with what is there now.
  ///
  /// What stands there from the item's newest receipt is ours too: an input that changed back gets
  /// its earlier artifact restored.
  ///
  /// - Parameters:
  ///   - latest: the item's newest receipt of the same step.
  ///   - hasObject: whether the object store has a digest.
  package init(
    of receipt: Receipt, over latest: Receipt?, files: any InputFiles,
    hasObject: (Digest) -> Bool
  ) throws {
    var missing: [String] = []
    var changed: [String] = []
    var lost: [String] = []
    for artifact in receipt.artifacts {
      let found = try files.digest(of: artifact.path)
      if found == artifact.object.digest { continue }
      let isOurs = latest?.artifacts.contains {
        $0.path == artifact.path && $0.object.digest == found
      }
      guard found != nil, isOurs != true else {
        missing.append(artifact.path)
        if !hasObject(artifact.object.digest) { lost.append(artifact.path) }
        continue
      }
      changed.append(artifact.path)
    }
    if !lost.isEmpty {
      self = .lost(lost)
    } else if !missing.isEmpty {
      self = .restorable(missing)
    } else if !changed.isEmpty {
      self = .changed(changed)
    } else {
      self = .intact
    }
  }
}
