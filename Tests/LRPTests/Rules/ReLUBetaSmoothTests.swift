import Foundation
import LRP
import NeuralNetwork
import Testing

struct ReLUBetaSmoothTests {
  /// With β = ln 3, sigmoid(β) is 3 / 4 and sigmoid(−β) is 1 / 4.
  @Test func byHand() throws {
    let found = try ByHand.relevance(
      try ReLUBetaSmooth(betaSmooth: log(3)), TestNetworks.relu, inputs: [1, -1], relevance: [8, 8])
    ByHand.expect(found, [[6, 2]])
  }
}
