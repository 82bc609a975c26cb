import NeuralNetwork
import Tensors

/// How much a window of the input scores by itself (Zeiler and Fergus 2014).
///
/// A window slides over the input; by default what it covers is kept and the rest is filled. The score of the output,
/// the sum of the output relevance, is added to every position under the window. Windows that reach over the edge wrap
/// around to the other side, as in the reference.
public struct Occlusion: Attributor {
  public let network: Network
  /// Extents of the window over the last axes: one number for all axes but the batch, or one for each of the last ones.
  public var window: [Int]
  public var stride: [Int]
  /// What the blanked part is filled with: zeros if `nil`, else a tensor that can be expanded to the input.
  public var fill: Tensor?
  /// Blanks the window instead of keeping it.
  public var invert: Bool
  /// How many windows are run at a time.
  public var batchSize: Int

  public init(
    _ network: Network, window: [Int] = [8], stride: [Int] = [8], fill: Tensor? = nil, invert: Bool = false,
    batchSize: Int = 8
  ) {
    self.network = network
    self.window = window
    self.stride = stride
    self.fill = fill
    self.invert = invert
    self.batchSize = batchSize
  }

  public func attribute(
    _ input: Tensor, _ outputRelevance: OutputRelevance, progress: (Double) throws -> Void
  ) throws -> Attribution {
    let shape = input.shape
    let window = try resolved(window, for: shape, missing: shape.dimensions, called: "window")
    let stride = try resolved(stride, for: shape, missing: window, called: "stride")
    let fill = self.fill ?? Tensor.zeros([1])
    guard let filling = fill.broadcast(to: shape) else {
      throw LRPError.attributor("fill of shape \(fill.shape) found, \(shape) expected")
    }
    let elements = input.rowMajorElements()
    let blank = filling.rowMajorElements()
    let offsets = Self.offsets(shape: shape, stride: stride)
    var result = [Double](repeating: 0, count: shape.count)
    var done = 0
    while done < offsets.count {
      try progress(Double(done) / Double(offsets.count))
      let masks = offsets[done..<min(done + max(1, batchSize), offsets.count)].map {
        Self.mask(shape: shape, window: window, offset: $0)
      }
      let scores = try scores(of: masks, elements, blank, shape, outputRelevance)
      for (mask, scores) in zip(masks, scores) {
        for i in mask.indices where mask[i] { result[i] += scores[i / shape.sampleCount] }
      }
      done += masks.count
    }
    let output = try network.forward(input)[network.output]
    return Attribution(
      output: output, relevance: Tensor(shape, rowMajor: result.map { Float($0) }), nodeRelevance: [], ledger: nil)
  }

  /// The summed output relevance of each masked input, per mask and sample.
  private func scores(
    of masks: [[Bool]], _ elements: [Float], _ blank: [Float], _ shape: Shape, _ outputRelevance: OutputRelevance
  ) throws -> [[Double]] {
    var masked: [Float] = []
    masked.reserveCapacity(masks.count * shape.count)
    for mask in masks {
      for i in mask.indices { masked.append(mask[i] != invert ? elements[i] : blank[i]) }
    }
    let batch = Tensor(shape.withBatch(shape.batch * masks.count), rowMajor: masked)
    let output = try network.forward(batch)[network.output]
    return try masks.indices.map { mask in
      let part = output.samples(mask * shape.batch..<(mask + 1) * shape.batch)
      return try outputRelevance.relevance(for: part).sampleSums()
    }
  }

  /// Extents for every axis: a single number is cut to each axis but the batch, missing axes are taken from `missing`.
  private func resolved(_ extents: [Int], for shape: Shape, missing: [Int], called name: String) throws -> [Int] {
    guard !extents.isEmpty, extents.count <= shape.rank, extents.allSatisfy({ $0 > 0 }) else {
      throw LRPError.attributor(
        "occlusion \(name) \(extents) found; one positive number, or one per axis of \(shape), expected")
    }
    let expanded = extents.count == 1 ? shape.dimensions.dropFirst().map { min(extents[0], $0) } : extents
    return missing.prefix(shape.rank - expanded.count) + expanded
  }

  private static func offsets(shape: Shape, stride: [Int]) -> [[Int]] {
    shape.dimensions.indices.reduce([[]]) { prefixes, axis in
      prefixes.flatMap { prefix in Swift.stride(from: 0, to: shape[axis], by: stride[axis]).map { prefix + [$0] } }
    }
  }

  /// Row-major mask of a window rolled by `offset`.
  static func mask(shape: Shape, window: [Int], offset: [Int]) -> [Bool] {
    (0..<shape.count).map { flat in
      var rest = flat
      var inside = true
      for axis in shape.dimensions.indices.reversed() {
        let extent = shape[axis]
        let position = (rest % extent - offset[axis] + extent) % extent
        inside = inside && position < window[axis]
        rest /= extent
      }
      return inside
    }
  }
}
