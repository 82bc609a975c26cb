import TerminalUI

/// A window over the panes that takes all input until it is closed: pickers, prompts, questions, help.
package protocol ModalPane: Sendable {
  /// What its keys do, for its last line and for the help screen.
  var hints: [KeyHints.Hint] { get }

  /// Its window with the frame, whose last line has the hints; `nil` if it has none that can be clicked.
  func frame(_ state: ExplorerState) -> Rect?

  /// Handles input. The pane is out of `state.popup` meanwhile; it may put another one there.
  mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult

  /// Draws the window over what is already there.
  func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect)
}

extension ModalPane {
  package func frame(_ state: ExplorerState) -> Rect? { nil }

  /// The key of the hint at a cell: hints can be clicked.
  func hintedKey(atX x: Int, y: Int, _ state: ExplorerState) -> Key? {
    guard let frame = frame(state), y == frame.maxY - 2 else { return nil }
    let line = frame.inset(left: 2, right: 2)
    let place = KeyHints(hints).index(atColumn: x - line.x, width: line.width)
    return place.flatMap { Key(displayText: hints[$0].key) }
  }
}

/// What reaches a modal pane.
package enum ModalInput: Hashable, Sendable {
  case key(Key)
  case paste(String)
  case mouse(MouseEvent)
}

/// What a modal pane wants after handling input.
package struct ModalResult: Sendable {
  package var stays: Bool
  package var commands: [ExplorerCommand]

  package static let stay = ModalResult(stays: true, commands: [])
  package static let close = ModalResult(stays: false, commands: [])
  package static func stay(_ commands: [ExplorerCommand]) -> Self { .init(stays: true, commands: commands) }
  package static func close(_ commands: [ExplorerCommand]) -> Self { .init(stays: false, commands: commands) }
}
