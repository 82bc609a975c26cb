import Heatmaps

/// How a series is told from the others: by colour, and where there is none, by dashes and markers.
struct SeriesLook {
  enum Marker: CaseIterable { case disc, square, triangle, diamond, downwards }

  let color: RGB
  let marker: Marker
  /// In points.
  let dashes: [Double]

  init(number: Int) {
    let dashings: [[Double]] = [[], [5, 2], [1.5, 1.5], [6, 2, 1.5, 2]]
    color = Ink.series[number % Ink.series.count]
    marker = Marker.allCases[number % Marker.allCases.count]
    dashes = dashings[number % dashings.count]
  }
}

extension Sketch {
  mutating func line(_ line: [Point], _ look: SeriesLook) {
    guard line.count > 1 else { return }
    add(.line(line, look.color, width: points(1.5), dashes: look.dashes.map { points($0) }))
  }

  mutating func marker(at center: Point, _ look: SeriesLook) {
    let radius = points(2.5)
    func corners(_ offsets: [(x: Double, y: Double)]) -> Mark {
      .polygon(offsets.map { Point(center.x + $0.x * radius, center.y + $0.y * radius) }, look.color)
    }
    switch look.marker {
    case .disc: add(.disc(center, radius: radius, look.color))
    case .square: add(corners([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]))
    case .triangle: add(corners([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)]))
    case .diamond: add(corners([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)]))
    case .downwards: add(corners([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)]))
    }
  }
}
