// What made files and what used them, on every form of the store.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("Lineage in the store")
struct LineageTests {
  private static func key(_ components: KeyComponent...) -> StepKey {
    StepKey(components: components)
  }

  private static func told(_ path: String, from: [String] = []) -> ArtifactTracked {
    ArtifactTracked(
      action: .created, path: path, digest: Digest(of: path), sizeBytes: 1, from: from,
      source: "hook", nature: "text", toldAt: Instant(milliseconds: 5))
  }

  @Test("A path leads to the receipts that published there, newest first, over runs")
  func makers() throws {
    for form in StoreForm.allCases {
      let first = try Driver(form.make())
      try first.source("a", "b")
      for item in try first.claim().items {
        try first.finish(
          item.id, artifact: "out/\(item.key)",
          key: Self.key(.file("in/x", .input, Digest(of: "1"))))
      }
      let second = try Driver(first.store, run: "run-2")
      try second.source("a")
      let item = try #require(try second.claim().items.first)
      try second.finish(item.id, artifact: "out/a")
      let made = try first.store.makings(of: "out/a", limit: 9)
      #expect(made.map(\.receipt.run.text) == ["run-2", "run-1"])
      #expect(made.map(\.tryNumber) == [1, 1] && made.map(\.why) == ["new", "new"])
      #expect(made[0].sequence > made[1].sequence)
      #expect(try first.store.makings(of: "out/a", limit: 1).map(\.receipt.run.text) == ["run-2"])
      // What was only read was made by nobody.
      #expect(try first.store.makings(of: "in/x", limit: 9).isEmpty)
      #expect(try first.store.makings(of: "out/", limit: 9).isEmpty)
      #expect(try first.store.artifact(at: "out/a") == made[0].receipt.artifacts[0])
    }
  }

  @Test("A file leads to the receipts whose keys cover it, on disk or as what came before")
  func uses() throws {
    for form in StoreForm.allCases {
      let driver = try Driver(form.make())
      try driver.source("a", "b", "c", "d")
      let shared = KeyComponent.file("in/x", .input, Digest(of: "1"))
      let artifact = Artifact(path: "in/x", object: driver.sealed("upstream"))
      let keys = [
        "a": Self.key(shared), "b": Self.key(.file("in/y", .input, Digest(of: "1"))),
        "c": Self.key(.upstream(artifact)),
        // A recipe's file counts, a value that is called like one does not.
        "d": Self.key(KeyComponent(name: "after in/x", half: .recipe, digest: Digest(of: "2"))),
      ]
      for item in try driver.claim().items { try driver.finish(item.id, key: keys[item.key]) }
      #expect(try driver.store.uses(of: "in/x", limit: 9).map(\.receipt.itemKey) == ["c", "a"])
      #expect(try driver.store.uses(of: "in/x", limit: 1).map(\.receipt.itemKey) == ["c"])
      // The receipt counts for what came before, not the disk: a change there is the other's matter.
      #expect(try driver.store.recheck(paths: ["in/x"], of: driver.run, at: driver.now) == 1)
    }
  }

  @Test("Bytes lead to the receipts whose steps left them, and so does an attempt")
  func contents() throws {
    for form in StoreForm.allCases {
      let driver = try Driver(form.make())
      try driver.source("a", "b")
      let items = try driver.claim().items
      try driver.finish(items[0].id, artifact: "out/a")
      try driver.fail(items[1].id)
      let digest = driver.sealed("candidate 1").digest
      #expect(try driver.store.makings(of: digest, limit: 9).map(\.receipt.itemKey) == ["a"])
      let other = Digest(String(digest.hex.prefix(60)) + "0000")
      #expect(try driver.store.makings(of: try #require(other), limit: 9).isEmpty)
      #expect(try driver.store.making(by: AttemptID(1))?.receipt.itemKey == "a")
      #expect(try driver.store.making(by: AttemptID(2)) == nil)
      #expect(
        try driver.store.makings(ofItem: "a", occurrence: 1, limit: 9).map(\.receipt.attempt)
          == [AttemptID(1)])
      #expect(try driver.store.makings(ofItem: "a", occurrence: 2, limit: 9).isEmpty)
    }
  }

  @Test("What hooks told is found by the file and by what it was made from")
  func tellings() throws {
    for form in StoreForm.allCases {
      let driver = try Driver(form.make())
      try driver.store.track(
        [Self.told("x", from: ["s", "t", "s"]), Self.told("y", from: ["s"])], of: driver.run,
        at: driver.now)
      #expect(
        try driver.store.tellings(of: "x", limit: 9).map(\.artifact.from) == [["s", "t", "s"]])
      #expect(try driver.store.tellings(from: "s", limit: 9).map(\.artifact.path) == ["y", "x"])
      #expect(try driver.store.tellings(from: "t", limit: 9).map(\.artifact.path) == ["x"])
      #expect(try driver.store.tellings(from: "x", limit: 9).isEmpty)
      #expect(try driver.store.tellings(from: "s", limit: 9).allSatisfy { $0.run == driver.run })
    }
  }

  @Test("What changed while a run worked is rechecked once, for those who read it")
  func stale() throws {
    for form in StoreForm.allCases {
      let driver = try Driver(form.make())
      let stamp = FileStamp(
        sizeBytes: 1, modifiedNanoseconds: 1, changedNanoseconds: 1, inode: 1)
      func digest(_ text: String) -> FileDigest {
        FileDigest(path: "in/x", stamp: stamp, digest: Digest(of: text))
      }
      func recheck() throws -> Int {
        try driver.store.recheckStale(of: driver.run, at: driver.now)
      }
      try driver.source("reader", "writer", "lister", "other")
      let keys = [
        "reader": Self.key(.file("in/x", .input, Digest(of: "1"))),
        "writer": Self.key(.file("in/x", .input, Digest(of: "1"))),
        "lister": StepKey(components: [], reads: ["in/*"]), "other": Self.key(),
      ]
      for item in try driver.claim().items {
        try driver.finish(
          item.id, artifact: item.key == "writer" ? "in/x" : nil, key: keys[item.key])
      }
      try driver.store.remember([digest("1")])
      #expect(try recheck() == 0)
      try driver.store.remember([digest("1")])
      #expect(try recheck() == 0)
      try driver.store.remember([digest("2")])
      #expect(try driver.store.fileDigest(of: "in/x") == digest("2"))
      #expect(try recheck() == 1)
      #expect(try driver.state("reader") == .queued && driver.state("writer") == .done)
      #expect(try recheck() == 0)
      try driver.store.remember([FileListing(glob: "in/*", paths: ["in/x"])])
      #expect(try recheck() == 0)
      try driver.store.remember([FileListing(glob: "in/*", paths: ["in/x", "in/y"])])
      #expect(try recheck() == 1 && driver.state("lister") == .queued)
      // What changed to and fro is known to the process that saw it.
      var again = digest("2")
      again.isChanged = true
      try driver.finish(try driver.id("reader"), key: keys["reader"])
      try driver.store.remember([again])
      #expect(try recheck() == 1)
      var listings: [FileListing] = []
      try driver.store.forEachListings { listings += $0 }
      #expect(listings == [FileListing(glob: "in/*", paths: ["in/x", "in/y"])])
    }
  }

  @Test("A finished item that is retried takes the finished ones after it along")
  func retried() throws {
    for form in StoreForm.allCases {
      let driver = try Driver(form.make())
      try driver.source([
        Driver.item("a"), Driver.item("b", after: ["a"]), Driver.item("c", after: ["b"]),
        Driver.item("d"),
      ])
      while case let items = try driver.claim().items, !items.isEmpty {
        for item in items { try driver.finish(item.id) }
      }
      let action = ItemAction.retry(fromStep: 0, overrides: Overrides(force: true))
      let selector = ItemSelector.ids([try driver.id("a")])
      _ = try driver.store.move(
        selector, action, of: driver.run, request: driver.request("r", .items(action, selector)),
        at: driver.now)
      #expect(
        try driver.states() == ["a/1": .queued, "b/1": .queued, "c/1": .queued, "d/1": .done])
      #expect(try driver.claim().items.map(\.key) == ["a"])
    }
  }
}
