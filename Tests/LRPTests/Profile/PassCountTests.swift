import LRP
import NeuralNetwork
import Tensors
import Testing

/// How many passes each rule needs once those that are exactly zero are left out.
@Suite struct PassCountTests {
  private static func count(
    _ rule: (any Rule)?, input: Float = 1, output: [Float] = [1, 1], relevance: Float = 1, biased: Bool = true
  ) throws -> PassCount {
    let layer = try FullyConnected(
      weight: Tensor([2, 3], filledWith: 1, layout: .rowMajor), bias: biased ? Tensor([2], filledWith: 0.5) : nil)
    return PassCount(
      of: rule, layer: layer, inputs: [Tensor([1, 3], filledWith: input)], output: Tensor([1, 2], rowMajor: output),
      relevance: Tensor([1, 2], filledWith: relevance))
  }

  @Test func withoutARuleOneGradient() throws {
    #expect(try Self.count(nil) == PassCount(forward: 0, backward: 1))
  }

  @Test func theOutputIsEpsilonsDenominator() throws {
    #expect(try Self.count(Epsilon()) == PassCount(forward: 0, backward: 1))
    #expect(try Self.count(Epsilon(zeroParams: [.bias])) == PassCount(forward: 1, backward: 1))
    #expect(try Self.count(Epsilon(zeroParams: [.bias]), biased: false) == PassCount(forward: 0, backward: 1))
  }

  @Test func afterAReLUHalfOfThePassesAreZero() throws {
    #expect(try Self.count(ZPlus()) == PassCount(forward: 1, backward: 1))
    #expect(try Self.count(AlphaBeta()) == PassCount(forward: 2, backward: 2))
    // A negative input leaves the positive term its bias: it still counts in the denominator.
    #expect(try Self.count(ZPlus(), input: -1) == PassCount(forward: 2, backward: 1))
    #expect(try Self.count(ZPlus(), input: -1, biased: false) == PassCount(forward: 1, backward: 1))
  }

  @Test func gammaRunsOnlyTheBranchesThatRelevanceReaches() throws {
    #expect(try Self.count(Gamma()) == PassCount(forward: 1, backward: 1))
    // The negative branch's denominator follows from the positive one's.
    #expect(try Self.count(Gamma(), output: [1, -1]) == PassCount(forward: 1, backward: 2))
    #expect(try Self.count(Gamma(), output: [1, -1], relevance: 0) == PassCount(forward: 0, backward: 0))
  }

  @Test func convolutionsNeedOneSumForAllDenominators() throws {
    func count(_ rule: any Rule, _ input: [Float]) throws -> PassCount {
      let layer = try TestNetworks.convolution(3, 2, kernel: 1, padding: 0, seed: 2)
      let input = Tensor([1, 3, 1, 1], rowMajor: input)
      return PassCount(
        of: rule, layer: layer, inputs: [input], output: Tensor([1, 2, 1, 1], rowMajor: [1, -1]),
        relevance: Tensor([1, 2, 1, 1], filledWith: 1))
    }
    #expect(try count(ZPlus(), [1, 2, 3]) == PassCount(forward: 1, backward: 1))
    #expect(try count(ZPlus(), [1, -2, 3]) == PassCount(forward: 1, backward: 2))
    #expect(try count(AlphaBeta(), [1, 2, 3]) == PassCount(forward: 1, backward: 2))
    #expect(try count(AlphaBeta(), [1, -2, 3]) == PassCount(forward: 1, backward: 4))
    #expect(try count(Gamma(), [1, -2, 3]) == PassCount(forward: 1, backward: 4))
    #expect(try count(ZPlus(zeroParams: [.bias]), [1, -2, 3]) == PassCount(forward: 2, backward: 2))
    // Bounds contribute the same to every sample, and to both terms at once.
    #expect(try count(ZBox(low: -1, high: 1), [1, -2, 3]) == PassCount(forward: 1, backward: 2))
  }

  @Test func theBoxHasThreeTerms() throws {
    let box = ZBox(low: .scalar(-1), high: .scalar(1))
    #expect(try Self.count(box) == PassCount(forward: 3, backward: 3))
    #expect(try Self.count(Pass()) == PassCount(forward: 0, backward: 0))
  }
}
