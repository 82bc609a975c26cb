import LRP
import NeuralNetwork

extension ExplorerState {
  /// Moves to a neighbouring unit along an axis of the output: 0 channel, 1 row, 2 column. Wraps around.
  mutating func moveUnit(axis: Int, by count: Int) -> [ExplorerCommand] {
    guard let state = steps, let shown = state.steps, shown.unit.indices.contains(axis) else { return [.beep] }
    var unit = shown.unit
    let extent = shown.outputExtents[axis]
    unit[axis] = ((unit[axis] + count) % extent + extent) % extent
    return showSteps(node: state.node, unit: .at(unit))
  }

  /// From the strongest unit to the next strongest, or back.
  mutating func moveUnit(rankBy count: Int) -> [ExplorerCommand] {
    guard let state = steps else { return [] }
    let rank = max(0, (state.rank ?? -count) + count)
    return showSteps(node: state.node, unit: .strongest(rank), rank: rank)
  }

  /// To the listed layer before or after this one that has steps, and its strongest unit.
  mutating func moveSteps(layerBy count: Int) -> [ExplorerCommand] {
    guard let state = steps, let model else { return [] }
    let rows = model.rows.filter(StepsState.hasSteps)
    let place = rows.firstIndex { $0.index >= state.node } ?? 0
    guard rows.indices.contains(place + count) else { return [.beep] }
    let node = rows[place + count].index
    layers.select(node: node, height: layout.layerRows)
    return showSteps(node: node, unit: .strongest(0), rank: 0)
  }

  /// From an input of the unit to the unit below that made it: relevance is followed towards the picture.
  mutating func followRelevance(to index: Int) -> [ExplorerCommand] {
    guard let state = steps, let shown = state.steps, let model, shown.sources.indices.contains(index) else {
      return [.beep]
    }
    let source = shown.sources[index]
    var node = model.network.nodes[state.node].inputs[source.slot]
    // Layers that keep every element where it is are passed over.
    while let row = model.row(node), row.index > 0, !StepsState.hasSteps(row) {
      let keepsElements =
        row.inputShapes.count == 1
        && (row.inputShapes.first == row.outputShape || [.flatten, .reshape].contains(row.kind))
      guard keepsElements, let below = model.network.nodes[node].inputs.first else {
        notify(.information, "\(row.name) (\(row.summary)) lies between; < goes to the layer below it")
        return [.beep]
      }
      node = below
    }
    guard let row = model.row(node), row.index > 0 else {
      notify(.information, "this input is the picture's own; the relevance has arrived")
      return [.beep]
    }
    layers.select(node: node, height: layout.layerRows)
    return showSteps(node: node, unit: .at(Self.place(of: source.element, in: row.outputShape.dimensions.dropFirst())))
  }

  private static func place(of element: Int, in extents: ArraySlice<Int>) -> [Int] {
    var rest = element
    let reversed = extents.reversed().map { extent in
      defer { rest /= max(1, extent) }
      return rest % max(1, extent)
    }
    return Array(reversed.reversed())
  }
}
