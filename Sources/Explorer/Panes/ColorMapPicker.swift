import Heatmaps
import TerminalUI

/// The choice of a colour map, tried out at once; anything else that is typed is read as a CMSL source.
package struct ColorMapPicker: ModalPane {
  private var search: SearchableList
  private let before: String
  private var problem: String?
  private let bars: [[Color]]
  private let shape: PickerShape
  private let barWidth: Int

  package init(_ state: ExplorerState) {
    before = state.heatmap.colorMapName
    let place = BuiltInColorMaps.all.firstIndex { $0.name == state.heatmap.colorMapName }
    search = SearchableList(BuiltInColorMaps.all.map { $0.name + " " + $0.summary }, selected: place ?? 0)
    if place == nil { search.search(for: before) }
    shape = PickerShape(count: BuiltInColorMaps.all.count, width: 64, over: state.layout.layers, footRows: 2)
    let barWidth = state.layout.layers.width < 60 ? 10 : state.layout.layers.width < 90 ? 16 : 32
    self.barWidth = barWidth
    bars = BuiltInColorMaps.all.map { entry in
      ((try? ColorMap(source: entry.source))?.bar(count: barWidth) ?? []).map(\.color)
    }
  }

  package var hints: [KeyHints.Hint] { [.init("↵", "take"), .init("↑↓", "try"), .init("Esc", "restore")] }

  package func frame(_ state: ExplorerState) -> Rect? { shape.frame(in: state.screen) }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch search.answer(input, shape, in: state.screen) {
    case .cancelled:
      _ = state.heatmap.setColorMap(before)
      return .close
    case .chosen: return problem == nil ? .close : .stay([.beep])
    case .stays: break
    }
    if let index = search.selected {
      problem = state.heatmap.setColorMap(BuiltInColorMaps.all[index].name)
    } else {
      problem = state.heatmap.setColorMap(search.field.text)
    }
    return .stay
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    let source = search.field.text
    PickerWindow(
      title: "Colour map", placeholder: "name, or CMSL such as 00f,80:fff,f00", list: search,
      columns: [.init(width: .fixed(10)), .init(width: .fixed(barWidth)), .init()], hints: hints,
      empty: problem.map { String($0.prefix(200)) } ?? "\(source) is used as a CMSL source", shape: shape
    ) { index in
      let entry = BuiltInColorMaps.all[index]
      let bar = StyledText(bars[index].map { .init(" ", Style(background: $0)) })
      return Table.Row([StyledText(entry.name), bar, StyledText(entry.summary, theme.dimmed)])
    }.draw(into: &buffer, in: screen)
    guard let index = search.selected else { return }
    Paragraph(BuiltInColorMaps.all[index].summary, style: theme.dimmed).draw(into: &buffer, in: shape.foot(in: screen))
  }
}

extension RGB {
  /// The same colour for the terminal.
  var color: Color { Color(red: red, green: green, blue: blue) }
}
