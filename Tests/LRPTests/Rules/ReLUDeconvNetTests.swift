import LRP
import NeuralNetwork
import Testing

struct ReLUDeconvNetTests {
  /// Only the relevance's sign counts, not the input's.
  @Test func byHand() throws {
    let found = try ByHand.relevance(ReLUDeconvNet(), TestNetworks.relu, inputs: [1, -1], relevance: [-1, 2])
    #expect(found == [[0, 2]])
  }
}
