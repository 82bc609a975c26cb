import LRP
import NeuralNetwork
import Tensors
import Testing

/// Tensors are values; writing to one whose memory is shared copies it. Where speed matters nothing may be copied so.
@Suite(.serialized) struct CopyTests {
  @Test(arguments: ["epsilon_plus", "epsilon_gamma_box", "epsilon_alpha2_beta1", "excitation_backprop", "none"])
  func explainingCopiesNothing(_ preset: String) throws {
    var options = PresetOptions()
    (options.low, options.high) = (.scalar(-3), .scalar(3))
    let composite = preset == "none" ? nil : try Preset.named(preset).composite(options)
    for network in [try TestNetworks.vgg(), try TestNetworks.residual()] {
      let gradient = try Gradient(network, composite: composite)
      let input = TestNetworks.picture()
      _ = try gradient.attribute(input, .logit(.index(1)))
      // Other tests run meanwhile; a copy of our own would be there each time.
      let isClean = try (0..<200).contains { _ in
        let before = Tensor.copiesMade
        _ = try gradient.attribute(input, .logit(.index(1)))
        return Tensor.copiesMade == before
      }
      #expect(isClean, "\(network.name), \(preset)")
    }
  }
}
