import LRP
import NeuralNetwork
import Synchronization
import Tensors
import Testing

/// A network of one layer that hands on its input and remembers it.
final class InputLog: Layer {
  private let log = Mutex<[Tensor]>([])
  var inputs: [Tensor] { log.withLock { $0 } }
  var kind: LayerKind { .identity }
  var summary: String { "Log" }
  var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(nil), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: true)
  }
  func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  var tensors: [Tensor] { [] }
  var secondOrder: SecondOrder { .affine(Identity()) }
  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  func forward(_ inputs: [Tensor]) -> Tensor {
    log.withLock { $0.append(inputs[0]) }
    return inputs[0]
  }

  func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) -> [Tensor] { [seed] }
}

struct SmoothGradTests {
  @Test(
    "noise has the level's share of each sample's range; the identity's gradient is one",
    arguments: [0.0, 0.1, 0.3, 0.5], OutputRelevanceTests.shapes)
  func distribution(level: Double, shape: [Int]) throws {
    let log = InputLog()
    let input = Tensor.standardNormal(Shape([4] + shape), seed: 3)
    let iterations = 100
    let smooth = SmoothGrad(
      try Gradient(TestNetworks.single(log)), noiseLevel: level, iterations: iterations, seed: 4)
    let result = try smooth.attribute(input, .function { $0.map { _ in 1 } })
    #expect(log.inputs.count == iterations)
    #expect(result.relevance.deviation(from: Tensor(input.shape, filledWith: 1)) < 1e-6)
    for sample in 0..<4 {
      let own = input.sample(sample)
      let range = Double(own.maximum() - own.minimum())
      let noise = log.inputs.dropLast().map { ($0.sample(sample) - own).rowMajorElements() }
      let variance = noise.joined().reduce(0.0) { $0 + Double($1) * Double($1) } / Double(noise.count * own.count)
      if level == 0 {
        #expect(variance < 1e-9)
      } else {
        #expect((0.667..<1.5).contains(variance.squareRoot() / (level * range)))
      }
    }
    #expect(log.inputs.last?.isIdentical(to: input) == true)
  }
}
