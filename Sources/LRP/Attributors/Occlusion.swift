import NeuralNetwork
import Tensors

/// How much a window of the input scores by itself (Zeiler and Fergus 2014).
///
/// A window slides over the input; by default what it covers is kept and the rest is filled. The score of the output,
/// the sum of the output relevance, is added to every position under the window. Windows that reach over the edge wrap
/// around to the other side, as in the reference.
public struct Occlusion: Attributor {
  public let network: Network
  /// How far a window reaches, or moves, along the axes.
  public enum Extents: Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    /// The same along every axis but the batch, cut to the input.
    case every(Int)
    /// Along the last axes, one number for each; the window covers the others whole.
    case last([Int])

    public init(integerLiteral value: Int) { self = .every(value) }
    public init(arrayLiteral elements: Int...) { self = .last(elements) }
  }
  public var window: Extents
  public var stride: Extents
  /// What the blanked part is filled with: zeros if `nil`, else a tensor that can be expanded to the input.
  public var fill: Tensor?
  /// What the blanked part of an input is filled with, instead of ``fill``.
  public var fillFunction: (@Sendable (_ input: Tensor) throws -> Tensor)?
  /// Blanks the window instead of keeping it.
  public var invert: Bool
  /// What the network sees of an input under a mask, which is 1 inside the window and 0 outside, instead of blanking with
  /// ``fill`` and ``invert``. Both are of one shape, and so must be the result.
  public var occlude: (@Sendable (_ input: Tensor, _ mask: Tensor) throws -> Tensor)?
  /// How many windows are run at a time.
  public var batchSize: Int

  public init(
    _ network: Network, window: Extents = 8, stride: Extents = 8, fill: Tensor? = nil, invert: Bool = false,
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
    _ input: Tensor, _ outputRelevance: OutputRelevance, observer: AttributionObserver
  ) throws -> Attribution {
    let shape = input.shape
    let window = try resolved(window, for: shape, missing: shape.dimensions, called: "window")
    let stride = try resolved(stride, for: shape, missing: window, called: "stride")
    let seen = try seen(of: input)
    let offsets = Self.offsets(shape: shape, stride: stride)
    var result = [Double](repeating: 0, count: shape.count)
    var done = 0
    while done < offsets.count {
      let masks = offsets[done..<min(done + max(1, batchSize), offsets.count)].map {
        Self.mask(shape: shape, window: window, offset: $0)
      }
      let (start, size) = (Double(done) / Double(offsets.count), Double(masks.count) / Double(offsets.count))
      let scores = try scores(of: masks, seen, shape, outputRelevance) { node in
        let share = Double(node) / Double(network.nodes.count)
        try observer(AttributionStep(.forward, node: node, share: start + share * size))
      }
      for (mask, scores) in zip(masks, scores) {
        for i in mask.indices where mask[i] { result[i] += scores[i / shape.sampleCount] }
      }
      done += masks.count
    }
    let output = try network.forward(input)[network.output]
    return Attribution(
      output: output, relevance: Tensor(shape, rowMajor: result.map { Float($0) }), nodeRelevance: [], ledger: nil)
  }

  /// What the network sees under a mask: row-major elements.
  private func seen(of input: Tensor) throws -> ([Bool]) throws -> [Float] {
    let shape = input.shape
    if let occlude {
      return { mask in
        let result = try occlude(input, Tensor(shape, rowMajor: mask.map { $0 ? 1 : 0 }))
        guard result.shape == shape else {
          throw LRPError.attributor("an occluded input of shape \(result.shape) found, \(shape) expected")
        }
        return result.rowMajorElements()
      }
    }
    let blank = try (fillFunction?(input) ?? fill ?? Tensor.zeros([1]))
      .expanded(to: shape, called: "fill").rowMajorElements()
    let (elements, invert) = (input.rowMajorElements(), invert)
    return { mask in mask.indices.map { mask[$0] != invert ? elements[$0] : blank[$0] } }
  }

  /// The summed output relevance of each masked input, per mask and sample.
  private func scores(
    of masks: [[Bool]], _ seen: ([Bool]) throws -> [Float], _ shape: Shape, _ outputRelevance: OutputRelevance,
    willRun: (Int) throws -> Void
  ) throws -> [[Double]] {
    var masked: [Float] = []
    masked.reserveCapacity(masks.count * shape.count)
    for mask in masks { masked += try seen(mask) }
    let batch = Tensor(shape.withBatch(shape.batch * masks.count), rowMajor: masked)
    let output = try network.forward(batch, progress: willRun)[network.output]
    return try masks.indices.map { mask in
      let part = output.samples(mask * shape.batch..<(mask + 1) * shape.batch)
      return try outputRelevance.relevance(for: part).sampleSums()
    }
  }

  /// Extents for every axis of the input; the first ones, where they are not given, are taken from `missing`.
  private func resolved(
    _ extents: Extents, for shape: Shape, missing: [Int], called name: String
  ) throws -> [Int] {
    let given: [Int]
    switch extents {
    case .every(let extent): given = shape.dimensions.dropFirst().map { min(extent, $0) }
    case .last(let extents): given = extents
    }
    guard !given.isEmpty, given.count <= shape.rank, given.allSatisfy({ $0 > 0 }) else {
      throw LRPError.attributor(
        "occlusion \(name) \(extents.text) found; a positive number, or one for each of the last axes of \(shape), expected"
      )
    }
    return missing.prefix(shape.rank - given.count) + given
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

extension Occlusion.Extents {
  fileprivate var text: String {
    switch self {
    case .every(let extent): "\(extent)"
    case .last(let extents): "\(extents)"
    }
  }
}
