import LRP
import NeuralNetwork
import Tensors
import Testing

struct IntegratedGradientsTests {
  @Test("one step is the gradient times the distance from the baseline", arguments: [nil, 0, 1] as [Float?])
  func single(baseline: Float?) throws {
    let gradient = try Gradient(TestNetworks.vgg())
    let input = TestNetworks.picture()
    let start = baseline.map { Tensor(input.shape, filledWith: $0) }
    let found = try IntegratedGradients(gradient, iterations: 1, baseline: start).attribute(input, .output)
    let plain = try gradient.attribute(input, .output)
    let distance = input - (start ?? .zeros(input.shape))
    #expect(found.relevance.deviation(from: plain.relevance * distance) < 1e-6)
    #expect(found.output.deviation(from: plain.output) < 1e-5)
  }

  @Test("a baseline may depend on the input")
  func baselineOfTheInput() throws {
    let gradient = try Gradient(TestNetworks.vgg())
    let input = TestNetworks.picture()
    let given = try IntegratedGradients(gradient, iterations: 3, baseline: input * 0.5).attribute(input, .output)
    let made = try IntegratedGradients(gradient, iterations: 3, baselineFunction: { $0 * 0.5 }).attribute(
      input, .output)
    #expect(made.relevance.isIdentical(to: given.relevance))
    let wrong = IntegratedGradients(gradient, iterations: 3, baselineFunction: { _ in Tensor.zeros([7]) })
    #expect(throws: LRPError.self) { try wrong.attribute(input, .output) }
  }

  @Test("steps lie on the line from the baseline to the input; of the identity it is the input")
  func path() throws {
    for shape in OutputRelevanceTests.shapes {
      let log = InputLog()
      let input = Tensor.random(Shape([4] + shape), seed: 5)
      let integrated = IntegratedGradients(try Gradient(TestNetworks.single(log)), iterations: 100)
      let result = try integrated.attribute(input, .function { $0.map { _ in 1 } })
      #expect(log.inputs.count == 100)
      for (step, point) in log.inputs.enumerated() {
        #expect(point.deviation(from: input * (Float(step + 1) / 100)) < 1e-6)
      }
      #expect(result.relevance.deviation(from: input) < 1e-5)
    }
  }
}
