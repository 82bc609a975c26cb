import LRP
import NeuralNetwork
import Testing

struct EpsilonTests {
  /// z = (1.5, 5), so s = (3 / 2, 11 / 5.5) = (1.5, 2).
  @Test func byHand() throws {
    let found = try ByHand.relevance(
      Epsilon(epsilon: 0.5), ByHand.layer(), inputs: [1, 2], relevance: [3, 11])
    ByHand.expect(found, [[1 * (3 * 1.5 - 2 * 2), 2 * (-1 * 1.5 + 4 * 2)]])
    ByHand.expect(found, [[0.5, 13]])
  }

  /// Without biases z = (1, 6): nothing but ε takes from the sum.
  @Test func withoutBiasByHand() throws {
    let found = try ByHand.relevance(
      Epsilon(epsilon: 0, zeroParams: [.bias]), ByHand.layer(), inputs: [1, 2], relevance: [3, 6])
    ByHand.expect(found, [[3 * 3 - 2 * 1, 2 * (-1 * 3 + 4 * 1)]])
    #expect(found[0].reduce(0, +) == 9)
  }
}
