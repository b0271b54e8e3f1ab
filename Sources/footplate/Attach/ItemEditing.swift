// `E`: a prompt or parameters in a person's own editor.

import BatchModel
import Dashboard
import DurableFiles
import Foundation

/// Opens texts of one run's items in `$VISUAL` or `$EDITOR`.
struct ItemEditing {
  let texts: ItemTexts
  let folder: String

  /// The editor on a private file with that part of the step; `nil` when there is no such part, or no
  /// file can be written.
  func session(of item: ItemID, step: Int, _ part: EditedPart) -> EditSession? {
    switch part {
    case .prompt:
      guard let prompt = texts.prompt(of: item, step: step) else { return nil }
      return session(on: prompt, name: "prompt", suffix: "md") {
        .edited(item, step: step, prompt: $0)
      }
    case .params(let text):
      return session(on: text, name: "parameters", suffix: "txt") {
        .editedParams(item, step: step, text: $0)
      }
    }
  }

  private func session(
    on before: String, name: String, suffix: String, answer: @escaping (String) -> Message
  ) -> EditSession? {
    let file = "\(name)-\(UUID().uuidString.lowercased()).\(suffix)"
    do {
      try PrivateFolder(folder).writeOnce(file, Array(before.utf8))
    } catch {
      return nil
    }
    let path = "\(folder)/\(file)"
    let environment = ProcessInfo.processInfo.environment
    let editor = environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
    return EditSession(arguments: ["/bin/sh", "-c", "exec \(editor) \"$1\"", "editor", path]) {
      status in
      defer { unlink(path) }
      guard status == 0 else {
        return .notice("\(editor) ended with \(status): nothing is changed", isError: true)
      }
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        return .notice("what \(editor) left cannot be read: nothing is changed", isError: true)
      }
      return text == before
        ? .notice(
          "the \(name) \(name == "prompt" ? "was" : "were") not changed", isError: false)
        : answer(text)
    }
  }
}
