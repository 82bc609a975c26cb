import Tensors

/// Long sums in parts, for their accuracy.
///
/// oneDNN's fastest kernels add up all terms of an output one after the other, so that the rounding error grows with
/// the square root of their number: 8e-7 of the result for 512 channels under a 3×3 window, where kernels that work on
/// blocks of channels come to 2e-7. Relevance divides by such sums and asks for their signs. So a convolution with
/// more than ``longest(positions:)`` terms runs as a grouped one, each group with a run of the input channels and all
/// outputs, and the groups' results are added up.
enum PartialSums {
  /// The most terms that are summed in one go.
  ///
  /// 64 channels under a 3×3 window cost an eighth more time and leave 3e-7. Small pictures, for which the kernels
  /// spend their time on reading parameters, get 16 channels, which leave 1.5e-7.
  private static func longest(positions: Int) -> Int { positions <= 64 ? 144 : 576 }

  /// Into how many runs of channels a forward convolution is cut: a power of two that leaves multiples of 16.
  static func parts(_ geometry: ConvolutionGeometry, weight: Shape, output: Shape) -> Int {
    guard geometry.groups == 1, !geometry.isTransposed else { return 1 }
    let longest = longest(positions: output.spatialCount)
    var parts = 1
    while weight.sampleCount / parts > longest, weight[1] % (parts * 32) == 0 { parts *= 2 }
    return parts
  }

  /// `(N, parts · C, …)` for `(N, C, …)`.
  static func shape(_ shape: Shape, parts: Int) -> Shape {
    guard parts > 1 else { return shape }
    var extents = shape.dimensions
    extents[1] *= parts
    return Shape(extents)
  }

  /// Adds up the parts' results, and the bias.
  /// - Parameter results: `(N, parts · C, …)`, channels-last.
  /// - Returns: `(N, C, …)`.
  static func total(of results: Tensor, parts: Int, plus bias: Tensor?) -> Tensor {
    var extents = results.shape.dimensions
    extents[1] /= parts
    let channels = extents[1]
    var total = Tensor(uninitialized: Shape(extents))
    let source = UncheckedPointer(results.unsafeAddress)
    let addend = bias.map { UncheckedPointer($0.unsafeAddress) }
    total.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, channels > 0 else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(buffer.count / channels, grain: max(1, Parallelism.fineGrain / (channels * parts))) { range in
        for position in range {
          let from = source.pointer + position &* channels &* parts
          let row = target.pointer + position &* channels
          let second = from + channels
          for c in 0..<channels { row[c] = from[c] + second[c] }
          for part in 2..<max(2, parts) {
            let from = from + part &* channels
            for c in 0..<channels { row[c] += from[c] }
          }
          if let addend = addend?.pointer {
            for c in 0..<channels { row[c] += addend[c] }
          }
        }
      }
    }
    withExtendedLifetime((results, bias)) {}
    return total
  }
}
