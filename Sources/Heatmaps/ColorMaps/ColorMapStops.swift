/// The corners of a piecewise linear colour map, from position 0 to 256 in non-descending order.
struct ColorMapStops: Hashable {
  struct Stop: Hashable {
    var position: Int
    var color: RGB
  }

  let stops: [Stop]

  /// - Parameter corners: from position 0 on, in order.
  init(_ corners: [Stop]) { stops = corners + corners.suffix(1).map { Stop(position: 256, color: $0.color) } }

  /// Gives every node a position.
  ///
  /// A first colour without an index, or with one above 0, also stands at 0; a last one without an index stands at 255. Colours
  /// without an index are spread evenly between their neighbours with one, rounded down. A stop at 256 repeats the
  /// last colour, so that every position has a stop on either side.
  /// - Throws: ``HeatmapError/colorMapSource(source:column:found:expected:)`` if the indices descend.
  init(_ nodes: [ColorMapNode], source: String) throws(HeatmapError) {
    var stops: [Stop] = []
    var waiting: [RGB] = []
    for (number, node) in nodes.enumerated() {
      if number == 0 {
        stops.append(Stop(position: 0, color: node.color))
        if let index = node.index, index > 0 { stops.append(Stop(position: Int(index), color: node.color)) }
        continue
      }
      guard let position = node.index.map(Int.init) ?? (number == nodes.count - 1 ? 255 : nil) else {
        waiting.append(node.color)
        continue
      }
      let previous = stops.last?.position ?? 0
      guard position >= previous else {
        throw HeatmapError.colorMapSource(
          source: source, column: node.column, found: "index \(Self.hexadecimal(position))",
          expected: "one not below \(Self.hexadecimal(previous)): indices ascend from left to right")
      }
      let step = 1.0 / Double(waiting.count + 1)
      for (place, color) in waiting.enumerated() {
        let share = Double(place + 1) * step
        let between = Double(previous) * (1 - share) + Double(position) * share
        stops.append(Stop(position: Int(between), color: color))
      }
      waiting.removeAll()
      stops.append(Stop(position: position, color: node.color))
    }
    if let last = stops.last { stops.append(Stop(position: 256, color: last.color)) }
    self.stops = stops
  }

  /// The colour at `position` in 0…255, channels in 0…1; NaN gives NaN.
  func color(at position: Double) -> SIMD3<Double> {
    guard position == position, let first = stops.first else { return SIMD3(repeating: .nan) }
    // Of several stops at one position the last counts, which makes a hard edge there.
    var lower = first
    var upper = first
    for stop in stops {
      upper = stop
      if Double(stop.position) > position { break }
      lower = stop
    }
    let width = Double(upper.position - lower.position)
    let share = width > 0 ? (position - Double(lower.position)) / width : 0
    return (lower.color.channels * (1 - share) + upper.color.channels * share) / 255
  }

  private static func hexadecimal(_ position: Int) -> String {
    (position < 16 ? "0" : "") + String(position, radix: 16)
  }
}

extension RGB {
  fileprivate var channels: SIMD3<Double> { SIMD3(Double(red), Double(green), Double(blue)) }
}
