/// An 8-bit sRGB picture.
public struct Picture: Hashable, Sendable {
  public let width: Int
  public let height: Int
  /// Red, green and blue of each pixel, row by row from the top left: `3 * width * height` bytes.
  public let rgb: [UInt8]

  /// - Precondition: `rgb.count == 3 * width * height`.
  public init(width: Int, height: Int, rgb: [UInt8]) {
    precondition(width >= 0 && height >= 0 && rgb.count == 3 * width * height)
    self.width = width
    self.height = height
    self.rgb = rgb
  }

  /// The colour at a column and row, `nil` outside.
  public subscript(column: Int, row: Int) -> RGB? {
    guard column >= 0, column < width, row >= 0, row < height else { return nil }
    return pixel(row * width + column)
  }

  /// The colour of the pixel with number `index`, counted row by row.
  /// - Precondition: the pixel exists.
  @inline(__always)
  public func pixel(_ index: Int) -> RGB { RGB(rgb[3 * index], rgb[3 * index + 1], rgb[3 * index + 2]) }
}
