import LRP
import NeuralNetwork
import Testing

struct AlphaBetaTests {
  /// P = (3.5, 8) and N = (−2, −3), so s⁺ = (2, 3) and s⁻ = (−3.5, −8).
  @Test func byHand() throws {
    let rule = try AlphaBeta(alpha: 2, beta: 1, stabilizer: 0)
    let found = try ByHand.relevance(rule, ByHand.layer(), inputs: [1, 2], relevance: [7, 24])
    ByHand.expect(found, [[2 * (3 * 2) - (-2 * -8), 2 * (8 * 3) - (-2 * -3.5)]])
    ByHand.expect(found, [[-4, 41]])
  }

  /// α = 1, β = 0 is z⁺.
  @Test func withoutInhibitionItIsZPlus() throws {
    let rule = try AlphaBeta(alpha: 1, beta: 0, stabilizer: 0)
    let found = try ByHand.relevance(rule, ByHand.layer(), inputs: [-1, 2], relevance: [7, 20])
    ByHand.expect(
      found, try ByHand.relevance(ZPlus(stabilizer: 0), ByHand.layer(), inputs: [-1, 2], relevance: [7, 20]))
  }
}
