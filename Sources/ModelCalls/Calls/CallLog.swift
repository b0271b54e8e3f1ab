// What an attempt's log says about a call.

import Providers

/// Writes the lines.
enum CallLog {
  /// Of a body that is no answer so much is shown.
  static let bodyBytesMax = 4096

  static func lines(
    for request: CallRequest, _ transcript: CallTranscript, took: Duration, mask: KeyMask
  ) -> [String] {
    var lines = [
      "\(request.http.method) \(request.http.url(base: request.server.text))"
        + " (\(request.http.body.count) bytes)"
    ]
    switch transcript.reply {
    case .none: break
    case .whole(let status, let headers, let body):
      lines.append(head(status, headers, transcript, took))
      if status != 200 || transcript.ending != .complete { lines += bodyLines(body) }
    case .stream(let headers, _): lines.append(head(200, headers, transcript, took))
    }
    if let detail = transcript.faultDetail {
      lines.append("ended after \(seconds(took)): \(detail)")
    }
    return lines.map { mask.masked(plain($0)) }
  }

  private static func head(
    _ status: Int, _ headers: HTTPHeaders, _ transcript: CallTranscript, _ took: Duration
  ) -> String {
    let type = headers["content-type"].map { ", \($0.prefix(80))" } ?? ""
    let id = (headers["request-id"] ?? headers["x-request-id"]).map {
      ", request \($0.prefix(128))"
    }
    return "\(status)\(type)\(id ?? ""): \(transcript.bytesReceived) bytes in \(seconds(took))"
  }

  private static func bodyLines(_ body: [UInt8]) -> [String] {
    guard !body.isEmpty else { return [] }
    let rest = body.count > bodyBytesMax ? ["… and \(body.count - bodyBytesMax) bytes more"] : []
    return [String(decoding: body.prefix(bodyBytesMax), as: UTF8.self)] + rest
  }

  private static func seconds(_ duration: Duration) -> String {
    let tenths =
      duration.components.seconds * 10
      + duration.components.attoseconds / 100_000_000_000_000_000
    return "\(tenths / 10).\(tenths % 10) s"
  }

  /// One line without characters that a terminal would obey.
  private static func plain(_ text: String) -> String {
    // Nearly every line is ASCII, and properties of scalars are slow.
    if text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return text }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
            .unassigned:
            " "
          default: scalar
          }
        }))
  }
}
