import LRP
import NeuralNetwork
import Testing

struct ZPlusTests {
  /// Positive contributions are 3 and the bias 0.5 at the first output, 8 at the second: s = (7 / 3.5, 16 / 8) = (2, 2).
  @Test func byHand() throws {
    let found = try ByHand.relevance(ZPlus(stabilizer: 0), ByHand.layer(), inputs: [1, 2], relevance: [7, 16])
    ByHand.expect(found, [[3 * 2, 8 * 2]])
  }

  /// A negative input makes positive contributions with negative weights: −1 · −2 = 2, so P = 10 at the second output. At
  /// the first only the bias is positive, and takes all.
  @Test func negativeInputsByHand() throws {
    let found = try ByHand.relevance(ZPlus(stabilizer: 0), ByHand.layer(), inputs: [-1, 2], relevance: [7, 20])
    ByHand.expect(found, [[2 * 2, 8 * 2]])
  }
}
