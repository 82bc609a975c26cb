import LRP
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

/// torchvision's networks under their canonizers.
struct TorchvisionCanonizerTests {
  @Test(
    "batch norms become the identity, the output stays, and so does the network itself",
    arguments: ["vgg11_bn", "resnet18", "resnet50"])
  func merges(model: String) throws {
    let network = try ModelZoo.load(model, classes: 4, seed: 2).network
    let canonizer: any Canonizer = model.hasPrefix("vgg") ? VGGCanonizer() : ResNetCanonizer()
    let canonized = try canonizer.apply(to: network)
    let input = Tensor.random([2, 3, 32, 32], seed: 1)
    let before = try network.forward(input)
    let after = try canonized.forward(input)
    func changes(_ network: Network, _ activations: [Tensor]) -> [Bool] {
      network.nodes.indices.filter { LayerType.batchNorm.contains(network.nodes[$0].layer.kind) }
        .map { !activations[$0].isIdentical(to: activations[network.nodes[$0].inputs[0]]) }
    }
    let norms = changes(canonized, after)
    #expect(norms.count >= 8 && !norms.contains(true), "a batch norm was not merged")
    #expect(changes(network, before).allSatisfy { $0 }, "the network was changed")
    #expect(after[canonized.output].deviation(from: before[network.output]) < 1e-5)
    #expect(try network.forward(input)[network.output].isIdentical(to: before[network.output]))
  }
}
