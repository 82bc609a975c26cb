import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

struct PixelFlippingTests {
  /// A linear model on two channels of 2 x 3 pixels with two classes: the first scores `Σ w x + 1`, the second 0.
  private static let weights: [Float] = [1, 2, 3, 4, 5, 6, -1, 0, 1, 0, 2, 0]
  private static let pixels: [Float] = [1, 1, 2, 0, 1, 3, 2, 1, 1, 1, 1, 1]

  private static func network(softmax: Bool = false) throws -> Network {
    var builder = NetworkBuilder(name: "linear")
    builder.add("flatten", Flatten())
    let weight = Tensor([2, 12], rowMajor: weights + [Float](repeating: 0, count: 12))
    builder.add("fc", try FullyConnected(weight: weight, bias: Tensor([2], rowMajor: [1, 0])))
    if softmax { builder.add("softmax", Softmax()) }
    return try builder.build()
  }

  private static let input = Tensor([1, 2, 2, 3], rowMajor: pixels)
  /// `w x`: what LRP gives for a linear model.
  private static let relevance = Tensor([1, 2, 2, 3], rowMajor: zip(weights, pixels).map { $0 * $1 })
  /// The sums over the channels: 1−2, 2, 6+1, 0, 5+2, 18; in order 5 (18), 2 and 4 (7), 1 (2), 3 (0), 0 (−1).
  private static let sums: [Double] = [18, 7, 7, 2, 0, -1]

  @Test("deleting to zero takes away the contributions, the largest first", arguments: [1, 2, 3, 7])
  func deletion(batch: Int) throws {
    let flipping = PixelFlipping(blockSide: 1, fill: .value([0]), steps: 100, batchSize: batch)
    let curve = try flipping.curve(
      Self.network(), input: Self.input, order: .relevance(Self.relevance), target: 0)
    var score = 1 + Self.sums.reduce(0, +)
    var expected = [score]
    for sum in Self.sums {
      score -= sum
      expected.append(score)
    }
    #expect(curve.points.map(\.logit) == expected)
    for (index, point) in curve.points.enumerated() {
      #expect(abs(point.fraction - Double(index) / 6) < 1e-12)
      #expect(abs((point.probability ?? .nan) - 1 / (1 + exp(-point.logit))) < 1e-12)
    }
    // Trapezoids by hand: the mean of the ends and all between, over six steps of 1/6.
    let area = ((expected[0] + expected[6]) / 2 + expected[1..<6].reduce(0, +)) / 6
    #expect(abs(curve.areaUnder(.logit) - area) < 1e-12)
    #expect(abs(curve.areaOver(.logit) - (expected[0] - area)) < 1e-12)
  }

  @Test("inserting adds the contributions to the bias, the largest first")
  func insertion() throws {
    let flipping = PixelFlipping(mode: .insertion, blockSide: 1, fill: .value([0, 0]), steps: 6)
    let curve = try flipping.curve(
      Self.network(), input: Self.input, order: .relevance(Self.relevance), target: 0)
    #expect(curve.points.map(\.logit) == [1, 19, 26, 33, 35, 35, 34])
  }

  @Test("no order is below the relevance's for a linear model, and random ones are between")
  func random() throws {
    let flipping = PixelFlipping(blockSide: 1, fill: .value([0]), steps: 6)
    let network = try Self.network()
    func area(_ order: FlippingOrder) throws -> Double {
      try flipping.curve(network, input: Self.input, order: order, target: 0).areaUnder(.logit)
    }
    let best = try area(.relevance(Self.relevance))
    let worst = try area(.relevance(Self.relevance * -1))
    let randoms = try (0..<20).map { try area(.random(seed: $0)) }
    #expect(randoms.allSatisfy { $0 >= best - 1e-9 && $0 <= worst + 1e-9 } && Set(randoms).count > 5)
    #expect(try area(.random(seed: 3)) == randoms[3])
  }

  @Test("blocks are as large as asked, and smaller at the edge")
  func blocks() throws {
    // Columns 0 and 1 are one block (−1 + 2 + 0 + 7 = 8), column 2 the other (7 + 18 = 25).
    let flipping = PixelFlipping(blockSide: 2, fill: .value([0]), steps: 50)
    let curve = try flipping.curve(
      Self.network(), input: Self.input, order: .relevance(Self.relevance), target: 0)
    #expect(curve.points.map(\.logit) == [34, 9, 1])
    #expect(curve.points.map { ($0.fraction * 3).rounded() } == [0, 1, 3])
    let blocks = try PixelBlocks(of: [1, 3, 10, 7], side: 4)
    #expect(blocks.count == 6 && (0..<6).map(blocks.area) == [16, 12, 16, 12, 8, 6])
    // One block for all: everything goes at once.
    let whole = PixelFlipping(blockSide: 1000, fill: .value([0]))
    #expect(
      try whole.curve(Self.network(), input: Self.input, order: .random(seed: 1), target: 0).points.map(\.logit)
        == [34, 1])
  }

  @Test("fewer steps are points of the whole curve")
  func steps() throws {
    let network = try Self.network()
    func points(_ steps: Int) throws -> [FlippingCurve.Point] {
      try PixelFlipping(blockSide: 1, fill: .value([0]), steps: steps)
        .curve(network, input: Self.input, order: .relevance(Self.relevance), target: 0).points
    }
    let all = try points(6)
    #expect(try points(1) == [all[0], all[6]])
    #expect(try points(2) == [all[0], all[3], all[6]])
    #expect(try points(3) == [all[0], all[2], all[4], all[6]])
    #expect(try points(4).count == 5)
  }

  @Test("where the network ends in a softmax, logits are those before it and probabilities its outputs")
  func softmax() throws {
    let flipping = PixelFlipping(blockSide: 1, fill: .value([0]), steps: 6)
    let plain = try flipping.curve(Self.network(), input: Self.input, order: .relevance(Self.relevance), target: 0)
    let soft = try flipping.curve(
      Self.network(softmax: true), input: Self.input, order: .relevance(Self.relevance), target: 0)
    #expect(plain == soft && plain.hasProbabilities)
    let scores = try flipping.curve(
      Self.network().declaring(.scores), input: Self.input, order: .relevance(Self.relevance), target: 0)
    #expect(scores.points.map(\.logit) == plain.points.map(\.logit) && !scores.hasProbabilities && scores.isFinite)
    #expect(scores.areaUnder(.logit) == plain.areaUnder(.logit) && scores.areaUnder(.probability).isNaN)
    #expect(FlippingCurve.mean([scores, scores]) == scores && FlippingCurve.mean([plain, plain]) == plain)
  }

  @Test("fills: the mean of each channel, a blur that keeps constants")
  func fills() throws {
    let network = try Self.network()
    func last(_ fill: FlippingFill, _ input: Tensor = Self.input) throws -> Double {
      let flipping = PixelFlipping(blockSide: 1, fill: fill, steps: 1)
      let curve = try flipping.curve(network, input: input, order: .random(seed: 0), target: 0)
      return try #require(curve.points.last).logit
    }
    // Means 8/6 and 7/6; the weights sum to 21 and 2.
    #expect(abs(try last(.mean) - (1 + 21 * 8 / 6 + 2 * 7 / 6.0)) < 1e-5)
    #expect(abs(try last(.value([2, -1])) - (1 + 42 - 2)) < 1e-5)
    let constant = Tensor([1, 2, 2, 3], filledWith: 0.5)
    #expect(abs(try last(.blur(deviation: 2), constant) - (1 + 23 * 0.5)) < 1e-5)
    // A very wide blur is the mean.
    for wide in [1e4, 1e300, Double.greatestFiniteMagnitude] {
      #expect(abs(try last(.blur(deviation: wide)) - last(.mean)) < 1e-3, "\(wide)")
    }
    // A very narrow one is the picture.
    let plain = try #require(Self.network().forward(Self.input).last).rowMajorElements()[0]
    for narrow in [1e-3, 1e-300, Double.leastNonzeroMagnitude] {
      #expect(abs(try last(.blur(deviation: narrow)) - Double(plain)) < 1e-5, "\(narrow)")
    }
    #expect(throws: LRPError.self) { try last(.value([1, 2, 3])) }
    #expect(throws: LRPError.self) { try last(.blur(deviation: 0)) }
  }

  @Test("every sample of a batch is flipped by itself, and curves can be averaged")
  func samples() throws {
    let network = try Self.network()
    let both = Tensor.stacked([Self.input * 2, Self.input])
    let relevance = Tensor.stacked([Self.relevance * 2, Self.relevance])
    let flipping = PixelFlipping(blockSide: 1, fill: .value([0]), steps: 6)
    let curves = try [0, 1].map {
      try flipping.curve(network, input: both, sample: $0, order: .relevance(relevance), target: 0)
    }
    #expect(curves[1].points.map(\.logit) == [34, 16, 9, 2, 0, 0, 1])
    let mean = try #require(FlippingCurve.mean(curves))
    #expect(mean.points[0].logit == 50.5 && mean.points.last?.fraction == 1)
    #expect(FlippingCurve.mean([]) == nil)
    #expect(FlippingCurve.mean([curves[0], FlippingCurve(points: [])]) == nil)
  }

  @Test("progress goes from 0 to 1 and can cancel")
  func progress() throws {
    let flipping = PixelFlipping(blockSide: 1, fill: .mean, steps: 6, batchSize: 2)
    var shares: [Double] = []
    _ = try flipping.curve(Self.network(), input: Self.input, order: .random(seed: 0), target: 0) {
      shares.append($0)
    }
    #expect(shares == shares.sorted() && shares.allSatisfy { (0...1).contains($0) } && shares.count > 4)
    #expect(throws: CancellationError.self) {
      _ = try flipping.curve(Self.network(), input: Self.input, order: .random(seed: 0), target: 0) {
        if $0 > 0.4 { throw CancellationError() }
      }
    }
  }

  @Test("what cannot be flipped is an error")
  func mistakes() throws {
    let network = try Self.network()
    func message(_ flipping: PixelFlipping, _ order: FlippingOrder = .random(seed: 0), target: Int = 0) -> String {
      do {
        _ = try flipping.curve(network, input: Self.input, order: order, target: target)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message(PixelFlipping(blockSide: 0)) == "metric: blocks of 0 pixels found, at least 1 expected")
    #expect(message(PixelFlipping(steps: 0)).hasPrefix("metric: 0 steps in batches of 8 found"))
    #expect(message(PixelFlipping(), target: 2) == "target: class 2 found, the model has 0…1")
    #expect(message(PixelFlipping(), .relevance(Tensor([1, 1, 2, 3], filledWith: 1))).contains("the input's"))
    #expect(message(PixelFlipping(), .relevance(Self.relevance * .nan)).contains("not finite"))
  }
}
