import Dispatch
import Tensors

/// What this machine can do at best, measured: the roof under which every operation stays.
public struct MachineLimits: Sendable, Codable, Equatable {
  /// The speed at which data of a certain size is read and written again and again.
  public struct Bandwidth: Sendable, Codable, Equatable {
    /// Bytes of the data.
    public let bytes: Double
    public let bytesPerSecond: Double

    public init(bytes: Double, bytesPerSecond: Double) {
      self.bytes = bytes
      self.bytesPerSecond = bytesPerSecond
    }
  }

  /// Floating-point operations per second, in float32: of a large matrix product, or of a convolution if that is faster.
  public let flopsPerSecond: Double
  /// Bytes per second between memory and processor, of data too large for the caches.
  public let bytesPerSecond: Double
  /// Bytes per second where data is small enough to stay in a cache, the smallest first.
  public let caches: [Bandwidth]

  public init(flopsPerSecond: Double, bytesPerSecond: Double, caches: [Bandwidth] = []) {
    self.flopsPerSecond = flopsPerSecond
    self.bytesPerSecond = bytesPerSecond
    self.caches = caches.sorted { $0.bytes < $1.bytes }
  }

  /// Bytes per second that data of this size can reach: as measured with data not larger, so that it is a bound.
  public func bytesPerSecond(forBytes bytes: Double) -> Double {
    if let largest = caches.last, bytes > 2 * largest.bytes { return bytesPerSecond }
    let smaller = caches.last { $0.bytes <= bytes } ?? caches.first
    return max(bytesPerSecond, smaller?.bytesPerSecond ?? 0)
  }

  /// Measures all with all threads; takes about a second and 200 MB.
  /// - Parameter rounds: the best of so many runs counts.
  /// - Throws: ``ComputeError`` if oneDNN refuses an operation.
  public static func measured(rounds: Int = 8) throws -> MachineLimits {
    let products = try [1024, 2048].map { try matrixProduct(side: $0, rounds: rounds) }
    var caches: [Bandwidth] = []
    for megabytes in [0.25, 1, 4, 16] {
      let bytes = megabytes * 1_048_576
      caches.append(Bandwidth(bytes: bytes, bytesPerSecond: try bandwidth(bytes: bytes, rounds: 4 * rounds)))
    }
    return MachineLimits(
      flopsPerSecond: max(products.max() ?? 0, try convolution(rounds: rounds)),
      bytesPerSecond: try bandwidth(bytes: 192 * 1_048_576, rounds: rounds), caches: caches)
  }

  private static func matrixProduct(side: Int, rounds: Int) throws -> Double {
    let weight = Tensor([side, side], filledWith: 0.5, layout: .rowMajor)
    let product = MatrixKernels(weight: weight, bias: nil)
    let input = Tensor([side, side], filledWith: 0.25)
    let cube = Double(side) * Double(side) * Double(side)
    return 2 * cube / (try shortest(rounds) { _ = try product.forward(input) })
  }

  /// Of 256 channels on 28×28, which stays in the caches.
  private static func convolution(rounds: Int) throws -> Double {
    let (channels, side) = (256, 28)
    let weight = Tensor([channels, channels, 3, 3], filledWith: 0.5, layout: .rowMajor)
    let kernels = ConvolutionKernels(geometry: .init(rank: 2), weight: weight, bias: nil)
    let input = Tensor([1, channels, side + 2, side + 2], filledWith: 0.25)
    let products = Double(channels * channels * 9 * side * side)
    return 2 * products / (try shortest(rounds) { _ = try kernels.forward(input, to: [1, channels, side, side]) })
  }

  /// The faster of reading alone (a matrix times a vector) and of `a ← a + b/2`, which writes a third of it.
  private static func bandwidth(bytes: Double, rounds: Int) throws -> Double {
    let columns = 4096
    let rows = max(1, Int(bytes) / 4 / columns)
    let product = MatrixKernels(
      weight: Tensor([rows, columns], filledWith: 0.5, layout: .rowMajor), bias: nil)
    let vector = Tensor([1, columns], filledWith: 0.25)
    let reading = 4 * Double(rows * columns) / (try shortest(rounds) { _ = try product.forward(vector) })
    var target = Tensor([1, rows * columns / 2], filledWith: 1)
    let source = Tensor([1, rows * columns / 2], filledWith: 2)
    let half = Sum(factor: 0.5)
    let updating = 3 * 4 * Double(target.count) / shortest(rounds) { target.update(with: source, half) }
    return max(reading, updating)
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
