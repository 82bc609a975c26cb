import Heatmaps

/// A character that is a shape: blocks, lines of frames, dots.
enum CellShape {
  /// Parts of the cell in eighths: columns, rows.
  case blocks([(columns: Range<Int>, rows: Range<Int>)])
  /// How much of the cell is inked.
  case shade(Double)
  /// From the middle to the sides.
  case lines(Sides)
  /// The eight dots of a braille cell, the lowest bit first.
  case dots(UInt8)

  struct Sides: OptionSet {
    let rawValue: Int
    static let left = Sides(rawValue: 1)
    static let right = Sides(rawValue: 2)
    static let up = Sides(rawValue: 4)
    static let down = Sides(rawValue: 8)
  }

  private static let frames: [Unicode.Scalar: Sides] = [
    "─": [.left, .right], "│": [.up, .down], "┌": [.right, .down], "┐": [.left, .down], "└": [.right, .up],
    "┘": [.left, .up], "├": [.up, .down, .right], "┤": [.up, .down, .left], "┬": [.left, .right, .down],
    "┴": [.left, .right, .up], "┼": [.left, .right, .up, .down], "╭": [.right, .down], "╮": [.left, .down],
    "╰": [.right, .up], "╯": [.left, .up],
  ]
  /// Which quarters are inked: upper left, upper right, lower left, lower right.
  private static let quadrants: [[Int]] = [
    [2], [3], [0], [0, 2, 3], [0, 3], [0, 1, 2], [0, 1, 3], [1], [1, 2], [1, 2, 3],
  ]

  /// `nil` for what is text.
  init?(_ scalar: Unicode.Scalar) {
    let value = Int(scalar.value)
    switch value {
    case 0x20, 0: self = .blocks([])
    case 0x2580: self = .blocks([(0..<8, 0..<4)])
    case 0x2581...0x2588: self = .blocks([(0..<8, (0x2588 - value)..<8)])
    case 0x2589...0x258F: self = .blocks([(0..<(0x2590 - value), 0..<8)])
    case 0x2590: self = .blocks([(4..<8, 0..<8)])
    case 0x2591...0x2593: self = .shade(Double(value - 0x2590) / 4)
    case 0x2594: self = .blocks([(0..<8, 0..<1)])
    case 0x2595: self = .blocks([(7..<8, 0..<8)])
    case 0x2596...0x259F:
      self = .blocks(
        Self.quadrants[value - 0x2596].map { quarter in
          (quarter % 2 == 0 ? 0..<4 : 4..<8, quarter < 2 ? 0..<4 : 4..<8)
        })
    case 0x2800...0x28FF: self = .dots(UInt8(value - 0x2800))
    default:
      guard let sides = Self.frames[scalar] else { return nil }
      self = .lines(sides)
    }
  }

  func draw(in box: Box, _ colors: ScreenColors, line: Double, into sketch: inout Sketch) {
    switch self {
    case .blocks(let blocks):
      for block in blocks {
        // Whole pixels, the same from both sides of an edge.
        let (x, width) = Self.part(block.columns, of: box.width)
        let (y, height) = Self.part(block.rows, of: box.height)
        sketch.fill(x: box.x + x, y: box.y + y, width: width, height: height, colors.ink)
      }
    case .shade(let share): sketch.add(.fill(box, ScreenColors.mixed(colors.ink, colors.ground, share)))
    case .lines(let sides): Self.drawLines(sides, in: box, colors.ink, line, into: &sketch)
    case .dots(let bits): Self.drawDots(bits, in: box, colors.ink, into: &sketch)
    }
  }

  private static func part(_ eighths: Range<Int>, of length: Double) -> (start: Double, length: Double) {
    let (start, end) = (Double(eighths.lowerBound) / 8 * length, Double(eighths.upperBound) / 8 * length)
    return (start.rounded(), end.rounded() - start.rounded())
  }

  private static func drawLines(_ sides: Sides, in box: Box, _ ink: RGB, _ line: Double, into sketch: inout Sketch) {
    let (x, y) = (box.x + ((box.width - line) / 2).rounded(.down), box.y + ((box.height - line) / 2).rounded(.down))
    if !sides.isDisjoint(with: [.left, .right]) {
      let (start, end) = (sides.contains(.left) ? box.x : x, sides.contains(.right) ? box.right : x + line)
      sketch.fill(x: start, y: y, width: end - start, height: line, ink)
    }
    if !sides.isDisjoint(with: [.up, .down]) {
      let (start, end) = (sides.contains(.up) ? box.y : y, sides.contains(.down) ? box.bottom : y + line)
      sketch.fill(x: x, y: start, width: line, height: end - start, ink)
    }
  }

  private static func drawDots(_ bits: UInt8, in box: Box, _ ink: RGB, into sketch: inout Sketch) {
    // Bits 0 to 2 and 6 go down the left column, 3 to 5 and 7 down the right one.
    for bit in 0..<8 where bits >> bit & 1 == 1 {
      let (column, row) = bit < 6 ? (bit / 3, bit % 3) : (bit - 6, 3)
      let place = Point(
        box.x + box.width * (Double(column) + 0.5) / 2, box.y + box.height * (Double(row) + 0.5) / 4)
      sketch.add(.disc(place, radius: box.width / 6, ink))
    }
  }
}
