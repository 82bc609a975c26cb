import LRP
import NeuralNetwork
import Testing

struct NormTests {
  /// (1, 4) + (3, −2) = (4, 2), so s = (8 / 4, 3 / 2) = (2, 1.5).
  @Test func sumByHand() throws {
    let found = try ByHand.relevance(
      Norm(stabilizer: 0), Sum(), inputs: [1, 4], [3, -2], relevance: [8, 3])
    ByHand.expect(found, [[1 * 2, 4 * 1.5], [3 * 2, -2 * 1.5]])
  }
}
