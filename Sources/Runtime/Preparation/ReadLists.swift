// The long lists of files that keys name by their digests: made, kept as objects, and compared.

import BatchModel
import DurableFiles
import Engine
import Foundation

extension InputFiles {
  /// What the glob matches now, with the contents.
  func list(of glob: String) throws -> FileList {
    var files: [String: Digest] = [:]
    for path in try matches(of: glob) { files[path] = try digest(of: path) }
    return FileList(files)
  }
}

extension Preparer {
  /// Why a step runs, with the files named of which a key says only that one of many changed.
  func explained(_ why: String, _ key: StepKey, since latest: Receipt?) throws -> String {
    var why = why
    for (glob, digest) in key.lists {
      let name = KeyComponent.name(ofList: glob)
      let sentence = KeyChange(name: name, half: .input, kind: .changed).sentence
      guard let old = latest?.key.lists.first(where: { $0.glob == glob }), old.digest != digest,
        why.contains(sentence),
        let bytes = FileManager.default.contents(atPath: objectPath(old.digest)),
        let before = FileList(Array(bytes))
      else { continue }
      why = why.replacing(sentence, with: try files.list(of: glob).sentence(since: before))
    }
    return why
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
