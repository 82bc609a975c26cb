import LRP
import NeuralNetwork
import Tensors
import Testing

/// zᴮ as one pass; here the same as three.
@Suite struct FusedConstantsTests {
  private static let low: [Float] = [-2.1, -2.0, -1.8]
  private static let high: [Float] = [2.2, 2.4, 2.6]

  @Test(arguments: [(3, 1, 1), (7, 2, 3), (3, 3, 0)], [true, false])
  func agreesWithThreePasses(_ window: (kernel: Int, stride: Int, padding: Int), biased: Bool) throws {
    let layer = try TestNetworks.convolution(
      3, 16, kernel: window.kernel, stride: window.stride, padding: window.padding, seed: 5, biased: biased)
    let input = Tensor.random([3, 3, 17, 15], seed: 8, scale: 2)
    func bound(_ values: [Float]) -> Tensor {
      Tensor(input.shape, rowMajor: (0..<input.count).map { values[$0 / (17 * 15) % 3] })
    }
    let (low, high) = (bound(Self.low), bound(Self.high))
    let up = layer.replacing(weight: layer.weight.positivePart, bias: layer.bias?.positivePart)
    let down = layer.replacing(weight: layer.weight.negativePart, bias: layer.bias?.negativePart)
    let output = try layer.forward([input])
    let z = try output - up.forward([low]) - down.forward([high])
    let seed = output.map(with: z) { $0 / ($1 + ($1 < 0 ? -1e-6 : 1e-6)) }
    func share(_ layer: Convolution, _ input: Tensor) throws -> Tensor {
      try layer.vjp(seed, inputs: [input], output: z)[0] * input
    }
    let expected = try share(layer, input) - share(up, low) - share(down, high)

    let bounds = (Self.low.map { Double($0) }, Self.high.map { Double($0) })
    let rule = ZBox(low: .perChannel(bounds.0), high: .perChannel(bounds.1))
    let composite = NameMapComposite(nameMap: [NameMapEntry(["layer"], rule)])
    let found = try Gradient(TestNetworks.single(layer), composite: composite).attribute(input, .output).relevance
    let largest = expected.rowMajorElements().map(abs).max() ?? 0
    #expect(largest > 0)
    for (a, b) in zip(found.rowMajorElements(), expected.rowMajorElements()) { #expect(abs(a - b) <= 2e-5 * largest) }
  }
}
