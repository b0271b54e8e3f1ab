// What a mouse does over the screen, decoded from whichever encoding the terminal speaks.

/// One thing that the mouse did, and the cell that it did it over.
package struct MouseEvent: Hashable, Sendable {
  package enum Button: Hashable, Sendable { case left, middle, right }
  package enum Action: Hashable, Sendable {
    case press(Button), release(Button)
    /// One notch of the wheel.
    case wheelUp, wheelDown
  }
  package var action: Action
  /// From 0, at the top.
  package var row: Int
  /// From 0, at the left.
  package var column: Int
  package init(_ action: Action, row: Int, column: Int) {
    self.action = action
    self.row = row
    self.column = column
  }
}
