import NeuralNetwork
import TerminalUI

/// Marks layers by a pattern for their names, or by kind.
package struct MarkPrompt: ModalPane {
  private var field = TextField()

  package init() {}

  package var hints: [KeyHints.Hint] { [.init("↵", "mark"), .init("Esc", "back")] }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch input {
    case .key(.escape): return .close
    case .key(.enter):
      let rows = matches(state)
      guard !rows.isEmpty else { return .stay([.beep]) }
      let count = state.mark(rows)
      state.notify(.information, "\(NumberText.plural(count, "layer")) marked by “\(field.text.trimmed)”")
      return .close
    case .key(let key): _ = field.handle(key)
    case .paste(let text): field.insert(text)
    case .mouse: break
    }
    return .stay
  }

  /// Layers that take rules and whose name fits the pattern, or whose kind contains the text or is of a family of that
  /// name.
  private func matches(_ state: ExplorerState) -> [LayerRow] {
    let pattern = field.text.trimmed.lowercased()
    guard !pattern.isEmpty, let model = state.model else { return [] }
    let families = LayerType.all.filter { $0.name.lowercased() == pattern }
    return model.rows.filter { row in
      row.takesRules
        && (Glob.matches(pattern, row.path.lowercased()) || row.kind.rawValue.lowercased().contains(pattern)
          || families.contains { $0.contains(row.kind) })
    }
  }

  private static let popup = Popup(title: "Mark layers", width: 60, height: 5, theme: .explorer)
  package func frame(_ state: ExplorerState) -> Rect? { Self.popup.place(in: state.screen) }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let inside = Self.popup.draw(into: &buffer, in: screen)
    field.draw(
      into: &buffer, in: inside.row(0), placeholder: "pattern (blocks.3.*), kind (conv) or family (linear)",
      theme: theme)
    let rows = matches(state)
    let text =
      field.text.trimmed.isEmpty
      ? "* stands for any text, ? for one character"
      : rows.isEmpty ? "no layer that takes a rule fits" : NumberText.plural(rows.count, "layer") + " fit"
    buffer.draw(text, in: inside.row(1), style: theme.dimmed)
    buffer.draw(rows.prefix(4).map(\.name).joined(separator: "  "), in: inside.row(2))
    KeyHints(hints, theme: theme).draw(into: &buffer, in: inside.row(4))
  }
}
