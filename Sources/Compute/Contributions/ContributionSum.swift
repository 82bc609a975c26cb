import Tensors

/// Single outputs of a convolution, added up contribution by contribution: `Σ p·(xw)⁺ + n·(xw)⁻`, and the bias likewise.
package struct ContributionSum: Sendable {
  private let positive, negative: Double
  private let input: Tensor
  /// `(O, I/groups, kernel…)`, plain.
  private let weight: Tensor
  private let bias: Tensor?
  private let groups: Int
  private let axes: (Axis, Axis, Axis)
  private let outputs: Int

  /// One of the three spatial axes; missing ones have extent 1.
  private struct Axis: Sendable {
    var near = 1
    var far = 1
    var kernel = 1
    var stride = 1
    var dilation = 1
    var padding = 0
  }

  /// - Parameters:
  ///   - input: `(N, I, …)`.
  ///   - weight: `(O, I/groups, kernel…)`, not transposed.
  ///   - bias: `(O)`.
  ///   - output: `(N, O, …)`.
  package init(
    positive: Float, negative: Float, input: Tensor, weight: Tensor, bias: Tensor?, geometry: ConvolutionGeometry,
    output: Shape
  ) {
    let kernel = weight.shape
    let given = (0..<geometry.rank).map { axis in
      Axis(
        near: input.shape[axis + 2], far: output[axis + 2], kernel: kernel[axis + 2], stride: geometry.strides[axis],
        dilation: geometry.dilations[axis], padding: geometry.paddingBegin[axis])
    }
    let all = [Axis](repeating: Axis(), count: 3 - geometry.rank) + given
    axes = (all[0], all[1], all[2])
    (self.positive, self.negative) = (Double(positive), Double(negative))
    self.input = input.converted(to: .channelsLast)
    self.weight = weight.converted(to: .rowMajor)
    self.bias = bias
    groups = geometry.groups
    outputs = kernel[0]
  }

  /// - Parameter position: index of sample and place, as channels-last outputs lie in memory.
  func sum(position: Int, channel: Int) -> Float {
    let (x, w) = (input.unsafeAddress, weight.unsafeAddress)
    let (a, b, c) = axes
    let channels = input.shape.channels
    let reads = channels / groups
    let first = channel / (outputs / groups) * reads
    let size = a.kernel * b.kernel * c.kernel
    let (rest, farC) = position.quotientAndRemainder(dividingBy: c.far)
    let (rest2, farB) = rest.quotientAndRemainder(dividingBy: b.far)
    let (sample, farA) = rest2.quotientAndRemainder(dividingBy: a.far)
    var (positive, negative) = (0.0, 0.0)
    for i in 0..<a.kernel {
      let nearA = farA * a.stride + i * a.dilation - a.padding
      guard nearA >= 0, nearA < a.near else { continue }
      for j in 0..<b.kernel {
        let nearB = farB * b.stride + j * b.dilation - b.padding
        guard nearB >= 0, nearB < b.near else { continue }
        for k in 0..<c.kernel {
          let nearC = farC * c.stride + k * c.dilation - c.padding
          guard nearC >= 0, nearC < c.near else { continue }
          let row = x + (((sample * a.near + nearA) * b.near + nearB) * c.near + nearC) * channels + first
          let taps = w + channel * reads * size + (i * b.kernel + j) * c.kernel + k
          for read in 0..<reads {
            let contribution = Double(row[read]) * Double(taps[read &* size])
            if contribution > 0 { positive += contribution } else { negative += contribution }
          }
        }
      }
    }
    let added = bias.map { Double($0.unsafeAddress[channel]) } ?? 0
    if added > 0 { positive += added } else { negative += added }
    withExtendedLifetime((input, weight, bias)) {}
    return Float(self.positive * positive + self.negative * negative)
  }
}
