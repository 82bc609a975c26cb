import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  var name: String
  var input: Shape
  var weight: Shape
  var geometry: ConvolutionGeometry
  var testDescription: String { name }

  init(_ name: String, _ input: Shape, _ weight: Shape, _ geometry: ConvolutionGeometry) {
    (self.name, self.input, self.weight, self.geometry) = (name, input, weight, geometry)
  }

  /// Every kind of convolution.
  static let all: [ConvolutionCase] = [
    .init("3x3, 3 channels", [1, 3, 13, 11], [8, 3, 3, 3], .init(rank: 2, padding: 1)),
    .init("3x3, batch 3", [3, 17, 9, 7], [33, 17, 3, 3], .init(rank: 2, padding: 1)),
    .init("1x1", [3, 16, 5, 7], [24, 16, 1, 1], .init(rank: 2)),
    .init("1x1, stride 2", [1, 16, 7, 8], [24, 16, 1, 1], .init(rank: 2, stride: 2)),
    .init("7x7, stride 2", [1, 3, 23, 21], [16, 3, 7, 7], .init(rank: 2, stride: 2, padding: 3)),
    .init("3x3, stride 2", [3, 16, 11, 12], [16, 16, 3, 3], .init(rank: 2, stride: 2, padding: 1)),
    .init("11x11, stride 4", [1, 3, 35, 35], [16, 3, 11, 11], .init(rank: 2, stride: 4, padding: 2)),
    .init("dilated", [1, 8, 15, 13], [8, 8, 3, 3], .init(rank: 2, dilation: 2, padding: 2)),
    .init("dilated, strided", [3, 8, 15, 13], [8, 8, 3, 3], .init(rank: 2, stride: 2, dilation: 3, padding: 1)),
    .init("padding beyond the kernel", [1, 8, 6, 5], [8, 8, 2, 2], .init(rank: 2, padding: 3)),
    .init(
      "uneven", [1, 5, 9, 10], [7, 5, 3, 2],
      .init(strides: [1, 1], dilations: [1, 2], paddingBegin: [0, 2], paddingEnd: [2, 1])),
    .init(
      "uneven, strided", [3, 5, 9, 10], [7, 5, 3, 2],
      .init(strides: [2, 1], dilations: [1, 2], paddingBegin: [0, 2], paddingEnd: [1, 0])),
    .init("picture, padding beyond the kernel", [3, 3, 6, 5], [8, 3, 2, 2], .init(rank: 2, padding: 3)),
    .init("picture, dilated", [1, 3, 15, 13], [8, 3, 3, 2], .init(rank: 2, stride: 2, dilation: 2, padding: 2)),
    .init("picture, rows left over", [3, 1, 12, 13], [9, 1, 3, 3], .init(rank: 2, stride: 3)),
    .init("many channels, summed in parts", [2, 128, 6, 5], [24, 128, 3, 3], .init(rank: 2, padding: 1)),
    .init("many channels, 1x1, strided", [1, 2048, 3, 4], [16, 2048, 1, 1], .init(rank: 2, stride: 2)),
    .init("many channels, 1d", [3, 96, 7], [5, 96, 9], .init(rank: 1, padding: 4)),
    .init("groups", [3, 12, 8, 9], [20, 3, 3, 3], .init(rank: 2, padding: 1, groups: 4)),
    .init("groups, strided", [1, 32, 8, 9], [32, 8, 3, 3], .init(rank: 2, stride: 2, padding: 1, groups: 4)),
    .init("depthwise", [3, 32, 9, 8], [32, 1, 3, 3], .init(rank: 2, padding: 1, groups: 32)),
    .init("depthwise, strided", [1, 32, 9, 8], [32, 1, 3, 3], .init(rank: 2, stride: 2, padding: 1, groups: 32)),
    .init(
      "depthwise 5x5, strided", [1, 19, 11, 12], [19, 1, 5, 5], .init(rank: 2, stride: 2, padding: 2, groups: 19)),
    .init("depthwise, two features each", [1, 6, 9, 8], [12, 1, 3, 3], .init(rank: 2, padding: 1, groups: 6)),
    .init("depthwise, dilated", [1, 16, 9, 8], [16, 1, 3, 3], .init(rank: 2, dilation: 2, padding: 2, groups: 16)),
    .init("1d", [3, 5, 17], [9, 5, 4], .init(rank: 1, padding: 2)),
    .init("1d, one channel", [3, 1, 17], [9, 1, 4], .init(rank: 1, stride: 2, padding: 2)),
    .init("1d, strided", [1, 16, 17], [8, 16, 5], .init(rank: 1, stride: 3, dilation: 2, padding: 1)),
    .init("1d, depthwise", [3, 16, 17], [16, 1, 5], .init(rank: 1, padding: 2, groups: 16)),
    .init("3d", [1, 3, 6, 7, 5], [8, 3, 3, 3, 3], .init(rank: 3, padding: 1)),
    .init("3d, strided, groups", [3, 8, 6, 7, 5], [8, 4, 3, 2, 3], .init(rank: 3, stride: 2, padding: 1, groups: 2)),
    .init("transposed", [1, 16, 7, 6], [16, 8, 3, 3], .init(rank: 2, padding: 1, isTransposed: true)),
    .init(
      "transposed, strided", [3, 6, 5, 4], [6, 7, 4, 4], .init(rank: 2, stride: 2, padding: 1, isTransposed: true)),
    .init(
      "transposed, output padding", [3, 8, 5, 4], [8, 3, 3, 3],
      .init(rank: 2, stride: 2, padding: 1, isTransposed: true, outputPadding: 1)),
    .init(
      "transposed, groups", [1, 8, 5, 4], [8, 3, 3, 3],
      .init(rank: 2, stride: 3, padding: 0, groups: 2, isTransposed: true, outputPadding: 2)),
    .init(
      "transposed, output padding up to the dilation", [1, 4, 5, 4], [4, 3, 3, 3],
      .init(rank: 2, stride: 1, dilation: 3, padding: 1, isTransposed: true, outputPadding: 2)),
    .init(
      "transposed, to a picture", [3, 16, 5, 4], [16, 3, 3, 3],
      .init(rank: 2, stride: 2, padding: 1, isTransposed: true, outputPadding: 1)),
    .init("transposed 1d", [3, 5, 9], [5, 4, 5], .init(rank: 1, stride: 2, dilation: 2, isTransposed: true)),
    .init(
      "transposed 3d", [1, 4, 3, 4, 2], [4, 5, 2, 3, 3],
      .init(rank: 3, stride: 2, padding: 1, isTransposed: true, outputPadding: 1)),
  ]

  /// Channels enough for the ways that leave out zeros.
  static let wide: [ConvolutionCase] = [
    .init("3x3", [1, 64, 9, 7], [64, 64, 3, 3], .init(rank: 2, padding: 1)),
    .init("3x3, batch 3, runs of channels left over", [3, 80, 5, 6], [144, 80, 3, 3], .init(rank: 2, padding: 1)),
    .init("3x3, without padding", [2, 64, 6, 9], [80, 64, 3, 3], .init(rank: 2)),
    .init("3x3, one row", [1, 64, 1, 9], [64, 64, 3, 3], .init(rank: 2, padding: 1)),
    .init("3x3, one column", [2, 64, 9, 1], [64, 64, 3, 3], .init(rank: 2, padding: 2)),
    .init(
      "3x3, uneven padding", [1, 96, 7, 8], [64, 96, 3, 3],
      .init(strides: [1, 1], dilations: [1, 1], paddingBegin: [0, 2], paddingEnd: [2, 1])),
    .init("1x1", [3, 72, 11, 10], [208, 72, 1, 1], .init(rank: 2)),
    .init("1x1, many positions", [1, 64, 40, 40], [128, 64, 1, 1], .init(rank: 2)),
    .init(
      "5x1", [1, 64, 8, 5], [64, 64, 5, 1],
      .init(strides: [1, 1], dilations: [1, 1], paddingBegin: [2, 0], paddingEnd: [1, 0])),
    .init("1d", [2, 64, 17], [112, 64, 3], .init(rank: 1, padding: 1)),
    .init("transposed", [1, 64, 7, 6], [64, 64, 3, 3], .init(rank: 2, padding: 1, isTransposed: true)),
  ]

  /// Calls `body(input, weight, output)` with the positions of every product that the layer sums up.
  func forEachTerm(_ output: Shape, _ body: (Int, Int, Int) -> Void) {
    let (near, far) = geometry.isTransposed ? (output, input) : (input, output)
    let perGroup = weight[0] / geometry.groups
    for sample in 0..<input.batch {
      for tap in indices(weight.dimensions) {
        let (o, i) = (tap[0], tap[0] / perGroup * weight[1] + tap[1])
        for window in indices(far.spatial) {
          let spatial = window.indices.map {
            window[$0] * geometry.strides[$0] - geometry.paddingBegin[$0] + tap[$0 + 2] * geometry.dilations[$0]
          }
          guard zip(spatial, near.spatial).allSatisfy({ $0 >= 0 && $0 < $1 }) else { continue }
          let nearIndex = position([sample, i] + spatial, in: near)
          let farIndex = position([sample, o] + window, in: far)
          let tapIndex = position(tap, in: weight)
          if geometry.isTransposed { body(farIndex, tapIndex, nearIndex) } else { body(nearIndex, tapIndex, farIndex) }
        }
      }
    }
  }

  /// What loops in double give for an input, parameters and what arrives at the output.
  struct Expected {
    /// Without the bias.
    var linear: [Double]
    var biased: [Double]
    /// The vector-Jacobian product.
    var gradient: [Double]
  }

  func expected(input: Tensor, weight: Tensor, bias: Tensor, seed: Tensor) -> Expected {
    let output = seed.shape
    let (x, w, s, b) = (input.doubles, weight.doubles, seed.doubles, bias.doubles)
    var linear = [Double](repeating: 0, count: output.count)
    var gradient = [Double](repeating: 0, count: input.count)
    forEachTerm(output) { i, k, o in
      linear[o] += w[k] * x[i]
      gradient[i] += w[k] * s[o]
    }
    let biased = linear.indices.map { linear[$0] + b[$0 / output.spatialCount % output.channels] }
    return Expected(linear: linear, biased: biased, gradient: gradient)
  }
}
