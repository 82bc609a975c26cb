import LRP
import NeuralNetwork
import Testing

struct ZBoxTests {
  /// Between −1 and 3: z = (1.5 − (−3 + 0.5) − (−3), 5 − (−4) − (−6 − 1)) = (7, 16), so s = (1, 1). The biases cancel.
  @Test func byHand() throws {
    let rule = ZBox(low: -1, high: 3, stabilizer: 0)
    let found = try ByHand.relevance(rule, ByHand.layer(), inputs: [1, 2], relevance: [7, 16])
    ByHand.expect(found, [[(1 * 3 + 1 * 3) + (1 * -2 - 3 * -2), (2 * -1 - 3 * -1) + (2 * 4 + 1 * 4)]])
    #expect(found[0].reduce(0, +) == 7 + 16)
  }
}
