// The long lists of files that keys name by their digests: made, kept as objects, and compared.

import BatchModel
import DurableFiles

extension InputFiles {
  /// What the glob matches now, with the contents.
  func list(of glob: String) throws -> FileList {
    var files: [String: Digest] = [:]
    for path in try matches(of: glob) { files[path] = try digest(of: path) }
    return FileList(files)
  }
}

extension StepKey {
  /// The globs whose files it names by a list, and the lists' digests.
  var lists: [(glob: String, digest: Digest)] {
    components.compactMap { component in
      if case .list(let glob) = component.source { (glob, component.digest) } else { nil }
    }
  }

  /// Keeps the lists that are no objects yet.
  ///
  /// One that changed since the key was computed is not kept: the attempt's end finds the change.
  func keepLists(in objects: ObjectStore, _ files: any InputFiles) throws {
    for (glob, digest) in lists where !objects.contains(digest) {
      let bytes = try files.list(of: glob).bytes
      if Digest(of: bytes) == digest { _ = try objects.put(bytes) }
    }
  }
}
