import Compute
import Tensors
import Testing

struct ActivationCurvatureTests {
  @Test(
    "second derivatives are the slopes of the first",
    arguments: [
      .elu(alpha: 1.5), .celu(alpha: 0.7), .selu, .gelu(), .gelu(tanh: true), .sigmoid, .silu, .mish,
      .softplus(beta: 2),
      .softsign, .tanh, .tanhshrink, .logSigmoid, .hardswish, .relu, .leakyReLU(), .hardtanh(), .relu6,
    ] as [Activation])
  func curvature(activation: Activation) throws {
    let points = stride(from: Float(-4.05), to: 4, by: 0.1).map { $0 }
    let input = Tensor([points.count], rowMajor: points)
    let ones = Tensor(input.shape, filledWith: 1)
    let step: Float = 1e-3
    let above = try activation.vjp(ones, input: input.map { $0 + step })
    let below = try activation.vjp(ones, input: input.map { $0 - step })
    let expected = (above - below) * (1 / (2 * step))
    for (found, expected) in zip(activation.curvature(input).rowMajorElements(), expected.rowMajorElements()) {
      #expect(abs(found - expected) < 2e-3)
    }
    #expect(
      activation.isPiecewiseLinear
        == (activation.curvature(input).maximum() == 0 && activation.curvature(input).minimum() == 0))
  }

  @Test("tangents of max pools are the adjoints of their gradients")
  func maximum() throws {
    let elements = (0..<2 * 3 * 7 * 6).map { Float(SplitMix64.value(seed: 1, at: UInt64($0)) % 5) }
    let input = Tensor([2, 3, 7, 6], rowMajor: elements)
    func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
      Tensor(shape, rowMajor: (0..<shape.count).map { Float(SplitMix64.uniform(seed: seed, at: UInt64($0))) })
    }
    let tangent = random(input.shape, 2)
    let pool = MaxPooling(PoolingGeometry(kernel: [3, 2], strides: [2, 1], paddingBegin: [1, 1]))
    let forward = try pool.jvp(tangent, input: input)
    let seed = random(forward.shape, 3)
    #expect(try abs((forward * seed).sum() - (pool.vjp(seed, input: input) * tangent).sum()) < 1e-4)
    let adaptive = AdaptiveMaxPooling(AdaptiveExtents([3, 4]))
    let other = try adaptive.jvp(tangent, input: input)
    let otherSeed = random(other.shape, 4)
    #expect(try abs((other * otherSeed).sum() - (adaptive.vjp(otherSeed, input: input) * tangent).sum()) < 1e-4)
    #expect(throws: ComputeError.self) { _ = try pool.jvp(seed, input: input) }
  }
}
