import LRP
import TerminalUI

/// The four steps at one output unit of a layer, step by step with their numbers: for teaching, and for seeing what a
/// rule does. What is shown is `state.steps`.
package struct StepsPane: ModalPane {
  package private(set) var list = ListState()

  package init() {}

  package var hints: [KeyHints.Hint] {
    [
      .init("space", "next step"), .init("⌫", "back"), .init("Esc", "leave"), .init("↵", "follow input"),
      .init(".,", "strongest"), .init("[]", "channel"), .init("hl", "column"), .init("HL", "row"),
      .init("<>", "layer"), .init("s", "sort"), .init("Home End", "first, last step"), .init("↑↓", "inputs"),
    ]
  }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch input {
    case .key(let key): return press(key, &state)
    case .mouse(let event):
      let count = state.steps?.listed.count ?? 0
      let place = StepsLayout(state).table.inset(top: 1)
      switch event.kind {
      case .wheelUp: list.scroll(by: -3, count: count, visible: place.height)
      case .wheelDown: list.scroll(by: 3, count: count, visible: place.height)
      case .press(.left):
        if place.contains(x: event.x, y: event.y) {
          list.select(list.offset + event.y - place.y, count: count, visible: place.height)
        } else {
          state.steps?.step(by: 1)
        }
      default: break
      }
    case .paste: break
    }
    return .stay
  }

  private mutating func press(_ key: Key, _ state: inout ExplorerState) -> ModalResult {
    switch key {
    case .escape, .character("q"):
      state.steps = nil
      return .close
    case .character(" "), .right, .character("n"): state.steps?.step(by: 1)
    case .backspace, .left, .character("p"): state.steps?.step(by: -1)
    case .home: state.steps?.stage = .given
    case .end: state.steps?.stage = .multiply
    case .character("s"): state.steps?.nextOrder()
    case .character("."): return moved(state.moveUnit(rankBy: 1))
    case .character(","): return moved(state.moveUnit(rankBy: -1))
    case .character("]"): return moved(state.moveUnit(axis: 0, by: 1))
    case .character("["): return moved(state.moveUnit(axis: 0, by: -1))
    case .character("L"): return moved(state.moveUnit(axis: 1, by: 1))
    case .character("H"): return moved(state.moveUnit(axis: 1, by: -1))
    case .character("l"): return moved(state.moveUnit(axis: 2, by: 1))
    case .character("h"): return moved(state.moveUnit(axis: 2, by: -1))
    case .character("<"): return moved(state.moveSteps(layerBy: -1))
    case .character(">"): return moved(state.moveSteps(layerBy: 1))
    case .enter:
      guard let listed = state.steps?.listed, listed.indices.contains(list.selected) else { return .stay([.beep]) }
      return moved(state.followRelevance(to: listed[list.selected]))
    default:
      let count = state.steps?.listed.count ?? 0
      guard list.handle(key, count: count, visible: StepsLayout(state).table.inset(top: 1).height) else {
        return .stay([.beep])
      }
    }
    return .stay
  }

  /// The list begins anew with the numbers of another unit.
  private mutating func moved(_ commands: [ExplorerCommand]) -> ModalResult {
    if commands.contains(where: { if case .computeSteps = $0 { true } else { false } }) { list = ListState() }
    return .stay(commands)
  }
}

/// Where the parts of the step view are.
struct StepsLayout {
  let frame: Rect
  /// The unit, and what arrives there.
  let heading: Rect
  /// The formulas with their numbers.
  let steps: Rect
  let table: Rect
  /// Beside the table where there is room: the relevance of the receptive field as a picture.
  let picture: Rect
  let hints: Rect

  init(_ state: ExplorerState) {
    frame = Rect(width: state.width, height: state.height)
    let inside = Frame.interior(of: frame).inset(left: 1, right: 1)
    let isTall = inside.height >= 30
    let groups = state.steps?.steps?.shownGroups.count ?? 1
    heading = inside.inset(bottom: max(0, inside.height - 2))
    let lines = 4 * max(1, groups)
    let top = isTall ? 3 : 2
    steps = Rect(x: inside.x, y: inside.y + top, width: inside.width, height: min(lines, max(0, inside.height - top)))
    hints = inside.row(inside.height - 1)
    let gap = isTall ? 1 : 0
    let body = Rect(
      x: inside.x, y: steps.maxY + gap, width: inside.width, height: max(0, hints.y - steps.maxY - gap - gap))
    let hasPicture = inside.width >= 100 && body.height >= 10
    let pictureWidth = hasPicture ? min(max(30, inside.width * 3 / 10), 2 * body.height) : 0
    let parts = body.split(.horizontal, [.fill, .fixed(pictureWidth)], gap: hasPicture ? 2 : 0)
    (table, picture) = (parts[0], parts[1])
  }
}
