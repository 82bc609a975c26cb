/// A rectangle of cells; `x` grows to the right, `y` downwards. Widths and heights are never negative.
public struct Rect: Hashable, Sendable {
  public let x: Int
  public let y: Int
  public let width: Int
  public let height: Int

  public static let zero = Rect(x: 0, y: 0, width: 0, height: 0)

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  public init(width: Int, height: Int) { self.init(x: 0, y: 0, width: width, height: height) }

  /// The first column to the right of the rectangle.
  public var maxX: Int { x + width }
  /// The first row below the rectangle.
  public var maxY: Int { y + height }
  public var isEmpty: Bool { width == 0 || height == 0 }
  public var columns: Range<Int> { x..<maxX }
  public var rows: Range<Int> { y..<maxY }

  public func contains(x column: Int, y row: Int) -> Bool { columns.contains(column) && rows.contains(row) }

  /// The common part; empty where there is none.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }

  /// The rectangle without a margin on each side.
  public func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
    Rect(x: x + left, y: y + top, width: width - left - right, height: height - top - bottom)
  }

  /// The rectangle without the same margin on all four sides.
  public func inset(_ margin: Int) -> Rect { inset(left: margin, top: margin, right: margin, bottom: margin) }

  /// One row of the rectangle, counted from its top; empty if it has no such row.
  public func row(_ index: Int) -> Rect {
    Rect(x: x, y: y + index, width: width, height: (0..<height).contains(index) ? 1 : 0)
  }

  /// A rectangle of the given size (at most this one's) in the middle of this one.
  public func centered(width wanted: Int, height wantedHeight: Int) -> Rect {
    let newWidth = min(max(0, wanted), width)
    let newHeight = min(max(0, wantedHeight), height)
    return Rect(x: x + (width - newWidth) / 2, y: y + (height - newHeight) / 2, width: newWidth, height: newHeight)
  }
}
