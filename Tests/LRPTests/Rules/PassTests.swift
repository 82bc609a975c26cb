import Compute
import LRP
import NeuralNetwork
import Testing

struct PassTests {
  @Test func nothingChanges() throws {
    let found = try ByHand.relevance(Pass(), TestNetworks.relu, inputs: [-1, 2], relevance: [5, -7])
    #expect(found == [[5, -7]])
  }

  @Test func layersThatChangeTheShapeAreRefused() throws {
    #expect(Pass().objection(to: try ByHand.layer(), inputs: [[1, 3]], output: [1, 2]) != nil)
    #expect(Pass().objection(to: try ByHand.layer(), inputs: [[1, 2]], output: [1, 2]) == nil)
  }
}
