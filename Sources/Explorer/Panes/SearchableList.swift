import TerminalUI

/// A list with a search line above it: what pickers are made of.
package struct SearchableList: Sendable {
  package var field = TextField()
  package var list = ListState()
  /// Numbers of the items that match.
  package private(set) var matches: [Int]
  private let texts: [String]

  /// - Parameter texts: what the search looks at, by item.
  package init(_ texts: [String], selected: Int = 0) {
    self.texts = texts.map { $0.lowercased() }
    matches = Array(texts.indices)
    list = ListState(selected: selected)
  }

  /// The number of the selected item.
  package var selected: Int? { matches.indices.contains(list.selected) ? matches[list.selected] : nil }

  /// What input meant for the picker that the list belongs to.
  package enum Answer: Hashable, Sendable {
    /// The selected item is taken.
    case chosen
    /// Esc, or a click beside the window.
    case cancelled
    /// Something was typed, moved or scrolled, or nothing.
    case stays
  }

  /// Handles everything a picker with this list can be told: typing, moving, `↵`, `Esc`, and the mouse.
  package mutating func answer(_ input: ModalInput, _ shape: PickerShape, in screen: Rect) -> Answer {
    let place = shape.list(in: screen)
    switch input {
    case .key(.escape): return .cancelled
    case .key(.enter): return .chosen
    case .mouse(let event) where event.kind == .press(.left):
      guard shape.frame(in: screen).contains(x: event.x, y: event.y) else { return .cancelled }
      return click(line: event.y - place.y, visible: place.height) == true ? .chosen : .stays
    default:
      _ = handle(input, visible: place.height)
      return .stays
    }
  }

  /// Handles typing and moving.
  /// - Returns: whether the key was used.
  package mutating func handle(_ input: ModalInput, visible: Int) -> Bool {
    switch input {
    case .key(let key):
      switch key {
      case .up, .down, .pageUp, .pageDown, .home, .end:
        return list.handle(key, count: matches.count, visible: visible)
      default:
        guard field.handle(key) else { return false }
        search()
        return true
      }
    case .paste(let text):
      field.insert(text)
      search()
      return true
    case .mouse(let event):
      switch event.kind {
      case .wheelUp: list.scroll(by: -3, count: matches.count, visible: visible)
      case .wheelDown: list.scroll(by: 3, count: matches.count, visible: visible)
      default: return false
      }
      return true
    }
  }

  /// Selects the row at a line of the list.
  /// - Returns: whether it was selected already; `nil` if there is no row.
  package mutating func click(line: Int, visible: Int) -> Bool? {
    list.reveal(count: matches.count, visible: visible)
    let index = list.offset + line
    guard line >= 0, line < visible, index < matches.count else { return nil }
    let again = index == list.selected
    list.select(index, count: matches.count, visible: visible)
    return again
  }

  /// Searches for a text as if it had been typed.
  package mutating func search(for text: String) {
    field.set(text)
    search()
  }

  private mutating func search() {
    let words = field.text.lowercased().split(separator: " ")
    matches = texts.indices.filter { index in words.allSatisfy { texts[index].contains($0) } }
    list = ListState()
  }
}
