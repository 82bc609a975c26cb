/// Which relevance gets which end of a colour map.
public struct HeatmapScale: Hashable, Sendable {
  public let norm: RelevanceNorm
  /// The relevance at the low end: -m, 0 or the minimum, as ``norm`` has it.
  public let lower: Float
  /// The relevance at the high end.
  public let upper: Float
  /// The percentile the bounds were taken at, 100 for the extremes.
  public let percentile: Double

  /// A scale with given bounds.
  public init(norm: RelevanceNorm, lower: Float, upper: Float, percentile: Double = 100) {
    self.norm = norm
    self.lower = lower
    self.upper = upper
    self.percentile = percentile
  }

  /// The scale on which one map, or several to be compared, fill the range.
  ///
  /// With a percentile below 100 a few outliers are cut off: the bound is the percentile of |r| (symmetric, absolute), or
  /// the percentiles p and 100 - p of r (unaligned). Of several maps the widest bounds are taken. Values that are not
  /// finite are passed over. Should the percentile be 0 in a map that is not, as in one with few points, the largest
  /// value is the bound.
  public init(of maps: [RelevanceMap], norm: RelevanceNorm = .symmetric, percentile: Double = 99) {
    let percentile = percentile >= 0 ? min(percentile, 100) : 100
    var lower = Float.infinity
    var upper = -Float.infinity
    for map in maps {
      guard let bounds = Self.bounds(map.values.filter(\.isFinite), norm, percentile) else { continue }
      lower = min(lower, bounds.lower)
      upper = max(upper, bounds.upper)
    }
    let isEmpty = lower > upper
    self.init(norm: norm, lower: isEmpty ? 0 : lower, upper: isEmpty ? 0 : upper, percentile: percentile)
  }

  /// The scale on which `map` fills the range; see ``init(of:norm:percentile:)-([RelevanceMap],_,_)``.
  public init(of map: RelevanceMap, norm: RelevanceNorm = .symmetric, percentile: Double = 99) {
    self.init(of: [map], norm: norm, percentile: percentile)
  }

  /// Where `value` lies between the bounds, cut off to 0…1; NaN gives NaN. Bounds without a width put everything in the middle
  /// (symmetric) or at the low end.
  @inline(__always)
  public func normalized(_ value: Float) -> Float {
    if value.isNaN { return .nan }
    guard upper > lower else { return norm == .symmetric ? 0.5 : 0 }
    let position = (norm.measured(value) - lower) / (upper - lower)
    return position > 0 ? min(position, 1) : 0
  }

  /// How strongly `value` shows, 0…1: its distance from the colour of zero, or from the low end where zero has none.
  @inline(__always)
  public func strength(_ value: Float) -> Float {
    let position = normalized(value)
    if position.isNaN { return 1 }
    return norm == .symmetric ? abs(2 * position - 1) : position
  }

  /// The relevance at a position 0…1 of the colour map.
  public func value(at position: Float) -> Float { lower + (upper - lower) * position }

  private static func bounds(
    _ finite: [Float], _ norm: RelevanceNorm, _ percentile: Double
  ) -> (lower: Float, upper: Float)? {
    guard !finite.isEmpty else { return nil }
    if norm == .unaligned {
      var selection = Selection(finite)
      let bounds = (lower: selection.percentile(100 - percentile), upper: selection.percentile(percentile))
      // Below the median the two would change places.
      return bounds.lower < bounds.upper ? bounds : (finite.min() ?? 0, finite.max() ?? 0)
    }
    let magnitudes = finite.map { abs($0) }
    var selection = Selection(magnitudes)
    var bound = selection.percentile(percentile)
    if bound <= 0 { bound = magnitudes.max() ?? 0 }
    return norm == .symmetric ? (-bound, bound) : (0, bound)
  }
}
