/// How large a picture may be, checked in its header before memory is taken.
public struct PictureLimits: Hashable, Sendable, CustomStringConvertible {
  /// Pixels along the longer side.
  public var side: Int
  public var pixels: Int

  public init(side: Int = 16_384, pixels: Int = 100_000_000) {
    self.side = side
    self.pixels = pixels
  }

  public static let standard = PictureLimits()

  public func allow(width: Int, height: Int) -> Bool {
    width > 0 && height > 0 && width <= side && height <= side && width <= pixels / height
  }

  public var description: String { "at most \(side) pixels along a side and \(pixels / 1_000_000) million in all" }
}
