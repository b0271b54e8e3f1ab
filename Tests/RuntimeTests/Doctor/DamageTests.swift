// Each code of the doctor on its own damage: found, mended, taken back, and lived with.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime
import Testing

@Suite(.serialized) struct DamageTests {
  @Test("Every code has a damage that shows it")
  func everyCode() {
    #expect(Set(Damage.all.map(\.code)) == Set(Finding.Code.allCases))
  }

  @Test(
    "A damage is found, mended, taken back, mended again, and the run goes on",
    arguments: Damage.all)
  func mended(_ damage: Damage) async throws {
    let batch = try TestBatch(damage.definition, files: damage.files)
    if let limit = damage.limit { try await batch.run { $0.limit = limit == .max ? nil : limit } }
    let view = try await damage.make(batch)
    let finding = try #require(found(damage, batch, view), "\(batch.doctor(view.host).examine())")
    #expect(finding.severity == damage.severity)
    #expect(finding.mending == damage.mending)
    #expect(finding.remedy.contains(damage.remedy), "\(finding.remedy)")
    #expect(finding.command == command(of: damage))
    if let byHand = damage.byHand {
      #expect(try fixes(of: damage, batch, view).isEmpty)
      #expect(found(damage, batch, view) == finding)
      let later = try await byHand(batch)
      #expect(found(damage, batch, later) == nil)
    } else {
      try mend(damage, finding, batch, view)
    }
    try await batch.run()
    let newest = try batch.newest()
    #expect(newest.state == .finished)
    #expect(newest.counts.ended == newest.counts.total)
    #expect(found(damage, batch, damage.byHand == nil ? view : nil) == nil)
  }

  private func mend(
    _ damage: Damage, _ finding: Finding, _ batch: TestBatch, _ view: Damage.View
  ) throws {
    let fixes = try fixes(of: damage, batch, view)
    #expect(fixes.map(\.code) == [damage.code])
    #expect(fixes.allSatisfy { !$0.done.isEmpty })
    #expect(found(damage, batch, view) == nil)
    guard damage.isUndone else { return }
    #expect(fixes.first?.undo == batch.doctor().undoable)
    #expect(fixes.first?.changes.isEmpty == false)
    _ = try batch.doctor().undo()
    #expect(found(damage, batch, view) == finding)
    _ = try self.fixes(of: damage, batch, view)
    #expect(found(damage, batch, view) == nil)
  }

  /// What a fix of the one code does; nothing where only a person can.
  private func fixes(
    of damage: Damage, _ batch: TestBatch, _ view: Damage.View
  ) throws -> [FixResult] {
    guard damage.code != .schemaNewer else {
      #expect(throws: StoreError.self) { try batch.doctor(view.host).fix(damage.code) }
      return []
    }
    var shown: [Finding] = []
    let fixes = try batch.doctor(view.host).fix(damage.code) { shown += $0 }
    #expect(shown.allSatisfy { $0.code == damage.code } && shown.isEmpty == fixes.isEmpty)
    return fixes
  }

  private func found(
    _ damage: Damage, _ batch: TestBatch, _ view: Damage.View?
  ) -> Finding? {
    guard let view else { return nil }
    return batch.doctor(view.host).examine(view.sinkLook).first { finding in
      finding.code == damage.code && finding.sentence.contains(damage.sentence)
    }
  }

  private func command(of damage: Damage) -> String? {
    switch damage.mending {
    case .safe: "footplate doctor --fix"
    case .deliberate: "footplate doctor --fix \(damage.code.rawValue)"
    case .byHand: nil
    }
  }

  @Test("A sink that accepts and never answers is told of within a second or so")
  func silentSink() async throws {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw -> UInt16 in
        guard bind(socket, raw, length) == 0, listen(socket, 1) == 0,
          getsockname(socket, raw, &length) == 0
        else { return 0 }
        return UInt16(bigEndian: pointer.pointee.sin_port)
      }
    }
    let batch = try TestBatch(
      TestBatch.plain + "\nevents: {sink: \"http://127.0.0.1:\(port)/events\"}\n")
    let start = ContinuousClock.now
    #expect(await batch.doctor().lookAtSink() == .silent("the sink does not answer in time"))
    #expect(start.duration(to: .now) < .seconds(5))
  }
}
