/// Curves in a rectangle of cells, two by four dots to a cell; in ASCII one character per cell.
public struct BraillePlot: Sendable {
  public struct Series: Sendable {
    public var points: [(x: Double, y: Double)]
    public var color: Color
    /// What stands for the curve where there are no dots.
    public var letter: Character

    public init(points: [(x: Double, y: Double)], color: Color, letter: Character) {
      self.points = points
      self.color = color
      self.letter = letter
    }
  }

  /// Drawn in order: where curves meet in a cell, the later one's colour counts.
  public var series: [Series]
  public var x: ClosedRange<Double>
  public var y: ClosedRange<Double>

  public init(series: [Series], x: ClosedRange<Double>, y: ClosedRange<Double>) {
    self.series = series
    self.x = x
    self.y = y
  }

  /// The bits of the dots of a cell, by row and column.
  private static let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  /// Draws over what is there; points that are not finite are left out, lines are cut at the edges.
  public func draw(into buffer: inout CellBuffer, in rect: Rect, capabilities: DisplayCapabilities = .full) {
    guard !rect.isEmpty else { return }
    let hasDots = capabilities.glyphs == .unicode
    let (width, height) = hasDots ? (rect.width * 2, rect.height * 4) : (rect.width, rect.height)
    var dots = [UInt32](repeating: 0, count: rect.width * rect.height)
    for series in series {
      var previous: (x: Int, y: Int)?
      for point in series.points {
        guard let place = place(point, width, height) else {
          previous = nil
          continue
        }
        for dot in Self.line(from: previous ?? place, to: place) {
          guard (0..<width).contains(dot.x), (0..<height).contains(dot.y) else { continue }
          let cell = hasDots ? (dot.x / 2, dot.y / 4) : (dot.x, dot.y)
          let index = cell.1 * rect.width + cell.0
          let style = Style(foreground: series.color)
          if hasDots {
            dots[index] |= Self.bits[dot.y % 4][dot.x % 2]
            guard let scalar = Unicode.Scalar(0x2800 + dots[index]) else { continue }
            buffer[rect.x + cell.0, rect.y + cell.1] = Cell(glyph: Glyph(scalar: scalar), style: style)
          } else {
            buffer[rect.x + cell.0, rect.y + cell.1] = Cell(series.letter, style: style)
          }
        }
        previous = place
      }
    }
  }

  /// The dot of a point, from the left and the top; `nil` if it has none.
  private func place(_ point: (x: Double, y: Double), _ width: Int, _ height: Int) -> (x: Int, y: Int)? {
    func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      let extent = range.upperBound - range.lowerBound
      return extent > 0 ? (value - range.lowerBound) / extent : 0.5
    }
    let (across, up) = (share(point.x, x), share(point.y, y))
    guard across.isFinite, up.isFinite, abs(across) < 100, abs(up) < 100 else { return nil }
    return (Int((across * Double(width - 1)).rounded()), Int(((1 - up) * Double(height - 1)).rounded()))
  }

  private static func line(from: (x: Int, y: Int), to: (x: Int, y: Int)) -> [(x: Int, y: Int)] {
    let steps = max(abs(to.x - from.x), abs(to.y - from.y))
    guard steps > 0 else { return [to] }
    return (0...steps).map { step in
      let part = Double(step) / Double(steps)
      return (
        from.x + Int((Double(to.x - from.x) * part).rounded()), from.y + Int((Double(to.y - from.y) * part).rounded())
      )
    }
  }
}
