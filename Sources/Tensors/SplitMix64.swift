/// A small seeded random number generator (Steele, Lea and Flood 2014) that can also be read at any position, so that
/// the n-th number of a stream is known without the ones before it.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private let seed: UInt64
  private var position: UInt64 = 0

  public init(seed: UInt64) { self.seed = seed }

  /// The number at `position` of the stream of `seed`; the first is at 0.
  @inlinable public static func value(seed: UInt64, at position: UInt64) -> UInt64 {
    var z = seed &+ (position &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The number at `position`, as a double in [0, 1).
  @inlinable public static func uniform(seed: UInt64, at position: UInt64) -> Double {
    Double(value(seed: seed, at: position) >> 11) * 0x1p-53
  }

  public mutating func next() -> UInt64 {
    defer { position &+= 1 }
    return Self.value(seed: seed, at: position)
  }
}
