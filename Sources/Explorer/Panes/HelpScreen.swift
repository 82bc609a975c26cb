import TerminalUI

/// All keys and what they do, those of the focused pane first; made from the actions' declarations.
package struct HelpScreen: ModalPane {
  private var offset = 0

  package init() {}

  package var hints: [KeyHints.Hint] { [.init("↑↓", "scroll"), .init("Esc", "back")] }

  package func frame(_ state: ExplorerState) -> Rect? {
    Self.popup(in: state.screen).place(in: state.screen)
  }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    let screen = Rect(width: state.width, height: state.height)
    let rows = Self.body(in: screen).height
    let last = max(0, lines(state).count - Self.columns(in: screen) * rows)
    switch input {
    case .key(.escape), .key(.character("q")), .key(.character("?")), .key(.enter): return .close
    case .key(.up), .key(.character("k")): offset -= 1
    case .key(.down), .key(.character("j")): offset += 1
    case .key(.pageUp): offset -= rows
    case .key(.pageDown), .key(.character(" ")): offset += rows
    case .key(.home), .key(.character("g")): offset = 0
    case .key(.end), .key(.character("G")): offset = last
    case .mouse(let event) where event.kind == .wheelUp: offset -= 3
    case .mouse(let event) where event.kind == .wheelDown: offset += 3
    case .mouse(let event) where event.kind == .press(.left):
      return frame(state)?.contains(x: event.x, y: event.y) == true ? .stay : .close
    default: break
    }
    offset = min(max(0, offset), last)
    return .stay
  }

  /// Of one column.
  private static let width = 76
  private static let gap = 3
  private static func columns(in screen: Rect) -> Int { screen.width >= 2 * width + gap + 6 ? 2 : 1 }
  private static func popup(in screen: Rect) -> Popup {
    let columns = columns(in: screen)
    return Popup(
      title: "Help", width: columns * width + (columns - 1) * gap, height: screen.height - 4, theme: .explorer)
  }
  private static func body(in screen: Rect) -> Rect {
    popup(in: screen).place(in: screen).inset(left: 2, top: 1, right: 2, bottom: 3)
  }

  private func lines(_ state: ExplorerState) -> [StyledText] {
    let theme = Theme.explorer
    func line(_ action: Action) -> StyledText {
      StyledText([
        .init("  " + action.keyText.fitted(to: 17), theme.accent), .init(" " + action.title, theme.text),
      ])
    }
    let here = ActionTable.all.filter { $0.panes?.contains(state.focus) == true }
    var lines = [StyledText("In this pane: \(state.focus.title)", theme.title.with(bold: true))] + here.map(line)
    for group in ActionGroup.allCases where group != .tutor || state.tutor != nil {
      let actions = ActionTable.all.filter { $0.group == group && !here.map(\.id).contains($0.id) }
      guard !actions.isEmpty else { continue }
      lines += ["", StyledText(group.rawValue, theme.title.with(bold: true))] + actions.map(line)
    }
    lines += [
      "", StyledText("Reading the screen", theme.title.with(bold: true)),
      "  ΣR    relevance that arrives at the layer's output",
      "  kept  the part of it that the layer hands to its inputs; ▲ more than all",
      "  from  which entry gave the layer its rule",
      "  *     after a composite's name: it was edited",
      "  out   = in + bias + stabilizer + other, for the selected layer; the chart",
      "        shows the same for every layer, from the logit (left) to the input",
    ]
    return lines
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let inside = Self.popup(in: screen).draw(into: &buffer, in: screen)
    let lines = lines(state)
    let body = inside.inset(bottom: 2)
    let columns = Self.columns(in: screen)
    guard !body.isEmpty else { return }
    for (place, line) in lines.dropFirst(offset).prefix(columns * body.height).enumerated() {
      let (column, row) = place.quotientAndRemainder(dividingBy: body.height)
      buffer.draw(line, in: body.row(row).inset(left: column * (Self.width + Self.gap), right: 1))
    }
    if lines.count > columns * body.height {
      ScrollBar(total: lines.count - (columns - 1) * body.height, offset: offset, theme: .explorer).draw(
        into: &buffer, in: Rect(x: body.maxX - 1, y: body.y, width: 1, height: body.height))
    }
    KeyHints(hints, theme: .explorer).draw(into: &buffer, in: inside.row(inside.height - 1))
  }
}
