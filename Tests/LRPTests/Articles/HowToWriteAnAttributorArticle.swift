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
    _ input: Tensor, _ outputRelevance: OutputRelevance, observer: AttributionObserver
  ) throws -> Attribution {
    let input = input.converted(to: .channelsLast)
    var sum = Tensor.zeros(input.shape)
    for iteration in 0..<iterations {
      let noise = Tensor.standardNormal(input.shape, seed: UInt64(iteration))
      let noisy = try gradient.attribute(input + noise * deviation, outputRelevance) { step in
        try observer(step.part(iteration, of: iterations))
      }
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

    // The mean of squares under the same noise, made by hand.
    for (found, composite) in [(relevance, nil), (guidedRelevance, try Preset.guidedBackprop.composite())] {
      let count = composite == nil ? 10 : 20
      let gradient = try composite.map { try Gradient(network, composite: $0) } ?? Gradient(network)
      var expected = [Double](repeating: 0, count: input.count)
      for iteration in 0..<count {
        let noise = Tensor.standardNormal(input.shape, seed: UInt64(iteration))
        let part = try gradient.attribute(input + noise * 0.1, .one(.top1)).relevance.rowMajorElements()
        for index in expected.indices { expected[index] += Double(part[index]) * Double(part[index]) / Double(count) }
      }
      let mean = Tensor(input.shape, rowMajor: expected.map { Float($0) })
      #expect(found.deviation(from: mean) < 1e-6 && mean.maximum() > 0)
    }

    let contrast = OutputRelevance.function { output in
      let weights = (0..<output.count).map { [1, -1, 0, 0, 0][$0 % 5] as Float }
      return output * Tensor(output.shape, rowMajor: weights)
    }
    let difference = try Gradient(network, composite: Preset.epsilonPlus.composite()).attribute(input, contrast)

    // Relevance is linear in what is put in at the output: the first logit's less the second's.
    let propagation = try Gradient(network, composite: Preset.epsilonPlus.composite())
    let logits = try (0..<2).map { try propagation.attribute(input, .logit(.index($0))).relevance }
    #expect(difference.relevance.deviation(from: logits[0] - logits[1]) < 1e-5)
  }

  /// Of a linear network every gradient is its weight, whatever the noise or the baseline.
  @Test("the ready-made ones, of a linear network")
  func linear() throws {
    var builder = NetworkBuilder(name: "linear")
    builder.add("flatten", Flatten())
    let layer = try TestNetworks.fullyConnected(432, 5, seed: 1)
    builder.add("fc", layer)
    let network = try builder.build()
    let input = TestNetworks.picture()
    let weight = Tensor([1, 3, 12, 12], rowMajor: Array(layer.weight.rowMajorElements()[432..<864]))
    let gradient = Tensor.stacked([weight, weight])

    var smooth = SmoothGrad(try Gradient(network), noiseLevel: 0.2, iterations: 5, seed: 1)
    smooth.noise = { iteration, shape in Tensor.standardNormal(shape, seed: UInt64(100 + iteration)) }
    let dark = Tensor([1, 3, 1, 1], filledWith: -1)
    let integrated = IntegratedGradients(try Gradient(network), iterations: 10, baseline: dark)
    let grey = Tensor([1], filledWith: 0.5)
    let occluded = Occlusion(network, window: [4, 4], stride: [2, 2], fill: grey, invert: true)

    let target = OutputRelevance.one(.index(1))
    #expect(try smooth.attribute(input, target).relevance.deviation(from: gradient) < 1e-6)
    let distance = input - Tensor(input.shape, filledWith: -1)
    #expect(try integrated.attribute(input, target).relevance.deviation(from: gradient * distance) < 1e-5)

    // Each pixel lies under four windows, which wrap around; what is put in is one whatever is blanked.
    let counts = try occluded.attribute(input, target).relevance
    #expect(counts.deviation(from: Tensor(input.shape, filledWith: 4)) < 1e-6)

    let mirrored = IntegratedGradients(try Gradient(network), iterations: 1, baselineFunction: { $0 * -1 })
    #expect(try mirrored.attribute(input, target).relevance.deviation(from: gradient * (input * 2)) < 1e-5)

    // The logit of the picture with twice the window, and with the window's own mean in its place.
    let whole = Occlusion.Extents.last([3, 12, 12])
    var doubled = Occlusion(network, window: whole, stride: whole)
    doubled.occlude = { input, mask in input + input * mask }
    var averaged = Occlusion(network, window: whole, stride: whole, invert: true)
    averaged.fillFunction = { input in
      Tensor([input.shape.batch], rowMajor: input.sampleSums().map { Float($0 / 432) })
    }

    let bias = Double(try #require(layer.bias).rowMajorElements()[1])
    for sample in 0..<2 {
      let pixels = input.sample(sample)
      let plain = (pixels * weight).sum()
      let found = try doubled.attribute(input, .logit(.index(1))).relevance.sample(sample).rowMajorElements()
      #expect(found.allSatisfy { abs(Double($0) - (2 * plain + bias)) < 1e-4 })
      let flat = try averaged.attribute(input, .logit(.index(1))).relevance.sample(sample).rowMajorElements()
      #expect(flat.allSatisfy { abs(Double($0) - (pixels.sum() / 432 * weight.sum() + bias)) < 1e-4 })
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
