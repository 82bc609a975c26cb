import LRP
import NeuralNetwork
import Testing

struct FlatTests {
  /// Each output spreads its relevance over its two inputs.
  @Test(arguments: [[1, 2], [-5, 0] as [Float]]) func byHand(_ input: [Float]) throws {
    let found = try ByHand.relevance(Flat(stabilizer: 0), ByHand.layer(), inputs: input, relevance: [3, 5])
    ByHand.expect(found, [[1.5 + 2.5, 1.5 + 2.5]])
  }
}
