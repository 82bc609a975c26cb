import LRP
import TerminalUI

/// The choice of the class that is explained, by probability or by name.
package struct TargetPicker: ModalPane {
  private var search: SearchableList
  /// Item 0 is "the most probable".
  private let entries: [ClassesPane.Entry]
  private let labels: [String]

  package init(_ state: ExplorerState) {
    entries = state.classes.entries
    labels = entries.map { state.model?.label(ofClass: $0.index) ?? "" }
    let texts = ["top 1 most probable"] + zip(entries, labels).map { "\($0.index) \($1)" }
    var selected = 0
    if case .index(let index) = state.target, let place = entries.firstIndex(where: { $0.index == index }) {
      selected = place + 1
    }
    search = SearchableList(texts, selected: selected)
  }

  package var hints: [KeyHints.Hint] { [.init("↵", "explain"), .init("↑↓", "choose"), .init("Esc", "back")] }

  private var shape: PickerShape { PickerShape(count: entries.count + 1, width: 56) }
  package func frame(_ state: ExplorerState) -> Rect? { shape.frame(in: state.screen) }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch search.answer(input, shape, in: state.screen) {
    case .cancelled: return .close
    case .chosen: return choose(&state)
    case .stays: return .stay
    }
  }

  private func choose(_ state: inout ExplorerState) -> ModalResult {
    guard let item = search.selected else { return .stay([.beep]) }
    return .close(state.explain(item == 0 ? .top1 : .index(entries[item - 1].index)))
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    PickerWindow(
      title: "Explain which class?", placeholder: "number or name", list: search,
      columns: [
        .init(width: .fixed(4), alignment: .trailing), .init(), .init(width: .fixed(9), alignment: .trailing),
        .init(width: .fixed(8), alignment: .trailing),
      ], hints: hints, empty: "No class is called that.", shape: shape
    ) { item in
      guard item > 0 else {
        return Table.Row(["", StyledText("the most probable"), "", ""])
      }
      let entry = entries[item - 1]
      return Table.Row([
        StyledText("\(entry.index)", theme.dimmed), StyledText(labels[item - 1]),
        StyledText(NumberText.percent(entry.probability)),
        StyledText(NumberText.fixed(Double(entry.output), decimals: 2), theme.dimmed),
      ])
    }.draw(into: &buffer, in: screen)
  }
}
