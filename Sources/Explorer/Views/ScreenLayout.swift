import TerminalUI

/// Where everything is on a screen of a given size.
package struct ScreenLayout: Hashable, Sendable {
  package let title: Rect
  package let layers: Rect
  package let ledger: Rect
  package let heatmap: Rect
  package let classes: Rect
  package let footer: Rect
  /// Whether two panes lie one above the other on each side.
  package let isStacked: Bool

  /// Rows below which one pane takes the room of two: the focused one of each side, or the upper.
  private static let compactHeight = 18

  package init(width: Int, height: Int, zoomed: ExplorerState.Pane?, focus: ExplorerState.Pane = .layers) {
    let screen = Rect(width: width, height: height)
    title = screen.row(0)
    footer = screen.row(height - 1)
    let body = screen.inset(top: 1, bottom: 1)
    isStacked = zoomed == nil && height >= Self.compactHeight
    if let zoomed {
      layers = zoomed == .layers ? body : .zero
      ledger = zoomed == .ledger ? body : .zero
      heatmap = zoomed == .heatmap ? body : .zero
      classes = zoomed == .classes ? body : .zero
      return
    }
    if height < Self.compactHeight {
      let sides = body.split(.horizontal, [.fill, .fixed(max(30, min(2 * body.height, width * 48 / 100)))])
      layers = focus == .ledger ? .zero : sides[0]
      ledger = focus == .ledger ? sides[0] : .zero
      heatmap = focus == .classes ? .zero : sides[1]
      classes = focus == .classes ? sides[1] : .zero
      return
    }
    let classesHeight = height < 24 ? 5 : height < 30 ? 6 : height < 45 ? 10 : 14
    let ledgerHeight = height < 24 ? 7 : height < 30 ? 8 : height < 45 ? 12 : 16
    // The heatmap is about square: half blocks are, so twice as many columns as rows of cells.
    let rows = body.height - classesHeight + 1 - 2 - HeatmapPane.footRows
    let rightWidth = max(30, min(2 * rows + 2, width - 50, width * 48 / 100))
    let sides = body.split(.horizontal, [.fill, .fixed(rightWidth)])
    // The lower frame's upper edge is the upper frame's lower edge.
    func stack(_ side: Rect, lower: Int) -> (Rect, Rect) {
      let upper = side.inset(bottom: lower - 1)
      return (upper, side.inset(top: upper.height - 1))
    }
    (layers, ledger) = stack(sides[0], lower: ledgerHeight)
    (heatmap, classes) = stack(sides[1], lower: classesHeight)
  }

  package func place(of pane: ExplorerState.Pane) -> Rect {
    switch pane {
    case .layers: layers
    case .ledger: ledger
    case .heatmap: heatmap
    case .classes: classes
    }
  }

  /// The pane at a cell.
  package func pane(x: Int, y: Int) -> ExplorerState.Pane? {
    // Later ones lie over the edge they share with earlier ones.
    ExplorerState.Pane.allCases.reversed().first { place(of: $0).contains(x: x, y: y) }
  }

  /// Rows of the layer table that can be seen at once: without frame, header and the line of details.
  package var layerRows: Int { max(0, layers.height - 4) }
  /// Rows of the class list.
  package var classRows: Int { max(0, classes.height - 2) }
}
