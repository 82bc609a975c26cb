import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

// The code of the article HowToWriteAnAttributor.md, block for block; ArticleTests compares them.

struct SmoothGradSquared: Attributor {
  let gradient: Gradient
  var iterations = 20
  var deviation: Float = 0.1

  func attribute(
    _ input: Tensor, _ outputRelevance: OutputRelevance, progress: (Double) throws -> Void
  ) throws -> Attribution {
    let input = input.converted(to: .channelsLast)
    var sum = Tensor.zeros(input.shape)
    for iteration in 0..<iterations {
      try progress(Double(iteration) / Double(iterations))
      let noise = Tensor.standardNormal(input.shape, seed: UInt64(iteration))
      let noisy = try gradient.attribute(input + noise * deviation, outputRelevance)
      sum.update(with: noisy.relevance) { $0 + $1 * $1 }
    }
    let network = gradient.assignment.network
    let output = try network.forward(input)[network.output]
    return Attribution(output: output, relevance: sum * (1 / Float(iterations)))
  }
}

struct HowToWriteAnAttributorArticle {
  @Test("attributors of one's own")
  func attributors() throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()

    let plain = SmoothGradSquared(gradient: try Gradient(network), iterations: 10)
    let guided = SmoothGradSquared(gradient: try Gradient(network, composite: Preset.guidedBackprop.composite()))
    let relevance = try plain.attribute(input, .one(.top1)).relevance
    let guidedRelevance = try guided.attribute(input, .one(.top1)).relevance

    #expect(relevance.shape == input.shape && relevance.minimum() >= 0 && relevance.maximum() > 0)
    #expect(!guidedRelevance.isIdentical(to: relevance))

    let contrast = OutputRelevance.function { output in
      let weights = (0..<output.count).map { [1, -1, 0, 0, 0][$0 % 5] as Float }
      return output * Tensor(output.shape, rowMajor: weights)
    }
    let difference = try Gradient(network, composite: Preset.epsilonPlus.composite()).attribute(input, contrast)

    let logits = difference.output.rowMajorElements()
    #expect(logits.count == 10 && difference.relevance.isFinite)

    var smooth = SmoothGrad(try Gradient(network), noiseLevel: 0.2, iterations: 5, seed: 1)
    smooth.noise = { iteration, shape in Tensor.standardNormal(shape, seed: UInt64(100 + iteration)) }
    let dark = Tensor([1, 3, 1, 1], filledWith: -1)
    let integrated = IntegratedGradients(try Gradient(network), iterations: 10, baseline: dark)
    let grey = Tensor([1], filledWith: 0.5)
    let occluded = Occlusion(network, window: [4, 4], stride: [2, 2], fill: grey, invert: true)

    for attributor in [smooth, integrated, occluded] as [any Attributor] {
      #expect(try attributor.attribute(input, .one(.top1)).relevance.shape == input.shape)
    }
  }

  @Test("without noise it is the square of the gradient")
  func squares() throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()

    let gradient = try Gradient(network)
    let squared = SmoothGradSquared(gradient: gradient, iterations: 3, deviation: 0)
    let plain = try gradient.attribute(input, .output).relevance
    #expect(try squared.attribute(input, .output).relevance.deviation(from: plain * plain) < 1e-5)
  }
}
