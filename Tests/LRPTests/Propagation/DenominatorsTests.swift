import Compute
import LRP
import NeuralNetwork
import Tensors
import Testing

/// Denominators that follow from the output and one other sum: as exact as those that are added up, also where next to
/// nothing is left.
@Suite struct DenominatorsTests {
  /// 64 inputs, all positive but for the last one, and 64 outputs, of which one has no positive contribution but the
  /// last input's, and another no negative one.
  private static func cancelling(kernel: Int) throws -> MatrixRuleTests.Setting {
    let (channels, size) = (64, kernel * kernel)
    var weight = Tensor.random([channels, channels, kernel, kernel], seed: 4, layout: .rowMajor)
    weight.withUnsafeMutableBufferPointer { w in
      for i in 0..<channels * size {
        w[5 * channels * size + i] = -abs(w[5 * channels * size + i])
        w[9 * channels * size + i] = abs(w[9 * channels * size + i])
      }
    }
    let layer = try Convolution(
      geometry: ConvolutionGeometry(rank: 2, padding: kernel / 2), weight: weight, bias: nil)
    return MatrixRuleTests.Setting(layer: layer, shape: [1, channels, 3, 2])
  }

  private static func input(_ shape: Shape) -> Tensor {
    var input = Tensor.random(shape, seed: 6).map { abs($0) + 0.1 }
    let channels = shape.channels
    input.withUnsafeMutableBufferPointer { x in
      for position in 0..<x.count / channels { x[(position + 1) * channels - 1] = -1e-4 }
    }
    return input
  }

  @Test(arguments: [1, 3], [true, false])
  func whatCancelsIsAddedUpAnew(_ kernel: Int, isKept: Bool) throws {
    let setting = try Self.cancelling(kernel: kernel)
    let input = Self.input(setting.shape)
    let output = try setting.layer.forward([input])
    let matrix = try MatrixRuleTests.Matrix(setting)
    let node = try #require(TestNetworks.single(setting.layer).nodes.last)
    // Relevance at those two outputs alone.
    var relevance = Tensor.zeros(output.shape)
    relevance.withUnsafeMutableBufferPointer { r in
      for position in 0..<r.count / 64 { (r[position * 64 + 5], r[position * 64 + 9]) = (1, 1) }
    }
    let rules: [any ShareRule] = [
      ZPlus(stabilizer: 1e-6), try AlphaBeta(alpha: 2, beta: 1), try AlphaBeta(alpha: 1, beta: 0),
      try Gamma(gamma: 0.25),
    ]
    for rule in rules {
      let context = RuleContext(
        index: 1, node: node, inputs: [input], output: output, cache: PropagationCache(keepsDenominators: isKept))
      let found = try #require(try rule.propagate(relevance, in: context).first).rowMajorElements()
      let expected = try #require(
        MatrixRuleTests.expected(
          rule, matrix, MatrixRuleTests.rows(input)[0], MatrixRuleTests.rows(relevance)[0]), "\(rule.name)")
      let scale = expected.map(abs).max() ?? 0
      #expect(scale > 0)
      for (a, b) in zip(found, expected) { #expect(abs(Double(a) - b) <= 1e-5 * scale, "\(rule.name)") }
    }
  }

  /// A second explanation of the same input finds what the first one kept; another group's relevance may have come first.
  @Test func doesNotDependOnWhatCameBefore() throws {
    let layer = try TestNetworks.convolution(24, 32, seed: 7)
    let node = try #require(TestNetworks.single(layer).nodes.last)
    for input in [Tensor.random([1, 24, 5, 5], seed: 1), Tensor.random([1, 24, 5, 5], seed: 1).map { abs($0) }] {
      let output = try layer.forward([input])
      func context(_ cache: PropagationCache) -> RuleContext {
        RuleContext(index: 1, node: node, inputs: [input], output: output, cache: cache)
      }
      let alone = try Gamma().propagate(output, in: context(PropagationCache()))
      for earlier in [output.negativePart, output.positivePart] {
        let used = PropagationCache()
        _ = try Gamma().propagate(earlier, in: context(used))
        let after = try Gamma().propagate(output, in: context(used))
        #expect(after[0].rowMajorElements() == alone[0].rowMajorElements())
      }
    }
  }

  /// Terms of one's own, the second of which has a bias, too.
  @Test func everyTermsBiasCounts() throws {
    struct Own: ShareRule {
      var stabilizer: Stabilizer { 1e-6 }
      var name: String { "Own" }
      var shares: [Share] {
        [Share(of: Term(.positive, ParameterModifier(.positive)), Term(.negative, ParameterModifier(.negative)))]
      }
    }
    let layer = try TestNetworks.convolution(24, 32, kernel: 1, padding: 0, seed: 7)
    let input = Tensor.random([1, 24, 2, 2], seed: 1)
    let up = layer.replacing(weight: layer.weight.positivePart, bias: layer.bias?.positivePart)
    let down = layer.replacing(weight: layer.weight.negativePart, bias: layer.bias?.negativePart)
    let z = try up.forward([input.positivePart]) + down.forward([input.negativePart])
    let relevance = Tensor(z.shape, filledWith: 1)
    let seed = relevance.map(with: z) { $0 / ($1 + ($1 < 0 ? -1e-6 : 1e-6)) }
    let expected =
      try up.vjp(seed, inputs: [input], output: z)[0] * input.positivePart
      + down.vjp(seed, inputs: [input], output: z)[0] * input.negativePart
    let node = try #require(TestNetworks.single(layer).nodes.last)
    let context = RuleContext(
      index: 1, node: node, inputs: [input], output: try layer.forward([input]), cache: PropagationCache())
    let found = try Own().propagate(relevance, in: context)[0]
    for (a, b) in zip(found.rowMajorElements(), expected.rowMajorElements()) {
      #expect(abs(a - b) <= 1e-5 * max(1, abs(b)))
    }
  }
}
