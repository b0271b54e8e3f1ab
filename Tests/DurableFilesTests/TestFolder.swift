// A temporary workspace with its objects and publisher, removed at the test's end.

import BatchModel
import Foundation
import Glibc

@testable import DurableFiles

/// A folder of a test's own.
final class TestFolder: Sendable {
  let path: String
  let objects: ObjectStore
  let publisher: ArtifactPublisher

  init(resolution: Workspace.Resolution = .kernel, in parent: String? = nil) throws {
    path = "\(parent ?? NSTemporaryDirectory())/footplate-test-\(UUID().uuidString)"
    try PrivateFolder.create(path)
    objects = try ObjectStore(at: "\(path)/.footplate/objects")
    publisher = ArtifactPublisher(
      workspace: try Workspace(at: path, resolution: resolution), objects: objects)
  }

  // A leftover in the temporary folder fails no test.
  deinit { try? FileTree.remove(path) }

  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
  }

  func names(in name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)").sorted()
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/\(name)", withDestinationPath: target)
  }

  func mode(_ name: String) -> mode_t {
    var status = stat()
    return lstat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  func seal(_ text: String) throws -> SealedObject { try objects.put(Array(text.utf8)) }

  /// The intent to publish `text` where nothing stands, or where `old` stands.
  func intent(_ name: String, _ text: String, replacing old: String? = nil) throws -> PublishIntent
  {
    PublishIntent(
      path: name, object: try seal(text),
      replaces: old.map { .file(Digest(of: $0)) } ?? .absent)
  }
}

/// What a call throws, as far as it is ours.
func filesError(_ call: () throws -> Void) -> FilesError? {
  do {
    try call()
    return nil
  } catch {
    return error as? FilesError
  }
}
