extension Picture {
  /// The picture at another size, by area average where it shrinks and without smoothing where it grows.
  public func resampled(width: Int, height: Int) -> Picture {
    guard self.width > 0, self.height > 0, width > 0, height > 0 else {
      return Picture(width: 0, height: 0, rgb: [])
    }
    if (width, height) == (self.width, self.height) { return self }
    let resampling = AreaResampling(from: (self.width, self.height), to: (width, height), quantity: .mean)
    return Picture(
      width: width, height: height,
      rgb: resampling(rgb, channels: 3) {
        Double($0)
      } into: {
        byte(rounding: $0)
      })
  }

  /// The size in half-block pixels, two one above the other in a cell, at which a picture or heatmap is as large as it fits
  /// into `columns` x `rows` cells; `nil` if there is nothing to show or no room.
  ///
  /// The proportions are kept for cells `cellAspect` times as high as wide. Nothing is enlarged beyond one pixel per pixel
  /// unless `enlarges`.
  public static func fitting(
    width: Int, height: Int, columns: Int, rows: Int, cellAspect: Double = 2, enlarges: Bool = false
  ) -> (width: Int, height: Int)? {
    guard width > 0, height > 0, columns > 0, rows > 0, cellAspect > 0, cellAspect.isFinite else { return nil }
    // A half-block pixel is cellAspect / 2 times as high as wide.
    let pixelAspect = cellAspect / 2
    let (fullWidth, fullHeight) = (Double(width), Double(height) / pixelAspect)
    var scale = min(Double(columns) / fullWidth, Double(2 * rows) / fullHeight)
    if !enlarges { scale = min(scale, 1) }
    return (
      max(1, min(columns, Int((fullWidth * scale).rounded()))),
      max(1, min(2 * rows, Int((fullHeight * scale).rounded())))
    )
  }
}
