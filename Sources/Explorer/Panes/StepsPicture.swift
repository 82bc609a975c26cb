import Heatmaps
import LRP
import TerminalUI

/// The relevance that a unit hands to the positions it sees, summed over channels, as a picture with the receptive field
/// enlarged.
enum StepsPicture {
  static func draw(
    _ steps: UnitSteps, _ state: ExplorerState, selected: Int?, into buffer: inout CellBuffer, in place: Rect
  ) {
    let theme = Theme.explorer
    guard !place.isEmpty, let grid = Grid(steps, shows: state.steps?.stage ?? .given) else { return }
    buffer.draw(grid.title, in: place.row(0), style: theme.dimmed)
    let room = place.inset(top: 1, bottom: 2)
    let scale = max(1, min(room.width / max(1, grid.width), 2 * room.height / max(1, grid.height)))
    let (width, height) = (grid.width * scale, grid.height * scale)
    let top = grid.values.reduce(0) { max($0, abs($1)) }
    let palette = (state.heatmap.colorMap ?? HeatmapPane.standardColorMap)?.palette() ?? []
    var pixels: [Color] = []
    var values: [Float] = []
    for y in 0..<height {
      for x in 0..<width {
        let value = top > 0 ? grid.values[y / scale * grid.width + x / scale] / top : 0
        values.append(Float(value))
        // Infinite and missing numbers have no colour.
        let shade = value.isFinite ? Int((value + 1) / 2 * Double(palette.count - 1)) : -1
        let color = palette.indices.contains(shade) ? palette[shade] : nil
        pixels.append(color.map { Color(red: $0.red, green: $0.green, blue: $0.blue) } ?? .default)
      }
    }
    let image = HalfBlockImage(width: width, height: height, pixels: pixels, values: values)
    image.draw(into: &buffer, in: room, capabilities: state.capabilities)
    let under = Rect(x: place.x, y: room.y + min(room.height, image.rows), width: place.width, height: 1)
    buffer.draw("rows \(grid.rows), columns \(grid.columns)", in: under, style: theme.dimmed)
    buffer.draw(
      "±\(NumberText.fixed(top, decimals: 4))", in: Rect(x: under.x, y: under.y + 1, width: under.width, height: 1),
      style: theme.dimmed)
  }

  /// Values by position.
  private struct Grid {
    var title: String
    var width: Int
    var height: Int
    var values: [Double]
    var rows: String
    var columns: String

    /// - Returns: `nil` where inputs have no rows and columns.
    init?(_ steps: UnitSteps, shows stage: StepsState.Stage) {
      guard steps.inputExtents.allSatisfy({ $0.count == 3 }) else { return nil }
      let places = steps.sources.map { steps.place(of: $0) }
      guard let first = places.first else { return nil }
      var (low, high) = ((first[1], first[2]), (first[1], first[2]))
      for place in places {
        low = (min(low.0, place[1]), min(low.1, place[2]))
        high = (max(high.0, place[1]), max(high.1, place[2]))
      }
      width = high.1 - low.1 + 1
      height = high.0 - low.0 + 1
      values = [Double](repeating: 0, count: width * height)
      for (index, place) in places.enumerated() {
        let value: Double =
          switch stage {
          case .given: steps.activations[index]
          case .multiply: steps.handedOn[index]
          default: steps.contribution(index)
          }
        values[(place[1] - low.0) * width + place[2] - low.1] += value
      }
      title =
        switch stage {
        case .given: "a, summed over channels"
        case .multiply: "R_i, summed over channels"
        default: "contributions, summed over channels"
        }
      rows = low.0 == high.0 ? "\(low.0)" : "\(low.0)–\(high.0)"
      columns = low.1 == high.1 ? "\(low.1)" : "\(low.1)–\(high.1)"
    }
  }
}
