/// How fast a task goes and how long it will go on, from what was done since it began.
public struct Pace: Sendable, Hashable {
  /// Things to be done in all.
  public let total: Int
  /// What a thing is called: `pictures`.
  public let unit: String

  public init(total: Int, unit: String) {
    self.total = total
    self.unit = unit
  }

  /// `12/30 pictures  3.4/s  0:05 left`; without rate and time while there is nothing to tell them from.
  /// - Parameters:
  ///   - done: things done, also parts of one.
  ///   - seconds: since the beginning.
  ///   - unmeasured: how many of these were done before the beginning, and tell nothing about the rate.
  public func text(done: Double, seconds: Double, unmeasured: Double = 0) -> String {
    let count = "\(Int(done))/\(total) \(unit)"
    let measured = done - unmeasured
    guard measured > 0, seconds > 0, (measured / seconds).isFinite else { return count }
    let rate = measured / seconds
    let left = max(0, Double(total) - done) / rate
    return "\(count)  \(Self.rate(rate))  \(Self.time(left)) left"
  }

  private static func rate(_ rate: Double) -> String {
    func tenths(_ value: Double) -> String {
      let tenths = Int((value * 10).rounded())
      return "\(tenths / 10).\(tenths % 10)"
    }
    if rate >= 100 { return "\(Int(min(rate, 1e9).rounded()))/s" }
    return rate >= 1 ? "\(tenths(rate))/s" : "\(tenths(min(1 / rate, 1e9))) s each"
  }

  /// `0:05`, `1:02:03`, or `days` for more than that.
  private static func time(_ seconds: Double) -> String {
    guard seconds < 100 * 3600 else { return "days" }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let whole = Int(seconds.rounded(.up))
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":" + two(whole % 60)
  }
}
