/// A picture as it goes into a file: palette, grey or colour.
public struct RasterImage: Hashable, Sendable {
  public enum Pixels: Hashable, Sendable {
    /// One palette entry per pixel; the palette has 256 colours.
    case indexed([UInt8], palette: [RGB])
    /// One grey value per pixel.
    case gray([UInt8])
    /// Red, green and blue per pixel.
    case rgb([UInt8])
  }

  public let width: Int
  public let height: Int
  public let pixels: Pixels

  /// - Precondition: there are as many pixels as the size says, and 256 colours in a palette.
  public init(width: Int, height: Int, pixels: Pixels) {
    switch pixels {
    case .indexed(let bytes, let palette): precondition(bytes.count == width * height && palette.count == 256)
    case .gray(let bytes): precondition(bytes.count == width * height)
    case .rgb(let bytes): precondition(bytes.count == 3 * width * height)
    }
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  public init(_ picture: Picture) {
    self.init(width: picture.width, height: picture.height, pixels: .rgb(picture.rgb))
  }

  /// The picture in colours.
  public var picture: Picture {
    switch pixels {
    case .rgb(let bytes): return Picture(width: width, height: height, rgb: bytes)
    case .gray(let bytes): return Picture(width: width, height: height, rgb: bytes.flatMap { [$0, $0, $0] })
    case .indexed(let bytes, let palette):
      let rgb = bytes.flatMap { [palette[Int($0)].red, palette[Int($0)].green, palette[Int($0)].blue] }
      return Picture(width: width, height: height, rgb: rgb)
    }
  }
}
