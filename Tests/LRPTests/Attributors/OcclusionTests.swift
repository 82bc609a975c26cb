import LRP
import NeuralNetwork
import Tensors
import Testing

struct OcclusionTests {
  static let extents: [Occlusion.Extents] = [1, 2, 4, [1], [2], [4]]

  @Test("windows that do not overlap, kept one at a time, add up to the input", arguments: extents)
  func disjunct(extent: Occlusion.Extents) throws {
    for shape in OutputRelevanceTests.shapes {
      let log = InputLog()
      let input = Tensor.random(Shape([4] + shape), seed: 6)
      _ = try Occlusion(TestNetworks.single(log), window: extent, stride: extent, batchSize: 1).attribute(
        input, .output)
      let parts = log.inputs.dropLast()  // the last is the input itself
      let sum = parts.reduce(Tensor.zeros(input.shape)) { $0 + $1 }
      #expect(parts.count > 0 && sum.deviation(from: input) < 1e-6)
    }
  }

  @Test("a function that blanks as usual gives what is usual; one that changes the shape is an error")
  func ownFunction() throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()
    let usual = try Occlusion(network, window: 4, stride: 4).attribute(input, .logit(.index(1))).relevance
    var own = Occlusion(network, window: 4, stride: 4, fill: Tensor([1], filledWith: 9), invert: true)
    own.occlude = { input, mask in input * mask }
    #expect(try own.attribute(input, .logit(.index(1))).relevance.isIdentical(to: usual))
    own.occlude = { input, _ in input.sample(0) }
    #expect(throws: LRPError.self) { try own.attribute(input, .logit(.index(1))) }
    own.occlude = nil
    own.fillFunction = { _ in Tensor.zeros([7]) }
    #expect(throws: LRPError.self) { try own.attribute(input, .logit(.index(1))) }
    own.fillFunction = { input in input }
    let plain = try network.forward(input)[network.output]
    let scores = try OutputRelevance.logit(.index(1)).relevance(for: plain).sampleSums()
    let found = try own.attribute(input, .logit(.index(1))).relevance
    for sample in 0..<2 {
      // One window of 3 × 4 × 4 over each pixel, of which the network sees nothing but the input.
      #expect(found.sample(sample).rowMajorElements().allSatisfy { abs(Double($0) - scores[sample]) < 1e-4 })
    }
  }

  struct Case: Sendable {
    let fill: Float?
    let invert: Bool
  }

  @Test(
    "one window over everything scores the whole input, or the fill where it is blanked",
    arguments: [
      Case(fill: nil, invert: false), Case(fill: 0, invert: false), Case(fill: 0, invert: true),
      Case(fill: 1, invert: true),
    ])
  func single(golden: Case) throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()
    let whole = Occlusion.Extents.last(input.shape.dimensions)
    let occlusion = Occlusion(
      network, window: whole, stride: whole, fill: golden.fill.map { Tensor([1], rowMajor: [$0]) },
      invert: golden.invert)
    let seen = golden.invert ? Tensor(input.shape, filledWith: golden.fill ?? 0) : input
    let output = try network.forward(seen)[network.output]
    for relevance in [OutputRelevance.output, .one(.top1), .function { $0.map { _ in 1 } }] {
      let found = try occlusion.attribute(input, relevance)
      let scores = try relevance.relevance(for: output).sampleSums()
      for sample in 0..<input.shape.batch {
        let elements = found.relevance.sample(sample).rowMajorElements()
        #expect(elements.allSatisfy { abs(Double($0) - scores[sample]) < 1e-5 * max(1, abs(scores[sample])) })
      }
      #expect(try found.output.deviation(from: network.forward(input)[network.output]) < 1e-6)
    }
  }
}
