import TerminalUI

extension ExplorerState {
  /// The whole screen, `width` x `height` cells. Quick: pictures are kept from update to update.
  public func view() -> CellBuffer {
    var buffer = CellBuffer(width: width, height: height + panelRows)
    if isTooSmall {
      drawTooSmall(into: &buffer)
    } else {
      drawPanes(into: &buffer)
      popup?.draw(self, into: &buffer, in: screen)
      // Over everything: a problem has to be seen where it arises.
      FooterView.draw(self, into: &buffer)
      if let tutor { TutorPanel(self, tutor).draw(into: &buffer, in: panelPlace) }
    }
    paintGround(of: &buffer)
    return buffer
  }

  private func drawPanes(into buffer: inout CellBuffer) {
    let layout = layout
    TitleBar.draw(self, into: &buffer, in: layout.title)
    // Lower frames lie over the edge they share with upper ones: the ledger after the layers.
    for pane in Pane.allCases {
      let place = layout.place(of: pane)
      guard !place.isEmpty else { continue }
      switch pane {
      case .layers: LayersPane.draw(self, into: &buffer, in: place)
      case .ledger: LedgerPane.draw(self, into: &buffer, in: place)
      case .heatmap: HeatmapPane.draw(self, into: &buffer, in: place)
      case .classes: ClassesPane.draw(self, into: &buffer, in: place)
      }
    }
    markSharedEdge(of: layout.place(of: focus), in: &buffer)
  }

  /// The lower edge of the focused frame belongs to the frame below too, title and all; its line takes the focused colour.
  private func markSharedEdge(of place: Rect, in buffer: inout CellBuffer) {
    guard zoomed == nil, focus == .layers || focus == .heatmap else { return }
    let border = Theme.explorer.border
    buffer.restyle(place.row(place.height - 1)) { $0 == border ? Theme.explorer.focusedBorder : $0 }
  }

  private func drawTooSmall(into buffer: inout CellBuffer) {
    let text =
      "lrp needs \(Self.minimumWidth)x\(Self.minimumHeight); this is \(width)x\(height).\nPlease enlarge the window."
    let lines = Paragraph(text, alignment: .center)
    let rows = lines.wrapped(to: width).count
    let place = buffer.bounds.centered(width: width, height: rows)
    lines.draw(into: &buffer, in: place)
  }

  /// Gives every cell that has none the explorer's own colours. Without colours the terminal's are used, because a set
  /// background would be shown in reverse.
  private func paintGround(of buffer: inout CellBuffer) {
    guard capabilities.colorMode > .monochrome else { return }
    let ground = Theme.ground
    buffer.restyle(buffer.bounds) { style in
      var style = style
      if style.background.isDefault { style.background = ground.background }
      if style.foreground.isDefault { style.foreground = ground.text }
      return style
    }
  }
}
