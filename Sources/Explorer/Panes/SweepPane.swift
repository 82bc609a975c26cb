import TerminalUI

/// The values of a sweep as they come in; one of them can be taken. The heatmaps are in the heatmap pane.
package struct SweepPane: ModalPane {
  private var list: ListState

  package init(_ sweep: Sweep) { list = ListState(selected: sweep.chosen) }

  package var hints: [KeyHints.Hint] {
    [.init("↵", "take"), .init("↑↓", "choose"), .init("L", "scale"), .init("Esc", "restore"), .init("w", "save")]
  }

  package func frame(_ state: ExplorerState) -> Rect? { Self.place(in: state.screen, state) }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    guard let sweep = state.sweep else { return .close }
    let place = Self.place(in: Rect(width: state.width, height: state.height), state)
    switch input {
    case .key(.escape): return end(&state, taking: nil)
    case .key(.enter): return end(&state, taking: list.selected)
    case .key(.character("L")): state.sweep?.sharesScale.toggle()
    case .key(.character("w")):
      guard !sweep.results.isEmpty else { return .stay([.beep]) }
      state.popup = PathPrompt(.saveHeatmap, state)
      return .close
    case .key(let key): _ = list.handle(key, count: sweep.values.count, visible: sweep.values.count)
    case .mouse(let event) where event.kind == .press(.left):
      let line = event.y - place.y - 1
      guard place.contains(x: event.x, y: event.y) else { return end(&state, taking: nil) }
      if sweep.values.indices.contains(line) {
        if line == list.selected { return end(&state, taking: line) }
        list.select(line, count: sweep.values.count, visible: sweep.values.count)
      }
    case .mouse(let event) where event.kind == .wheelUp || event.kind == .wheelDown:
      let step = event.kind == .wheelUp ? -1 : 1
      list.move(by: step, count: sweep.values.count, visible: sweep.values.count)
    case .mouse, .paste: break
    }
    state.choose(sweepValue: list.selected)
    return .stay
  }

  private func end(_ state: inout ExplorerState, taking index: Int?) -> ModalResult {
    let sweep = state.sweep
    state.sweep = nil
    state.preview = nil
    guard let sweep, let index else { return .close(state.requestAttribution()) }
    let composite = sweep.composite(state.history.composite, at: index)
    return .close(state.commit(composite, label: "\(sweep.label(index)) → \(state.description(of: sweep.paths))"))
  }

  /// Over the layers, so that the heatmaps stay in sight; below the selected layer where it would be covered.
  private static func place(in screen: Rect, _ state: ExplorerState) -> Rect {
    let left = state.layout.layers.isEmpty ? screen.inset(1) : state.layout.layers
    let height = (state.sweep?.values.count ?? 1) + 5
    let selected = state.layers.list.selected - state.layers.list.offset + 2
    let bottom = max(left.y + 1, left.maxY - 2 - height)
    return Rect(
      x: left.x + 1, y: selected <= height ? bottom : left.y + 1, width: min(left.width - 2, PickerShape.widest),
      height: height)
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    guard let sweep = state.sweep else { return }
    let theme = Theme.explorer
    let place = Self.place(in: screen, state)
    buffer.fill(place)
    let inside = Frame(
      title: StyledText("Sweep of \(sweep.parameter) for \(state.description(of: sweep.paths))"), isFocused: true,
      theme: theme
    ).draw(into: &buffer, in: place).inset(left: 1, right: 1)
    let labelWidth = (sweep.values.indices.map { sweep.label($0).displayWidth }.max() ?? 0) + 2
    Table(
      columns: [.init(width: .fixed(labelWidth)), .init()], rowCount: sweep.values.count, state: list,
      showsHeader: false, showsMarks: false, theme: theme
    ) { index in
      let text: StyledText
      if index < sweep.results.count {
        text = StyledText("Σ at the input \(NumberText.fixed(sweep.results[index].sum, decimals: 4))")
      } else {
        text = StyledText(index == sweep.results.count ? "running…" : "", theme.dimmed)
      }
      return Table.Row([StyledText(sweep.label(index)), text])
    }.draw(into: &buffer, in: inside.inset(bottom: 3))
    let scales = sweep.sharesScale ? "all on one scale" : "each on its own scale"
    let text = sweep.isFinished ? scales : "one after the other…"
    buffer.draw(text, in: inside.row(inside.height - 2), style: theme.dimmed)
    KeyHints(hints, theme: theme).draw(into: &buffer, in: inside.row(inside.height - 1))
  }
}
