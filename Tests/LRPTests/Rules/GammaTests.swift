import LRP
import NeuralNetwork
import Testing

struct GammaTests {
  /// γ = 1 doubles what is positive at positive outputs: z₊ = (2 · 3.5 − 2, 2 · 8 − 3) = (5, 13), so s = (1, 1).
  @Test func positiveOutputsByHand() throws {
    let rule = try Gamma(gamma: 1, stabilizer: 0)
    let found = try ByHand.relevance(rule, ByHand.layer(), inputs: [1, 2], relevance: [5, 13])
    ByHand.expect(found, [[2 * 3 - 2, -2 + 2 * 8]])
  }

  /// At (−1, 2) the first output is −3 − 2 + 0.5 < 0: what is negative counts twice, z₋ = 0.5 − 2 · 5 = −9.5, so s = −1.
  @Test func negativeOutputsByHand() throws {
    let rule = try Gamma(gamma: 1, stabilizer: 0)
    let found = try ByHand.relevance(rule, ByHand.layer(), inputs: [-1, 2], relevance: [9.5, 0])
    ByHand.expect(found, [[2 * -3 * -1, 2 * -2 * -1]])
  }

  @Test func zeroIsEpsilon() throws {
    let found = try ByHand.relevance(Gamma(gamma: 0), ByHand.layer(), inputs: [1, 2], relevance: [3, 10])
    ByHand.expect(found, try ByHand.relevance(Epsilon(), ByHand.layer(), inputs: [1, 2], relevance: [3, 10]))
  }
}
