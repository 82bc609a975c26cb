import Heatmaps
import TerminalUI

/// The choice of a colour map, tried out at once; anything else that is typed is read as a CMSL source.
package struct ColorMapPicker: ModalPane {
  private var search: SearchableList
  private let before: String
  private var problem: String?
  private let bars: [[Color]]

  package init(_ state: ExplorerState) {
    before = state.heatmap.colorMapName
    search = SearchableList(
      BuiltInColorMaps.all.map { $0.name + " " + $0.summary },
      selected: BuiltInColorMaps.all.firstIndex { $0.name == state.heatmap.colorMapName } ?? 0)
    bars = BuiltInColorMaps.all.map { entry in
      ((try? ColorMap(source: entry.source))?.bar(count: 24) ?? []).map(\.color)
    }
  }

  package var hints: [KeyHints.Hint] { [.init("↵", "take"), .init("↑↓", "try"), .init("Esc", "restore")] }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    let place = PickerWindow.listPlace(
      count: bars.count, width: 64, in: Rect(width: state.width, height: state.height))
    switch input {
    case .key(.escape):
      _ = state.heatmap.setColorMap(before)
      return .close
    case .key(.enter): return problem == nil ? .close : .stay([.beep])
    case .mouse(let event) where event.kind == .press(.left):
      switch search.click(line: event.y - place.y, visible: place.height) {
      case true?: return .close
      case false?: break
      case nil:
        _ = state.heatmap.setColorMap(before)
        return .close
      }
    default: _ = search.handle(input, visible: place.height)
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
      columns: [.init(width: .fixed(10)), .init(width: .fixed(24)), .init()], hints: hints,
      empty: problem.map { String($0.prefix(200)) } ?? "\(source) is used as a CMSL source", width: 64
    ) { index in
      let entry = BuiltInColorMaps.all[index]
      let bar = StyledText(bars[index].map { .init(" ", Style(background: $0)) })
      return Table.Row([StyledText(entry.name), bar, StyledText(entry.summary, theme.dimmed)])
    }.draw(into: &buffer, in: screen, count: bars.count)
  }
}

extension RGB {
  /// The same colour for the terminal.
  var color: Color { Color(red: red, green: green, blue: blue) }
}
