import TerminalUI

extension ExplorerState {
  mutating func click(_ event: MouseEvent) -> [ExplorerCommand] {
    if isTooSmall { return [] }
    if panelPlace.contains(x: event.x, y: event.y) { return clickTutor(event) }
    if popup != nil { return pass(.mouse(event)) }
    let layout = layout
    switch event.kind {
    case .press(.left):
      if let notice, layout.footer.contains(x: event.x, y: event.y) || notice.kind == .information {
        self.notice = nil
      }
      if layout.footer.contains(x: event.x, y: event.y) { return clickFooter(event.x) }
      guard let pane = layout.pane(x: event.x, y: event.y) else { return [] }
      let hadFocus = focus == pane
      focus(pane)
      return press(pane, event, hadFocus: hadFocus)
    case .press(.right) where layout.pane(x: event.x, y: event.y) == .heatmap:
      focus(.heatmap)
      guard heatmap.node == 0 else { return [] }
      heatmap.placeProbe(x: event.x, y: event.y, in: layout.heatmap)
      heatmap.beginRectangle()
    case .drag(.right):
      if focus == .heatmap { heatmap.placeProbe(x: event.x, y: event.y, in: layout.heatmap) }
    case .release(.right):
      heatmap.rectangle?.isBeingDrawn = false
    case .drag(.left):
      if focus == .heatmap { heatmap.placeProbe(x: event.x, y: event.y, in: layout.heatmap) }
    case .wheelUp, .wheelDown:
      scroll(by: event.kind == .wheelUp ? -3 : 3, under: layout.pane(x: event.x, y: event.y))
    default: break
    }
    return []
  }

  private mutating func press(_ pane: Pane, _ event: MouseEvent, hadFocus: Bool) -> [ExplorerCommand] {
    let layout = layout
    switch pane {
    case .layers:
      guard let index = LayersPane.index(atY: event.y, in: layout.layers, self) else { return [] }
      let again = hadFocus && index == layers.list.selected
      layers.list.select(index, count: layers.visible.count, visible: layout.layerRows)
      // The first columns are for marks, as a click beside a list usually is.
      let isAtSign = event.x == layout.layers.x + 2 && layers.heads.contains(layers.visible[index])
      if isAtSign || selectedBlock != nil && (again || event.x == layout.layers.x + 2) {
        toggleFold()
        return []
      }
      if event.x < layout.layers.x + LayersPane.nameColumn(width: layout.layers.width) {
        if objectionToMarking == nil { toggleSelectedMark() }
        return []
      }
      return again ? ActionTable.action("layers.rule").map { perform($0) } ?? [] : []
    case .classes:
      guard let index = ClassesPane.index(atY: event.y, in: layout.classes, self) else { return [] }
      let again = hadFocus && index == classes.list.selected
      classes.list.select(index, count: classes.entries.count, visible: layout.classRows)
      return again ? explainSelectedClass() : []
    case .heatmap: heatmap.placeProbe(x: event.x, y: event.y, in: layout.heatmap)
    case .ledger:
      if let node = LedgerPane.node(atX: event.x, y: event.y, self) {
        layers.select(node: node, height: layout.layerRows)
      }
    }
    return []
  }

  private mutating func scroll(by lines: Int, under pane: Pane?) {
    switch pane {
    case .layers: layers.list.scroll(by: lines, count: layers.visible.count, visible: layout.layerRows)
    case .classes: classes.list.scroll(by: lines, count: classes.entries.count, visible: layout.classRows)
    case .ledger: layers.list.move(by: lines.signum(), count: layers.visible.count, visible: layout.layerRows)
    case .heatmap, nil: break
    }
  }

  /// The hints of the footer can be clicked.
  private mutating func clickFooter(_ x: Int) -> [ExplorerCommand] {
    guard let action = FooterView.action(atX: x, self) else { return [] }
    return perform(action)
  }
}
