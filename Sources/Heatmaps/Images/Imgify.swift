import Tensors

/// How an array becomes a picture; the defaults are zennit's.
public struct ImageOptions: Sendable {
  /// What is laid onto 0…1.
  public var norm: RelevanceNorm
  /// Overrides the lower bound that ``norm`` gives.
  public var minimum: ImageBound?
  /// Overrides the upper bound that ``norm`` gives.
  public var maximum: ImageBound?
  /// Colours an array with one channel. Three channels are red, green and blue already.
  public var colorMap: ColorMap
  /// See ``ColorMap/palette(level:)``.
  public var level: Double
  /// If set, the first axis is the batch: each sample is normalised by itself, then all are laid out on one sheet.
  public var grid: ImageGrid?
  /// The byte at places of a grid without a picture, one or one per channel; the smallest of the sheet if `nil`.
  public var gridFill: [UInt8]?

  public init(
    norm: RelevanceNorm = .unaligned, minimum: ImageBound? = nil, maximum: ImageBound? = nil,
    colorMap: ColorMap = .bwr, level: Double = 1, grid: ImageGrid? = nil, gridFill: [UInt8]? = nil
  ) {
    self.norm = norm
    self.minimum = minimum
    self.maximum = maximum
    self.colorMap = colorMap
    self.level = level
    self.grid = grid
    self.gridFill = gridFill
  }
}

/// Turns an array into a picture: zennit's `imgify`.
///
/// `array` is `(H, W)`, `(H, W, C)` or `(C, H, W)` with 1 or 3 channels, and with one more axis in front for a grid; channels
/// last wins if both would do. One channel gives a picture with the colour map's palette, three give
/// red, green and blue without it. Values are normalised to 0…1, cut off there, and rounded down to bytes; where there is no
/// number, as when both bounds are equal, the byte is 0.
/// - Throws: ``HeatmapError/shape(_:expected:)``, ``HeatmapError/argument(name:found:expected:)``.
public func imgify(_ array: Tensor, _ options: ImageOptions) throws(HeatmapError) -> RasterImage {
  var values = array.rowMajorElements()
  if options.norm == .absolute { values = values.map { abs($0) } }
  let source = try picture(values, array.shape, options)
  return try raster(source.with(normalized(source, options)), options)
}

/// Turns bytes, row-major in `shape`, into a picture as they are, without normalising; see ``imgify(_:_:)``.
public func imgify(bytes: [UInt8], shape: Shape, _ options: ImageOptions) throws(HeatmapError) -> RasterImage {
  try checkCount(bytes, shape)
  return try raster(picture(bytes, shape, options), options)
}

private func picture<Element>(
  _ elements: [Element], _ shape: Shape, _ options: ImageOptions
) throws(HeatmapError) -> ChannelsLastArray<Element> {
  options.grid == nil
    ? try ChannelsLastArray(picture: elements, shape: shape)
    : try ChannelsLastArray(batch: elements, shape: shape)
}

private func raster(_ bytes: ChannelsLastArray<UInt8>, _ options: ImageOptions) throws(HeatmapError) -> RasterImage {
  var sheet = bytes
  if let grid = options.grid { sheet = try bytes.sheet(grid, fill: options.gridFill) }
  return RasterImage(
    width: sheet.width, height: sheet.height,
    pixels: sheet.channels == 3
      ? .rgb(sheet.elements)
      : .indexed(sheet.elements, palette: options.colorMap.palette(level: options.level)))
}

/// The bytes of values laid between the bounds, in the precision NumPy chooses: double as soon as a bound is a plain number.
private func normalized(_ array: ChannelsLastArray<Float>, _ options: ImageOptions) throws(HeatmapError) -> [UInt8] {
  let shape = array.visibleShape
  var computed: (minimum: Tensor, maximum: Tensor)?
  if options.minimum == nil || options.maximum == nil {
    let tensor = Tensor(shape, rowMajor: array.elements, layout: .rowMajor)
    let axes = Array((options.grid == nil ? 0 : 1)..<shape.rank)
    computed = try intervalNormBounds(tensor, norm: options.norm, axes: axes)
  }
  let minimum = options.minimum ?? computed.map { .array($0.minimum) } ?? .value(0)
  let maximum = options.maximum ?? computed.map { .array($0.maximum) } ?? .value(1)
  let low = try SpreadBound(minimum, over: shape, name: "minimum")
  let high = try SpreadBound(maximum, over: shape, name: "maximum")
  let isDouble = low.isDouble || high.isDouble
  return array.elements.indices.map { index in
    let value = Double(array.elements[index])
    // Rounding a double result once to float is the float result, for these operations.
    let distance = low.isDouble ? value - low[index] : Double(Float(value - low[index]))
    if isDouble { return byte(truncating: distance / (high[index] - low[index]) * 255) }
    let width = Float(high[index] - low[index])
    return byte(truncating: Double(Float(distance) / width * 255))
  }
}
