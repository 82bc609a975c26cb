import LRP
import NeuralNetwork
import Testing

struct WSquareTests {
  /// w² + b² = (9 + 1 + 0.25, 4 + 16 + 1) = (10.25, 21), so s = (1, 1), whatever the input.
  @Test(arguments: [[1, 2], [-5, 0] as [Float]]) func byHand(_ input: [Float]) throws {
    let found = try ByHand.relevance(
      WSquare(stabilizer: 0), ByHand.layer(), inputs: input, relevance: [10.25, 21])
    ByHand.expect(found, [[9 + 4, 1 + 16]])
  }
}
