import Tensors

/// Rows of consecutive elements, each brought to mean 0 and variance 1, then scaled and shifted: what layer norms and
/// group norms share.
struct RowNormalization {
  /// Elements that are normalised together.
  let length: Int
  /// γ and β of the elements, over and over; as many as a multiple of ``length``.
  let gain: [Float]
  let offset: [Float]?
  let epsilon: Float
  /// In which the elements that belong together are neighbours.
  var layout = Tensor.Layout.rowMajor

  /// Two passes for mean and variance, then four operations on each element.
  static func flops(output: Shape) -> Double { 8 * Double(output.count) }

  private typealias Row = UnsafeBufferPointer<Float>

  /// `γ (x − mean) / √(variance + eps) + β`
  func forward(_ x: Tensor) -> Tensor {
    perRow(x, nil) { x, _, start, mean, scale, result in
      for index in x.indices {
        result[index] = gain[start + index] * ((x[index] - mean) * scale) + (offset?[start + index] ?? 0)
      }
    }
  }

  func vjp(_ seed: Tensor, input: Tensor) -> Tensor {
    perRow(input, seed) { x, seed, start, mean, scale, result in
      // With n = (x − mean) scale and g = γ seed: scale (g − mean(g) − n mean(g n)).
      var (sum, product) = (0.0, 0.0)
      for index in x.indices {
        let g = Double(gain[start + index] * seed[index])
        sum += g
        product += g * Double((x[index] - mean) * scale)
      }
      let (gMean, gnMean) = (Float(sum / Double(length)), Float(product / Double(length)))
      for index in x.indices {
        result[index] = scale * (gain[start + index] * seed[index] - gMean - (x[index] - mean) * scale * gnMean)
      }
    }
  }

  /// Runs `body` on each row, with where its γ begins, its mean and the inverse of its deviation.
  private func perRow(
    _ x: Tensor, _ seed: Tensor?, _ body: (Row, Row, Int, Float, Float, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    let x = x.converted(to: layout)
    let seed = seed?.converted(to: layout) ?? x
    var result = Tensor(uninitialized: x.shape, layout: layout)
    result.withUnsafeMutableBufferPointer { target in
      x.withUnsafeBufferPointer { x in
        seed.withUnsafeBufferPointer { seed in
          for start in stride(from: 0, to: x.count, by: max(1, length)) {
            let range = start..<start + length
            let row = Row(rebasing: x[range])
            let mean = row.reduce(0.0) { $0 + Double($1) } / Double(length)
            let variance = row.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(length)
            let scale = 1 / (variance + Double(epsilon)).squareRoot()
            body(
              row, Row(rebasing: seed[range]), start % max(1, gain.count), Float(mean), Float(scale),
              UnsafeMutableBufferPointer(rebasing: target[range]))
          }
        }
      }
    }
    return result.converted(to: .channelsLast)
  }
}
