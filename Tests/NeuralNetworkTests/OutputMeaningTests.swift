import Compute
import NeuralNetwork
import Testing

struct OutputMeaningTests {
  /// A network that ends in these layers.
  private func network(_ layers: [any Layer], meaning: OutputMeaning? = nil) throws -> Network {
    var builder = NetworkBuilder(name: "net")
    for (index, layer) in layers.enumerated() { builder.add("layer\(index)", layer) }
    return try builder.build().declaring(meaning)
  }

  @Test("the end of the graph says what the output means, behind layers that change no numbers")
  func ends() throws {
    let ends: [(any Layer, OutputMeaning)] = [
      (Identity(), .logits), (ActivationLayer(.relu), .logits), (Softmax(), .probabilities),
      (Softmax(isLogarithmic: true), .logProbabilities), (ActivationLayer(.sigmoid), .binaryProbabilities),
      (ActivationLayer(.tanh), .scores),
    ]
    for (layer, meaning) in ends {
      #expect(try network([layer]).outputMeaning == meaning)
      #expect(try network([layer, Dropout(), Flatten(), Identity()]).outputMeaning == meaning)
      #expect(try network([layer, ActivationLayer(.relu)]).outputMeaning == .logits)
      #expect(try network([layer], meaning: .scores).outputMeaning == .scores, "what is declared goes first")
    }
  }

  @Test("what is declared outlives changes of the graph")
  func declared() throws {
    let network = try network([Identity(), Flatten()], meaning: .binaryLogits)
    #expect(try network.replacing([1: ActivationLayer(.relu)]).outputMeaning == .binaryLogits)
    #expect(try network.declaring(nil).outputMeaning == .logits)
  }

  @Test("probabilities, by hand")
  func probabilities() throws {
    func check(_ meaning: OutputMeaning, _ row: [Float], _ expected: [Double]?) {
      let found = meaning.probabilities(of: row)
      #expect((found == nil) == (expected == nil), "\(meaning)")
      for (a, b) in zip(found ?? [], expected ?? []) { #expect(abs(a - b) < 1e-6, "\(meaning) \(row)") }
    }
    check(.logits, [1, 2, 3], [0.09003057, 0.24472847, 0.66524096])
    check(.logits, [-2000, 0], [0, 1])
    check(.logits, [88, 88], [0.5, 0.5])
    check(.logits, [3], nil)
    check(.probabilities, [0.25, 0.75], [0.25, 0.75])
    check(.logProbabilities, [-0.28768207, -1.3862944], [0.75, 0.25])
    check(.binaryLogits, [0, 2, -2000], [0.5, 0.88079708, 0])
    check(.binaryProbabilities, [0.9, 0.9], [0.9, 0.9])
    check(.scores, [1, 2], nil)
  }

  @Test func everyMeaningHasOneBeforeItsActivation() {
    for meaning in OutputMeaning.allCases {
      #expect(meaning.beforeActivation.beforeActivation == meaning.beforeActivation)
    }
    #expect(OutputMeaning.probabilities.beforeActivation == .logits)
    #expect(OutputMeaning.binaryProbabilities.beforeActivation == .binaryLogits)
  }
}
