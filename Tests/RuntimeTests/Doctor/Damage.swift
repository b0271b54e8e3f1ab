// One way in which a workspace gets a finding, with what the doctor must say of it and how it is mended:
// the table that proves that no code is without its test.

import BatchModel
import Foundation
import Runtime
import Testing

/// A damage and its finding.
struct Damage: Sendable, CustomTestStringConvertible {
  /// How a damaged workspace is looked at.
  struct View: Sendable {
    var host = DoctorHost.plain
    var sinkLook = SinkLook.notAsked
  }

  let code: Finding.Code
  let severity: Finding.Severity
  let mending: Finding.Mending
  /// A part of what is wrong.
  let sentence: String
  /// A part of what mends it.
  let remedy: String
  var definition = TestBatch.plain
  var files = TestBatch.standardFiles
  /// Whether the batch is run before it is damaged: all of it, one item, or not at all.
  var limit: Int? = .max
  /// Whether the fix leaves something to take back.
  var isUndone = true
  /// Makes the damage.
  let make: @Sendable (TestBatch) async throws -> View
  /// What a person does where no fix can; `nil` where one can.
  var byHand: (@Sendable (TestBatch) async throws -> View)?

  var testDescription: String { "\(code.rawValue): \(sentence)" }

  /// Every code at least once.
  static let all = ofStore + ofHolding + ofFiles + ofOutbox + ofSurroundings
}
