import Foundation

/// How numbers are laid along an axis.
public enum AxisScale: Hashable, Sendable {
  case linear
  /// For ratios and spans over orders of magnitude. Zero and negative numbers have no place on it.
  case logarithmic
}

/// A range of numbers with round ends and round numbers on it.
package struct ValueAxis: Hashable, Sendable {
  package struct Tick: Hashable, Sendable {
    package var value: Double
    package var label: String
  }

  package let scale: AxisScale
  package let lower: Double
  package let upper: Double
  package let ticks: [Tick]

  /// The axis on which all `values` that can be shown have a place.
  /// - Parameter tickCount: about how many ticks there is room for.
  package init(covering values: [Double], scale: AxisScale = .linear, includesZero: Bool = false, tickCount: Int = 5) {
    let shown = values.compactMap { Self.shown($0, scale) } + (includesZero && scale == .linear ? [0] : [])
    let lowest = shown.min() ?? (scale == .linear ? 0 : 1)
    let highest = shown.max() ?? (scale == .linear ? 1 : 10)
    self.scale = scale
    switch scale {
    case .linear: (lower, upper, ticks) = Self.linear(lowest, highest, tickCount: max(1, tickCount))
    case .logarithmic: (lower, upper, ticks) = Self.logarithmic(lowest, highest, tickCount: max(1, tickCount))
    }
  }

  /// Where a number lies, 0 at the lower end to 1 at the upper; `nil` for one that cannot be shown.
  package func position(_ value: Double) -> Double? {
    guard let value = Self.shown(value, scale) else { return nil }
    let share =
      switch scale {
      case .linear: (value - lower) / (upper - lower)
      case .logarithmic: log10(value / lower) / log10(upper / lower)
      }
    return min(max(share, 0), 1)
  }

  /// The number if an axis can show it: those near the ends of what a `Double` can be are taken for mistakes, or for 0.
  private static func shown(_ value: Double, _ scale: AxisScale) -> Double? {
    guard value.isFinite, abs(value) < 1e100 else { return nil }
    let value = abs(value) < 1e-100 ? 0 : value
    return scale == .logarithmic && value <= 0 ? nil : value
  }

  // MARK: Linear

  private static func linear(_ lowest: Double, _ highest: Double, tickCount: Int) -> (Double, Double, [Tick]) {
    var (lowest, highest) = (lowest, highest)
    let size = max(abs(lowest), abs(highest))
    if highest - lowest <= size * 1e-9 {
      let margin = size > 0 ? size * 0.1 : 0.5
      lowest -= margin
      highest += margin
    }
    let (step, exponent) = roundStep((highest - lowest) / Double(tickCount))
    // A value that a rounding error lifts over a tick needs no further tick.
    let first = (lowest / step + 1e-9).rounded(.down)
    let last = (highest / step - 1e-9).rounded(.up)
    let values = stride(from: first, through: last, by: 1).map { $0 * step }
    let isScientific = exponent < -4 || size >= 1e6
    let ticks = values.map { value in
      Tick(value: value, label: isScientific ? scientific(value, exponent) : plain(value, decimals: max(0, -exponent)))
    }
    return (first * step, last * step, ticks)
  }

  /// The smallest of 1, 2 and 5 times a power of ten that is not less than `step`, and the exponent of that power.
  private static func roundStep(_ step: Double) -> (step: Double, exponent: Int) {
    let exponent = Int(log10(step).rounded(.down))
    for (factor, shift) in [(1.0, 0), (2.0, 0), (5.0, 0), (10.0, 1)] {
      let candidate = factor * pow(10, Double(exponent))
      if candidate >= step * (1 - 1e-9) { return (candidate, exponent + shift) }
    }
    return (10 * pow(10, Double(exponent)), exponent + 1)
  }

  private static func plain(_ value: Double, decimals: Int) -> String {
    let label = String(format: "%.\(decimals)f", value)
    return label.contains { $0 >= "1" && $0 <= "9" } ? label : "0"
  }

  /// With as many digits as tell neighbouring ticks apart.
  private static func scientific(_ value: Double, _ stepExponent: Int) -> String {
    guard value != 0 else { return "0" }
    let exponent = Int((log10(abs(value)) + 1e-9).rounded(.down))
    return String(format: "%.\(max(0, exponent - stepExponent))e", value)
  }

  // MARK: Logarithmic

  private static func logarithmic(_ lowest: Double, _ highest: Double, tickCount: Int) -> (Double, Double, [Tick]) {
    var first = Int((log10(lowest) + 1e-9).rounded(.down))
    var last = Int((log10(highest) - 1e-9).rounded(.up))
    if last <= first { (first, last) = (first, first + 1) }
    if last - first > 2 || tickCount < 4 {
      let stride = (last - first + tickCount - 1) / tickCount
      last += (stride - (last - first) % stride) % stride
      let ticks = Swift.stride(from: first, through: last, by: stride).map { exponent in
        Tick(value: pow(10, Double(exponent)), label: powerOfTen(exponent, 1))
      }
      return (pow(10, Double(first)), pow(10, Double(last)), ticks)
    }
    // Within two decades 1, 2 and 5 are marked, and the axis ends at one of them.
    var ticks = (first...last).flatMap { exponent in
      [1, 2, 5].map { factor in
        Tick(value: Double(factor) * pow(10, Double(exponent)), label: powerOfTen(exponent, factor))
      }
    }
    while ticks.count > 2, ticks[ticks.count - 2].value >= highest * (1 - 1e-9) { ticks.removeLast() }
    while ticks.count > 2, ticks[1].value <= lowest * (1 + 1e-9) { ticks.removeFirst() }
    return (ticks[0].value, ticks[ticks.count - 1].value, ticks)
  }

  private static func powerOfTen(_ exponent: Int, _ factor: Int) -> String {
    switch exponent {
    case 0...5: String(factor) + String(repeating: "0", count: exponent)
    case -4..<0: "0." + String(repeating: "0", count: -exponent - 1) + String(factor)
    default: "\(factor)e\(exponent)"
    }
  }
}
