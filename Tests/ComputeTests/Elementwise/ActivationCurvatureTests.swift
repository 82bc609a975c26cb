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
}
