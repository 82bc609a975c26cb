/// A colour map's bar with the numbers that belong to it.
public struct ColorBar: Hashable, Sendable {
  public struct Tick: Hashable, Sendable {
    /// Along the bar, 0 at the low end to 1.
    public let position: Double
    public let value: Float
    public let label: String
  }

  /// From the low to the high end.
  public let colors: [RGB]
  /// The two ends, and zero where it lies between them.
  public let ticks: [Tick]

  /// A bar of `count` colours for a scale.
  public init(scale: HeatmapScale, colorMap: ColorMap, level: Double = 1, count: Int) {
    colors = colorMap.bar(count: count, level: level)
    var ticks = [Tick(position: 0, value: scale.lower, label: Self.label(scale.lower))]
    if scale.lower < 0, scale.upper > 0 {
      ticks.append(Tick(position: Double(scale.normalized(0)), value: 0, label: "0"))
    }
    if scale.upper > scale.lower {
      ticks.append(Tick(position: 1, value: scale.upper, label: Self.label(scale.upper)))
    }
    self.ticks = ticks
  }

  /// A number in at most nine characters with three significant digits: `0`, `-0.0132`, `12.5`, `3.20e-07`.
  public static func label(_ value: Float) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let magnitude = abs(Double(value))
    if magnitude == 0 { return "0" }
    let sign = value < 0 ? "-" : ""
    // The exponent after rounding to three digits: 0.9996 is 1.00.
    var exponent = Int(log10Floor(magnitude))
    var digits = (magnitude / power(10, exponent) * 100).rounded()
    if digits >= 1000 {
      digits = 100
      exponent += 1
    }
    let significant = Int(digits)
    if exponent < -3 || exponent > 5 {
      let exponentDigits = String(abs(exponent))
      let mantissa = "\(significant / 100)." + padded(significant % 100, to: 2)
      return sign + mantissa + (exponent < 0 ? "e-" : "e+") + (exponentDigits.count < 2 ? "0" : "") + exponentDigits
    }
    if exponent >= 2 { return sign + String(significant * Int(power(10, exponent - 2))) }
    let decimals = 2 - exponent
    let scaled = significant
    let unit = Int(power(10, decimals))
    return sign + "\(scaled / unit)." + padded(scaled % unit, to: decimals)
  }

  private static func padded(_ number: Int, to count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }

  private static func log10Floor(_ value: Double) -> Double {
    var exponent = 0.0
    var rest = value
    while rest >= 10 {
      rest /= 10
      exponent += 1
    }
    while rest < 1 {
      rest *= 10
      exponent -= 1
    }
    return exponent
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<abs(exponent) { result *= base }
    return exponent < 0 ? 1 / result : result
  }
}
