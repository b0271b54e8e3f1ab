// What of an item's step a person may edit for one retry of it.

package import BatchModel

/// What there is to edit of a step.
package struct Editable: Hashable, Sendable {
  /// The step has a prompt.
  package var hasPrompt: Bool
  /// The parameters that it is called with; `nil` where it takes none.
  package var params: [String: JSONValue]?
  package init(hasPrompt: Bool, params: [String: JSONValue]?) {
    self.hasPrompt = hasPrompt
    self.params = params
  }
}

/// What an editor is opened on.
package enum EditedPart: Hashable, Sendable {
  /// The step's prompt, rendered for the item.
  case prompt
  /// That text, which has the parameters line by line.
  case params(String)
}

/// An item's step whose parameters are with the person.
struct ParamsEditing: Hashable, Sendable {
  var item: ItemID
  var step: Int
  var params: [String: JSONValue]
}
