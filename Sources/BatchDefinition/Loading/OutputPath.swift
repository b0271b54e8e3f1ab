// Where a step may publish: below the definition's folder, and not among Footplate's own files.

/// Judges output paths, in the definition and again after rendering.
package enum OutputPath {
  /// Why a path is refused.
  package enum Refusal: Error, Hashable, Sendable {
    case empty
    case absolute
    case leavesTheFolder
    case ownFiles
    case nulCharacter
    case isFolder
    case tooLong

    /// What is wrong and what was expected.
    package var message: String {
      switch self {
      case .empty: "the output path is empty; expected a path such as docs/{{stem}}.md"
      case .absolute: "the output path is absolute; expected one below the definition's folder"
      case .leavesTheFolder:
        "the output path contains \"..\"; expected one below the definition's folder"
      case .ownFiles: "the output path lies in .footplate, which is Footplate's own"
      case .nulCharacter: "the output path contains a NUL character"
      case .isFolder: "the output path names a folder; expected a file"
      case .tooLong: "the output path is longer than 4095 bytes, or a name in it than 255"
      }
    }
  }

  /// A rendered path without `.` and doubled slashes.
  package static func normalized(_ path: String) throws(Refusal) -> String {
    guard !path.isEmpty else { throw .empty }
    guard !path.utf8.contains(0) else { throw .nulCharacter }
    guard !path.hasPrefix("/") else { throw .absolute }
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard !parts.contains("..") else { throw .leavesTheFolder }
    guard let first = parts.first else { throw .isFolder }
    guard first != ".footplate" else { throw .ownFiles }
    guard !path.hasSuffix("/"), !path.hasSuffix("/.") else { throw .isFolder }
    let isShort = path.utf8.count <= 4095 && parts.allSatisfy { $0.utf8.count <= 255 }
    guard isShort else { throw .tooLong }
    return parts.joined(separator: "/")
  }

  /// What is certain before rendering.
  ///
  /// A value is taken for one ordinary name.
  static func refusal(ofTemplate source: String) -> Refusal? {
    guard let tokens = try? TemplateParser.parse(source) else { return nil }  // noted elsewhere
    var text = ""
    for token in tokens {
      switch token.kind {
      case .text(let constant): text += constant
      case .variable: text += "x"
      // What a section adds is not certain.
      case .open, .close: return nil
      case .comment: break
      }
    }
    do throws(Refusal) {
      _ = try normalized(text)
      return nil
    } catch {
      return error
    }
  }
}
