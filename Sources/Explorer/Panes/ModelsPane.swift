import TerminalUI

/// The models there are; opening one happens in the background.
package struct ModelsPane: ModalPane {
  private var search: SearchableList
  private let models: [ModelEntry]

  package init(_ state: ExplorerState) {
    models = state.models
    let open = state.model?.opened.entry.name
    search = SearchableList(
      models.map { $0.name + " " + $0.summary }, selected: models.firstIndex { $0.name == open } ?? 0)
  }

  package var hints: [KeyHints.Hint] { [.init("↵", "open"), .init("↑↓", "choose"), .init("Esc", "back")] }

  private var nameWidth: Int { max(18, models.map(\.name.displayWidth).max() ?? 0) + 1 }
  /// As wide as the longest line; where the screen is not, the foot has the selected one whole.
  private var shape: PickerShape {
    let longest = models.map(\.summary.displayWidth).max() ?? 0
    return PickerShape(count: models.count, width: max(60, nameWidth + longest + 6), footRows: 1)
  }
  package func frame(_ state: ExplorerState) -> Rect? { shape.frame(in: state.screen) }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch search.answer(input, shape, in: state.screen) {
    case .cancelled: return .close
    case .chosen: return choose(&state)
    case .stays: return .stay
    }
  }

  private func choose(_ state: inout ExplorerState) -> ModalResult {
    guard let index = search.selected else { return .stay([.beep]) }
    if state.history.isUnsaved {
      state.popup = Question.discard(opening: models[index], state)
      return .close
    }
    return .close(state.open(models[index]))
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let open = state.model?.opened.entry.name
    PickerWindow(
      title: "Models", placeholder: "type to search", list: search,
      columns: [.init(width: .fixed(2)), .init(width: .fixed(nameWidth)), .init()], hints: hints,
      empty: models.isEmpty ? "No models were found; lrp explore --model FILE opens one." : "No model is called that.",
      shape: shape
    ) { index in
      let entry = models[index]
      return Table.Row([
        StyledText(entry.name == open ? "✓" : "", Theme.explorer.success), StyledText(entry.name),
        StyledText(entry.summary, Theme.explorer.dimmed),
      ])
    }.draw(into: &buffer, in: screen)
    let room = shape.list(in: screen).width - nameWidth - 5
    guard let selected = search.selected, models[selected].summary.displayWidth > room else { return }
    buffer.draw(models[selected].summary, in: shape.foot(in: screen), style: Theme.explorer.dimmed)
  }
}
