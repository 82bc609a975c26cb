import Compute
import Foundation
import NumericTesting
import Tensors
import Testing

struct ActivationCase: Sendable, CustomTestStringConvertible {
  var activation: Activation
  var value: @Sendable (Double) -> Double
  var testDescription: String { "\(activation)" }

  init(_ activation: Activation, _ value: @escaping @Sendable (Double) -> Double) {
    self.activation = activation
    self.value = value
  }

  static let all: [ActivationCase] = [
    .init(.relu) { max($0, 0) },
    .init(.relu6) { min(max($0, 0), 6) },
    .init(.leakyReLU(slope: 0.125)) { $0 > 0 ? $0 : 0.125 * $0 },
    .init(.rrelu(lower: 0.125, upper: 0.375)) { $0 > 0 ? $0 : 0.25 * $0 },
    .init(.prelu(slopes: [0.25])) { $0 > 0 ? $0 : 0.25 * $0 },
    .init(.elu(alpha: 1.5)) { $0 > 0 ? $0 : 1.5 * (exp($0) - 1) },
    .init(.celu(alpha: 1.5)) { $0 > 0 ? $0 : 1.5 * (exp($0 / 1.5) - 1) },
    .init(.selu) { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * (exp($0) - 1)) },
    .init(.gelu()) { $0 * 0.5 * (1 + erf($0 / 2.0.squareRoot())) },
    .init(.gelu(tanh: true)) {
      $0 * 0.5 * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
    },
    .init(.sigmoid) { 1 / (1 + exp(-$0)) },
    .init(.logSigmoid) { -log(1 + exp(-$0)) },
    .init(.silu) { $0 / (1 + exp(-$0)) },
    .init(.mish) { $0 * Foundation.tanh(log(1 + exp($0))) },
    .init(.softplus(beta: 2, threshold: 20)) { log(1 + exp(2 * $0)) / 2 },
    .init(.softsign) { $0 / (1 + abs($0)) },
    .init(.tanh) { Foundation.tanh($0) },
    .init(.tanhshrink) { $0 - Foundation.tanh($0) },
    .init(.hardtanh(minimum: -2, maximum: 1)) { min(max($0, -2), 1) },
    .init(.hardsigmoid) { min(max($0 + 3, 0), 6) / 6 },
    .init(.hardswish) { $0 * min(max($0 + 3, 0), 6) / 6 },
    .init(.hardshrink(lambda: 0.75)) { abs($0) > 0.75 ? $0 : 0 },
    .init(.softshrink(lambda: 0.75)) { $0 > 0.75 ? $0 - 0.75 : ($0 < -0.75 ? $0 + 0.75 : 0) },
    .init(.threshold(threshold: 0.5, value: 2)) { $0 > 0.5 ? $0 : 2 },
  ]
}

@Suite struct ActivationTests {
  @Test(arguments: ActivationCase.all) func valuesAndSlopes(_ example: ActivationCase) throws {
    var draw = Draw(31)
    let input = draw.tensor([2, 3, 17, 5]).map { $0 * 9 }
    let seed = draw.tensor(input.shape)
    let expected = input.doubles.map(example.value)
    let step = 1e-6
    let gradient = zip(input.doubles, seed.doubles).map { x, s in
      s * (example.value(x + step) - example.value(x - step)) / (2 * step)
    }
    #expect(relativeError(try example.activation.forward(input), expected) < 1e-6)
    #expect(relativeError(try example.activation.vjp(seed, input: input), gradient) < 2e-6)
    let other = try example.activation.vjp(seed.converted(to: .rowMajor), input: input)
    #expect(relativeError(other, gradient) < 2e-6)
  }

  @Test(arguments: ActivationCase.all) func keepsNaN(_ example: ActivationCase) throws {
    let output = try example.activation.forward(Tensor([3], rowMajor: [1, .nan, -1])).rowMajorElements()
    #expect(!output[0].isNaN && output[1].isNaN && !output[2].isNaN)
  }

  /// Slopes where the curve has a kink (or a step), as torch's autograd has them.
  static let kinks: [(Activation, [Float], [Float])] = [
    (.relu, [0], [0]),
    (.relu6, [0, 6], [0, 0]),
    (.hardtanh(), [-1, 1], [0, 0]),
    (.leakyReLU(slope: 0.5), [0], [0.5]),
    (.hardsigmoid, [-3, 3], [0, 0]),
    (.hardswish, [-3, 3], [0, 1]),
    (.hardshrink(lambda: 0.5), [-0.5, 0.5], [0, 0]),
    (.softshrink(lambda: 0.5), [-0.5, 0.5], [0, 0]),
    (.threshold(threshold: 0, value: 5), [0], [0]),
    (.elu(), [0], [1]),
  ]

  @Test(arguments: kinks) func slopesAtKinks(_ activation: Activation, _ at: [Float], _ slopes: [Float]) throws {
    let points = Tensor([at.count], rowMajor: at)
    let found = try activation.vjp(Tensor([at.count], filledWith: 1), input: points)
    #expect(found.rowMajorElements() == slopes)
  }

  @Test func preluPerChannel() throws {
    let input = Tensor([1, 2, 3], rowMajor: [-1, 2, .nan, -3, 4, -5])
    let layer = Activation.prelu(slopes: [0.5, 0.25])
    let output = try layer.forward(input).rowMajorElements()
    #expect(output[..<2] == [-0.5, 2] && output[2].isNaN && output[3...] == [-0.75, 4, -1.25])
    let gradient = try layer.vjp(Tensor([1, 2, 3], filledWith: 8), input: input).rowMajorElements()
    #expect(gradient[..<2] == [4, 8] && gradient[3...] == [2, 8, 2])
    #expect(throws: ComputeError.self) { try layer.forward(.zeros([1, 3, 3])) }
    #expect(throws: ComputeError.self) { try Activation.prelu(slopes: []).forward(.zeros([1, 3, 3])) }
  }

  @Test func largeArgumentsStayFinite() throws {
    let input = Tensor([4], rowMajor: [-200, -90, 90, 200])
    for activation in [
      Activation.sigmoid, .silu, .mish, .logSigmoid, .softplus(), .gelu(), .gelu(tanh: true), .elu(), .tanh,
    ] {
      let values = try activation.forward(input).rowMajorElements()
      #expect(values.filter(\.isFinite).count == 4, "\(activation): \(values)")
      let slopes = try activation.vjp(Tensor([4], filledWith: 1), input: input).rowMajorElements()
      #expect(slopes.filter(\.isFinite).count == 4, "\(activation): \(slopes)")
    }
  }

  @Test func reportsWrongSeed() {
    #expect(throws: ComputeError.self) { try Activation.relu.vjp(.zeros([2, 3]), input: .zeros([3, 2])) }
  }
}
