import ModelFormats
import ModelZoo
import NeuralNetwork
import Synchronization
import Tensors

/// The networks of the manifests; the one made last is kept, as cases of a group follow each other.
enum GoldenNetworks {
  private static let last = Mutex<(name: String, network: Network)?>(nil)

  static func network(_ golden: GoldenModel) throws -> Network {
    try last.withLock { last in
      if let last, last.name == golden.model { return last.network }
      last = nil  // before the next is made: VGG's parameters are large
      let network: Network
      if let name = golden.parameters.embedded {
        network = try ModelZoo.load(name).network
      } else if let seed = golden.parameters.seed {
        network = try ModelZoo.load(golden.model, classes: 10, seed: seed).network
      } else {
        throw GoldenError("\(golden.group): no parameters")
      }
      last = (golden.model, network)
      return network
    }
  }

  static func input(_ golden: GoldenModel, _ tensors: SafetensorsFile) throws -> Tensor {
    let input = try tensors.tensor(golden.input)
    guard input.shape == Shape(golden.shape) else { throw GoldenError("\(golden.group): input \(input.shape)") }
    return input
  }
}
