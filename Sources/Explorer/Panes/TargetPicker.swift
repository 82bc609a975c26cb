import LRP
import TerminalUI

/// The choice of the class that is explained, or of a second one to compare it with, by output or by name.
package struct TargetPicker: ModalPane {
  private var search: SearchableList
  /// Item 0 is "the most probable", of a second class "none".
  private let entries: [ClassesPane.Entry]
  private let labels: [String]

  /// Whether it is about the second class.
  let isSecond: Bool

  package init(_ state: ExplorerState, isSecond: Bool = false) {
    self.isSecond = isSecond
    entries = state.classes.entries
    labels = entries.map { state.model?.label(ofClass: $0.index) ?? "" }
    let texts = [isSecond ? "none" : "top 1 most probable"] + zip(entries, labels).map { "\($0.index) \($1)" }
    var selected = 0
    if isSecond {
      // The strongest rival, unless there is a second class already.
      let rival = state.contrast?.target ?? entries.first { $0.index != state.targetClass }?.index
      selected = (entries.firstIndex { $0.index == rival } ?? -1) + 1
    } else if case .index(let index) = state.target, let place = entries.firstIndex(where: { $0.index == index }) {
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
    if isSecond { return .close(state.contrast(with: item == 0 ? nil : entries[item - 1].index)) }
    return .close(state.explain(item == 0 ? .top1 : .index(entries[item - 1].index)))
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    PickerWindow(
      title: isSecond ? "Compare with which class?" : "Explain which class?", placeholder: "number or name",
      list: search,
      columns: [
        .init(width: .fixed(4), alignment: .trailing), .init(), .init(width: .fixed(9), alignment: .trailing),
        .init(width: .fixed(8), alignment: .trailing),
      ], hints: hints, empty: "No class is called that.", shape: shape
    ) { item in
      guard item > 0 else {
        return Table.Row(["", StyledText(isSecond ? "none: one class only" : "the most probable"), "", ""])
      }
      let entry = entries[item - 1]
      return Table.Row([
        StyledText("\(entry.index)", theme.dimmed), StyledText(labels[item - 1]),
        StyledText(entry.text),
        StyledText(NumberText.fixed(Double(entry.output), decimals: 2), theme.dimmed),
      ])
    }.draw(into: &buffer, in: screen)
  }
}
