import Tensors

/// Normalisation over the last axes, or over the channels at each position: `γ (x − mean) / √(variance + eps) + β` with
/// mean and variance of each sample's own (Ba, Kiros and Hinton, arXiv:1607.06450).
public struct LayerNorm: Layer {
  public var kind: LayerKind { .layerNorm }
  public var summary: String { "LayerNorm " + Extents.text(weight.shape.dimensions) }
  /// γ; its shape is that of the axes.
  public let weight: Tensor
  public let bias: Tensor?
  public let epsilon: Float
  /// Whether the channels of each position, not the last axes, are normalised together.
  public let isOverChannels: Bool

  /// - Throws: ``LayerError`` if γ and β differ in shape or are empty, or are no vectors `(C)` over channels.
  public init(weight: Tensor, bias: Tensor?, epsilon: Float = 1e-5, overChannels: Bool = false) throws {
    guard weight.count > 0, weight.shape.rank > 0, bias?.shape ?? weight.shape == weight.shape,
      !overChannels || weight.shape.rank == 1
    else {
      throw LayerError("a weight of shape \(weight.shape) found, the bias's shape and some elements expected")
    }
    self.weight = weight.converted(to: .rowMajor)
    self.bias = bias?.converted(to: .rowMajor)
    self.epsilon = epsilon
    isOverChannels = overChannels
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    if isOverChannels {
      guard shape.rank >= 2, shape.channels == weight.count else {
        throw LayerError("an input of shape \(shape) found, (N, \(weight.count), …) expected")
      }
      return shape
    }
    guard shape.rank > weight.shape.rank,
      shape.dimensions.suffix(weight.shape.rank).elementsEqual(weight.shape.dimensions)
    else {
      throw LayerError("an input of shape \(shape) found, last axes of \(weight.shape) expected")
    }
    return shape
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let (gain, offset) = (weight.rowMajorElements(), bias?.rowMajorElements())
    return try perRow(inputs.only(), nil) { x, _, mean, scale, result in
      for index in x.indices { result[index] = gain[index] * (x[index] - mean) * scale + (offset?[index] ?? 0) }
    }
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let gain = weight.rowMajorElements()
    let result = try perRow(inputs.only(), seed) { x, seed, mean, scale, result in
      // With n = (x − mean) scale and g = γ seed: scale (g − mean(g) − n mean(g n)).
      var (sum, product): (Float, Float) = (0, 0)
      for index in x.indices {
        let g = gain[index] * seed[index]
        sum += g
        product += g * (x[index] - mean) * scale
      }
      (sum, product) = (sum / Float(x.count), product / Float(x.count))
      for index in x.indices {
        result[index] = scale * (gain[index] * seed[index] - sum - (x[index] - mean) * scale * product)
      }
    }
    return [result]
  }

  private typealias Row = UnsafeBufferPointer<Float>

  /// Runs `body` on the elements that are normalised together, with their mean and the inverse of their deviation.
  private func perRow(
    _ x: Tensor, _ seed: Tensor?, _ body: (Row, Row, Float, Float, UnsafeMutableBufferPointer<Float>) -> Void
  ) throws -> Tensor {
    // Either way the elements that belong together are neighbours in memory.
    let layout: Tensor.Layout = isOverChannels ? .channelsLast : .rowMajor
    let x = x.converted(to: layout)
    let seed = seed?.converted(to: layout) ?? x
    var result = Tensor(uninitialized: x.shape, layout: layout)
    result.withUnsafeMutableBufferPointer { target in
      x.withUnsafeBufferPointer { x in
        seed.withUnsafeBufferPointer { seed in
          for start in stride(from: 0, to: x.count, by: weight.count) {
            let range = start..<start + weight.count
            let row = Row(rebasing: x[range])
            let mean = row.reduce(0, +) / Float(row.count)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(row.count)
            let scale = 1 / (variance + epsilon).squareRoot()
            body(row, Row(rebasing: seed[range]), mean, scale, UnsafeMutableBufferPointer(rebasing: target[range]))
          }
        }
      }
    }
    return result.converted(to: .channelsLast)
  }
}
