/// Numbers as people read them in tables: few digits, decimal points below each other.
package enum NumberText {
  /// `decimals` places; where that would show nothing of the number, or too much, one digit and an exponent.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf" }
    let magnitude = abs(value)
    let unit = power(decimals)
    if magnitude != 0, magnitude * unit < 0.5 || magnitude >= 1e5 { return exponential(value) }
    let scaled = Int((magnitude * unit).rounded())
    let whole = scaled / Int(unit)
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard decimals > 0 else { return sign + "\(whole)" }
    let rest = String(scaled % Int(unit))
    return sign + "\(whole)." + String(repeating: "0", count: max(0, decimals - rest.count)) + rest
  }

  /// As ``fixed(_:decimals:)``, with fewer places where it would be wider than `width`.
  package static func fixed(_ value: Double, decimals: Int, width: Int) -> String {
    let places = stride(from: decimals, to: 0, by: -1).first { fixed(value, decimals: $0).count <= width }
    return fixed(value, decimals: places ?? 0)
  }

  /// `3.2e-7`.
  private static func exponential(_ value: Double) -> String {
    var magnitude = abs(value)
    var exponent = 0
    while magnitude >= 10 {
      magnitude /= 10
      exponent += 1
    }
    while magnitude < 1 {
      magnitude *= 10
      exponent -= 1
    }
    var tenths = Int((magnitude * 10).rounded())
    if tenths >= 100 {
      tenths = 10
      exponent += 1
    }
    return (value < 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)e\(exponent)"
  }

  /// `38.5 %`; very small shares as `<0.1 %`.
  package static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "NaN" }
    let percentage = share * 100
    if percentage > 0, percentage < 0.05 { return "<0.1 %" }
    return fixed(percentage, decimals: 1) + " %"
  }

  /// `412 ms`, `1.3 s`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "–" }
    return seconds < 0.9995 ? "\(Int((seconds * 1000).rounded())) ms" : fixed(seconds, decimals: 1) + " s"
  }

  /// `864`, `25.6 k`, `4.7 M`.
  package static func count(_ number: Int) -> String {
    switch number {
    case ..<10_000: "\(number)"
    case ..<1_000_000: fixed(Double(number) / 1e3, decimals: 1) + " k"
    default: fixed(Double(number) / 1e6, decimals: 1) + " M"
    }
  }

  /// `1 layer`, `3 layers`.
  package static func plural(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  private static func power(_ exponent: Int) -> Double { (0..<max(0, exponent)).reduce(1) { result, _ in result * 10 } }
}
