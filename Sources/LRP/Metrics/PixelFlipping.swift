import Foundation
import NeuralNetwork
import Tensors

/// Pixel flipping: how fast a model loses (or finds) a class when the pixels that an explanation calls relevant are taken
/// away (or put in) first (Bach et al. 2015, section "Pixel-wise Decomposition"; Samek et al. 2017).
public struct PixelFlipping: Hashable, Sendable {
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// Blocks of the picture are filled, the most relevant ones first.
    case deletion
    /// Blocks of the picture come back into a filled one, the most relevant ones first.
    case insertion
  }

  public var mode: Mode
  /// Pixels along a side of the blocks that are flipped at once.
  public var blockSide: Int
  public var fill: FlippingFill
  /// How often the model is asked besides the start; no more often than there are blocks.
  public var steps: Int
  /// Pictures per forward pass; the curve does not depend on it.
  public var batchSize: Int

  public init(
    mode: Mode = .deletion, blockSide: Int = 8, fill: FlippingFill = .mean, steps: Int = 50, batchSize: Int = 8
  ) {
    self.mode = mode
    self.blockSide = blockSide
    self.fill = fill
    self.steps = steps
    self.batchSize = batchSize
  }

  /// Follows a class while one picture is flipped.
  /// - Parameters:
  ///   - network: its output is `(N, classes)`. A softmax or sigmoid at its end is left out, so that the logit is one;
  ///     what the output means then says what the probabilities are.
  ///   - input: `(N, C, H, W)`, of which `sample` is looked at.
  ///   - target: the class that is followed.
  ///   - progress: called before each layer with the share done, 0…1; may throw to cancel.
  /// - Throws: ``LRPError/metric(_:)``, ``LRPError/target(_:)``, ``NetworkError``, or whatever `progress` throws.
  public func curve(
    _ network: Network, input: Tensor, sample: Int = 0, order: FlippingOrder, target: Int,
    progress: (Double) throws -> Void = { _ in try Task.checkCancellation() }
  ) throws -> FlippingCurve {
    guard steps >= 1, batchSize >= 1 else {
      throw LRPError.metric("\(steps) steps in batches of \(batchSize) found, at least 1 of each expected")
    }
    let network = try LogitOutput().apply(to: network)
    let blocks = try PixelBlocks(of: input.shape, side: blockSide)
    guard (0..<input.shape.batch).contains(sample) else {
      throw LRPError.metric("sample \(sample) found, the input has \(input.shape.batch), counted from 0")
    }
    let sequence = try order.blocks(blocks, input: input.shape, sample: sample)
    let picture = input.sample(sample).converted(to: .channelsLast)
    let filled = try fill.filled(picture).converted(to: .channelsLast)
    let (start, end) = mode == .deletion ? (picture, filled) : (filled, picture)

    let stops = self.stops(of: blocks.count)
    var points: [FlippingCurve.Point] = []
    var (current, flipped, area) = (start, 0, 0)
    while points.count < stops.count {
      let batch = stops[points.count..<min(points.count + batchSize, stops.count)]
      var pictures: [Tensor] = []
      var fractions: [Double] = []
      for stop in batch {
        for block in sequence[flipped..<stop] {
          current.copy(block, of: blocks, from: end)
          area += blocks.area(of: block)
        }
        flipped = stop
        pictures.append(current)
        fractions.append(Double(area) / Double(blocks.width * blocks.height))
      }
      let done = Double(points.count)
      let nodes = Double(network.nodes.count)
      let outputs = try network.forward(Tensor.stacked(pictures)) { node in
        try progress((done + Double(batch.count) * Double(node) / nodes) / Double(stops.count))
      }
      points += try Self.points(outputs[network.output], network, fractions, target)
    }
    return FlippingCurve(points: points)
  }

  /// How many blocks are flipped when the model is asked: evenly from none to all.
  private func stops(of count: Int) -> [Int] {
    let steps = min(self.steps, count)
    return (0...steps).map { ($0 * count + steps / 2) / steps }
  }

  private static func points(
    _ output: Tensor, _ network: Network, _ fractions: [Double], _ target: Int
  ) throws -> [FlippingCurve.Point] {
    guard output.shape.rank == 2 else {
      throw LRPError.target("the output has shape \(output.shape); a class needs (N, classes)")
    }
    let classes = output.shape[1]
    guard (0..<classes).contains(target) else {
      throw LRPError.target("class \(target) found, the model has 0…\(classes - 1)")
    }
    let meaning = network.outputMeaning
    let elements = output.rowMajorElements()
    return fractions.enumerated().map { index, fraction in
      let row = Array(elements[index * classes..<(index + 1) * classes])
      return FlippingCurve.Point(
        fraction: fraction, logit: Double(row[target]), probability: meaning.probabilities(of: row)?[target])
    }
  }
}

extension Tensor {
  /// Takes the pixels of a block over from another tensor; both are `(1, C, H, W)`, channels last.
  fileprivate mutating func copy(_ block: Int, of blocks: PixelBlocks, from other: Tensor) {
    let channels = shape[1]
    let (rows, columns) = blocks.pixels(of: block)
    other.withUnsafeBufferPointer { source in
      withUnsafeMutableBufferPointer { target in
        for row in rows {
          let start = (row * blocks.width + columns.lowerBound) * channels
          for place in start..<start + columns.count * channels { target[place] = source[place] }
        }
      }
    }
  }
}
