/// What a model says while a picture is flipped block by block.
public struct FlippingCurve: Hashable, Sendable {
  /// One quantity that is followed.
  public enum Quantity: String, Hashable, Sendable, CaseIterable {
    /// The target's output, before a softmax or a sigmoid.
    case logit
    /// What that stands for; see `OutputMeaning`.
    case probability
  }

  public struct Point: Hashable, Sendable {
    /// The share of the pixels that is flipped, 0…1.
    public var fraction: Double
    public var logit: Double
    /// `nil` where outputs are no probabilities of anything.
    public var probability: Double?

    public init(fraction: Double, logit: Double, probability: Double?) {
      self.fraction = fraction
      self.logit = logit
      self.probability = probability
    }

    /// NaN for a probability that there is none of.
    public func value(_ quantity: Quantity) -> Double { quantity == .logit ? logit : probability ?? .nan }
  }

  /// From nothing flipped to everything.
  public var points: [Point]

  public init(points: [Point]) { self.points = points }

  /// Whether no point is NaN or infinite, as where numbers are too large for float32.
  public var isFinite: Bool { points.allSatisfy { $0.logit.isFinite && $0.probability?.isFinite ?? true } }

  /// Whether there is a probability to follow, not just a score.
  public var hasProbabilities: Bool { points.allSatisfy { $0.probability != nil } }

  /// `∫ y dx` over the share of flipped pixels by the trapezoidal rule. The smaller while relevant pixels are deleted,
  /// the larger while they are inserted, the better the order.
  public func areaUnder(_ quantity: Quantity) -> Double {
    zip(points, points.dropFirst()).reduce(0) { area, pair in
      area + (pair.1.fraction - pair.0.fraction) * (pair.0.value(quantity) + pair.1.value(quantity)) / 2
    }
  }

  /// `y(0) − ∫ y dx`: how far the model falls below its start on average, the area over the perturbation curve of Samek
  /// et al. 2017 (eq. 12) for steps of any size.
  public func areaOver(_ quantity: Quantity) -> Double { (points.first?.value(quantity) ?? 0) - areaUnder(quantity) }

  /// The mean of curves step by step, of the fractions too: blocks at the edge are smaller, so that these depend on the
  /// order. `nil` of none, or of curves with other numbers of steps.
  public static func mean(_ curves: [FlippingCurve]) -> FlippingCurve? {
    guard let first = curves.first, curves.allSatisfy({ $0.points.count == first.points.count }) else { return nil }
    let points = first.points.indices.map { index in
      let own = curves.map { $0.points[index] }
      let count = Double(own.count)
      let probabilities = own.compactMap(\.probability)
      return Point(
        fraction: own.reduce(0) { $0 + $1.fraction } / count, logit: own.reduce(0) { $0 + $1.logit } / count,
        probability: probabilities.count == own.count ? probabilities.reduce(0, +) / count : nil)
    }
    return FlippingCurve(points: points)
  }
}
