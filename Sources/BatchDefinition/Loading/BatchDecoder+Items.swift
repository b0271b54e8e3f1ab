// Item sources: from checked values to the model.

import BatchModel

extension BatchDecoder {
  func itemSource(_ group: CheckedGroup) -> ItemSource? {
    guard let kind = sourceKind(group) else { return nil }
    // An item's key is made before its file is read, and never from its place in the source.
    let scope = VariableScope(of: kind).removing("text")
    let key = group["key"].map { template($0, in: scope) }
    let after = group["after"].map { template($0, in: scope.adding(["key"])) }
    if let key, let value = group["key"], key?.isConstant == true {
      log.note(
        value.position,
        "the key is the same for every item; expected a variable such as {{\(scope.names.first ?? "id")}}"
      )
    }
    return ItemSource(kind: kind, key: key ?? nil, after: after ?? nil)
  }

  private func sourceKind(_ group: CheckedGroup) -> ItemSource.Kind? {
    if let value = group["glob"] {
      let excluding = group["exclude"].map(globs) ?? []
      return .glob(patterns: globs(value), excluding: excluding)
    }
    if let path = group["jsonl"]?.text { return .jsonl(path: path) }
    if let path = group["csv"]?.text { return .csv(path: path) }
    if let path = group["lines"]?.text { return .lines(path: path) }
    if let value = group["command"] {
      // There is no item yet whose values the command could use.
      return command(value, in: .nothing).map(ItemSource.Kind.command)
    }
    guard let list = group["list"] else { return nil }
    return .list(
      list.elements.compactMap { element in
        if case .json(let value) = element.content { return value }
        return element.text.map(JSONValue.string)
      })
  }

  private func globs(_ value: CheckedValue) -> [String] {
    value.elements.compactMap { element in
      guard let text = element.text else { return nil }
      do throws(GlobPattern.Mistake) {
        _ = try GlobPattern(text)
        return text
      } catch {
        log.note(element.position, "the glob \"\(text)\" \(error.message)")
        return nil
      }
    }
  }
}
