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

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    let place = Self.listPlace(models.count, state)
    switch input {
    case .key(.escape): return .close
    case .key(.enter): return choose(&state)
    case .mouse(let event) where event.kind == .press(.left):
      switch search.click(line: event.y - place.y, visible: place.height) {
      case true?: return choose(&state)
      case false?: return .stay
      case nil: return .close
      }
    default:
      _ = search.handle(input, visible: place.height)
      return .stay
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

  private static func listPlace(_ count: Int, _ state: ExplorerState) -> Rect {
    PickerWindow.listPlace(count: count, width: 72, in: Rect(width: state.width, height: state.height))
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let open = state.model?.opened.entry.name
    PickerWindow(
      title: "Models", placeholder: "type to search", list: search,
      columns: [.init(width: .fixed(2)), .init(width: .fixed(22)), .init()], hints: hints,
      empty: models.isEmpty ? "No models were found; lrp explore --model FILE opens one." : "No model is called that.",
      width: 72
    ) { index in
      let entry = models[index]
      return Table.Row([
        StyledText(entry.name == open ? "✓" : "", Theme.explorer.success), StyledText(entry.name),
        StyledText(entry.summary, Theme.explorer.dimmed),
      ])
    }.draw(into: &buffer, in: screen, count: models.count)
  }
}
