import Dispatch
import Tensors

/// What this machine can do at best, measured: the roof under which every operation stays.
public struct MachineLimits: Sendable, Codable, Equatable {
  /// Floating-point operations per second of a large matrix product in float32.
  public let flopsPerSecond: Double
  /// Bytes per second between memory and processor, of a sum of arrays too large for the caches.
  public let bytesPerSecond: Double

  public init(flopsPerSecond: Double, bytesPerSecond: Double) {
    self.flopsPerSecond = flopsPerSecond
    self.bytesPerSecond = bytesPerSecond
  }

  /// Measures both with all threads; takes about half a second and 200 MB.
  /// - Parameter rounds: the best of so many runs counts.
  /// - Throws: ``ComputeError`` if oneDNN refuses the product.
  public static func measured(rounds: Int = 8) throws -> MachineLimits {
    MachineLimits(
      flopsPerSecond: try [1024, 2048].map { try matrixProduct(side: $0, rounds: rounds) }.max() ?? 0,
      bytesPerSecond: sum(elements: 1 << 24, rounds: rounds))
  }

  private static func matrixProduct(side: Int, rounds: Int) throws -> Double {
    let weight = Tensor([side, side], filledWith: 0.5, layout: .rowMajor)
    let product = FullyConnectedOperator(weight: weight, bias: nil)
    let input = Tensor([side, side], filledWith: 0.25)
    let cube = Double(side) * Double(side) * Double(side)
    return 2 * cube / (try shortest(rounds) { _ = try product.forward(input) })
  }

  /// `a ← a + b/2`: reads two arrays and writes one.
  private static func sum(elements: Int, rounds: Int) -> Double {
    var target = Tensor([1, elements], filledWith: 1)
    let source = Tensor([1, elements], filledWith: 2)
    let seconds = shortest(rounds) { target.update(with: source) { $0 + 0.5 * $1 } }
    return 3 * 4 * Double(elements) / seconds
  }

  /// Seconds of the fastest run after one that does not count.
  private static func shortest(_ rounds: Int, _ body: () throws -> Void) rethrows -> Double {
    var shortest = Double.infinity
    for round in 0...max(1, rounds) {
      let began = DispatchTime.now().uptimeNanoseconds
      try body()
      if round > 0 { shortest = min(shortest, Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9) }
    }
    return max(shortest, 1e-9)
  }
}
