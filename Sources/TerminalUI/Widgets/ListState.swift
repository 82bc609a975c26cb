/// Which row of a list is selected and which is the first one visible.
///
/// Pure arithmetic; the list itself stays with its owner. Every function takes the number of rows because lists
/// change (filters, folds), and no combination of numbers traps.
public struct ListState: Hashable, Sendable {
  public private(set) var selected: Int
  public private(set) var offset: Int

  public init(selected: Int = 0, offset: Int = 0) {
    self.selected = max(0, selected)
    self.offset = max(0, offset)
  }

  /// Selects a row, clamped to the list, and scrolls just enough to show it.
  public mutating func select(_ row: Int, count: Int, visible: Int) {
    selected = min(max(0, row), max(0, count - 1))
    reveal(count: count, visible: visible)
  }

  /// Moves the selection up (negative) or down.
  public mutating func move(by steps: Int, count: Int, visible: Int) {
    let (row, overflow) = selected.addingReportingOverflow(steps)
    select(overflow ? (steps < 0 ? 0 : count - 1) : row, count: count, visible: visible)
  }

  /// Scrolls without changing the selection, as a mouse wheel does.
  public mutating func scroll(by lines: Int, count: Int, visible: Int) {
    let (row, overflow) = offset.addingReportingOverflow(lines)
    let last = max(0, count - max(0, visible))
    offset = overflow ? (lines < 0 ? 0 : last) : min(max(0, row), last)
  }

  /// Brings selection and offset back into range after the list or the window changed, selection visible.
  public mutating func reveal(count: Int, visible: Int) {
    selected = min(selected, max(0, count - 1))
    let window = max(1, visible)
    if selected < offset { offset = selected }
    if selected - offset >= window { offset = selected - window + 1 }
    offset = min(offset, max(0, count - window))
  }

  /// Handles the keys that every list shares: arrows, Home, End, page keys, and `j`, `k`, `g`, `G`.
  ///
  /// - Returns: whether the key was one of them.
  public mutating func handle(_ key: Key, count: Int, visible: Int) -> Bool {
    switch key {
    case .up, .character("k"): move(by: -1, count: count, visible: visible)
    case .down, .character("j"): move(by: 1, count: count, visible: visible)
    case .pageUp: move(by: -max(1, visible - 1), count: count, visible: visible)
    case .pageDown: move(by: max(1, visible - 1), count: count, visible: visible)
    case .home, .character("g"): select(0, count: count, visible: visible)
    case .end, .character("G"): select(count - 1, count: count, visible: visible)
    default: return false
    }
    return true
  }
}
