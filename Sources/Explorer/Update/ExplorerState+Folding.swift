import TerminalUI

extension ExplorerState {
  /// The folded block under the layer list's cursor.
  package var selectedBlock: LayerBlock? {
    guard layers.visible.indices.contains(layers.list.selected) else { return nil }
    return layers.blocks[layers.visible[layers.list.selected]]
  }

  /// The account of the selected layer, or of the selected block as a whole.
  package var selectedBalance: LayerBalance? {
    guard let outcome = shownOutcome else { return nil }
    if let block = selectedBlock { return block.balance(outcome) }
    return selectedRow.flatMap { outcome.balance(ofNode: $0.index) }
  }

  /// The name of the selected layer, or of the selected block with the number of its layers.
  package var selectedName: String? {
    if let block = selectedBlock { return "\(block.path) (\(NumberText.plural(block.listed.count, "layer")))" }
    return selectedRow?.name
  }

  /// The layers that a row of the list stands for.
  func rows(atListed place: Int) -> [LayerRow] {
    guard let model, layers.visible.indices.contains(place) else { return [] }
    let node = layers.visible[place]
    return (layers.blocks[node]?.listed ?? [node]).compactMap { model.row($0) }
  }

  var objectionToFolding: String? {
    if !layers.filter.isEmpty { return "a filter lists layers one by one (Esc clears it)" }
    return selectedBlock == nil && foldable == nil ? "this layer is in no block" : nil
  }

  var objectionToFoldingMore: String? {
    objectionToFolding ?? (foldable == nil ? "there is no larger block around this one" : nil)
  }

  /// The block that folding would close: the innermost one around the selected row that is open.
  private var foldable: String? {
    guard let row = selectedRow else { return nil }
    let around = layers.folding?.blocks(around: row) ?? []
    guard let block = selectedBlock else { return around.last }
    return around.last { block.path.hasPrefix($0 + ".") }
  }

  /// Folds the block around the selected layer; around a folded one, the next larger.
  mutating func fold() {
    guard let path = foldable else { return }
    layers.folded.insert(path)
    refresh()
    layers.select(node: layers.folding?.block(path)?.node ?? 0, height: layout.layerRows)
  }

  /// Opens the selected block; its first layer is selected.
  mutating func unfold() {
    guard let block = selectedBlock else { return }
    layers.folded.remove(block.path)
    refresh()
    if let first = layers.visible.first(where: { block.listed.contains($0) }) {
      layers.select(node: first, height: layout.layerRows)
    }
  }

  mutating func toggleFold() {
    if selectedBlock == nil { fold() } else { unfold() }
  }

  /// From all open to the innermost blocks folded, the outermost folded, and back.
  mutating func foldAll() {
    guard let folding = layers.folding, let model else { return }
    let around = model.rows.map { folding.blocks(around: $0) }
    let inner = Set(around.compactMap(\.last))
    let outer = Set(around.compactMap(\.first))
    if layers.folded.isEmpty {
      layers.folded = inner
    } else if !outer.isSubset(of: layers.folded) {
      layers.folded = outer
    } else {
      layers.folded = []
    }
  }
}
