import LRP
import NeuralNetwork
import Testing

struct ReLUGuidedBackpropTests {
  /// Relevance passes where it is positive and so is the input.
  @Test func byHand() throws {
    let found = try ByHand.relevance(
      ReLUGuidedBackprop(), TestNetworks.relu, inputs: [-1, 2, 3], relevance: [5, -1, 4])
    #expect(found == [[0, 0, 4]])
  }
}
