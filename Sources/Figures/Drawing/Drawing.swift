import Heatmaps

/// A figure laid out: marks on a white page. Coordinates are pixels from the top left.
public struct Drawing: Sendable {
  /// What to call it in error messages and in the file's description.
  public let title: String
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  public let pixelsPerPoint: Int
  /// In the order in which they are painted.
  package let marks: [Mark]

  /// What is drawn at most; a page of this size takes 200 MB while it is painted.
  package static let limits = PictureLimits(side: 16_384, pixels: 50_000_000)

  /// - Throws: ``FigureError/tooLarge(figure:width:height:limit:)``.
  package init(title: String, width: Double, height: Double, pixelsPerPoint: Int, marks: [Mark]) throws(FigureError) {
    let size = (width: Self.whole(width), height: Self.whole(height))
    guard Self.limits.allow(width: size.width, height: size.height) else {
      throw .tooLarge(figure: title, width: size.width, height: size.height, limit: Self.limits.description)
    }
    self.title = title
    self.width = size.width
    self.height = size.height
    self.pixelsPerPoint = pixelsPerPoint
    self.marks = marks
  }

  /// All texts on the page, in the order in which they are painted.
  public var texts: [String] {
    marks.compactMap { mark in
      if case .text(let label) = mark { label.text } else { nil }
    }
  }

  private static func whole(_ length: Double) -> Int {
    length.isFinite ? Int(min(max(length.rounded(.up), 1), 1e9)) : 1_000_000_000
  }
}

/// A place on the page, in pixels.
package struct Point: Hashable, Sendable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// A rectangle on the page, in pixels.
package struct Box: Hashable, Sendable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  package var right: Double { x + width }
  package var bottom: Double { y + height }
}

/// One thing that is painted.
package enum Mark: Sendable {
  case fill(Box, RGB)
  /// Diagonal lines across a rectangle.
  case hatching(Box, RGB, spacing: Double, width: Double)
  case line([Point], RGB, width: Double, dashes: [Double])
  case polygon([Point], RGB)
  case disc(Point, radius: Double, RGB)
  case text(Label)
  /// A picture whose pixels become rectangles of `cell` pixels of the page, without smoothing.
  case picture(Picture, x: Int, y: Int, cell: CellSize)
}

/// How many pixels of the page one value of a map takes.
package struct CellSize: Hashable, Sendable {
  package var width: Int
  package var height: Int

  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}

/// A line of text.
package struct Label: Hashable, Sendable {
  package enum Anchor: Hashable, Sendable { case start, middle, end }

  package var text: String
  /// On the baseline, where ``anchor`` says.
  package var position: Point
  package var anchor: Anchor
  package var font: Font
  package var color: RGB
  /// Whether it runs upwards.
  package var isTurned: Bool
}

/// A sans-serif font.
package struct Font: Hashable, Sendable {
  /// In pixels.
  package var size: Double
  package var isBold: Bool
  /// Whether all letters have the same width.
  package var isMonospaced: Bool

  package init(size: Double, isBold: Bool = false, isMonospaced: Bool = false) {
    self.size = size
    self.isBold = isBold
    self.isMonospaced = isMonospaced
  }

  /// From one baseline to the next, in whole pixels.
  package var lineHeight: Double { (size * 1.3).rounded() }
  /// From the top of a line to its baseline.
  package var ascent: Double { (size * 0.98).rounded() }
  /// How far the baseline lies below the middle of a line's capitals and digits.
  package var halfCapital: Double { size * 0.36 }
}
