import CKernels
import Synchronization
import Tensors

/// A convolution of one direction that skips the zeros of its input: exact, because their products are zero.
///
/// Behind a ReLU half of the activations are zero, and so is all relevance that arrives there; behind a max pooling
/// three quarters of it are. Each input that is not zero is multiplied with all of its weights for a run of neighbouring
/// outputs, whose sums stay in registers. Sums are cut after 32 input channels of a kernel row, which makes them more
/// accurate than those of oneDNN's kernels (see ``PartialSums``).
struct SparseConvolution: Sendable {
  /// For each run of output channels, its weights in the order of `lrp_sparse_rows`.
  private let weights: Tensor
  private let bias: Tensor?
  /// Kernel rows and columns.
  private let kernel: (height: Int, width: Int)
  private let padding: (top: Int, left: Int)
  private let channels: (source: Int, target: Int)
  /// Vectors of 16 output channels that are made in one go.
  private let vectors: Int

  /// With fewer outputs, looking for the next input takes longer than its products.
  private static let fewestOutputs = 64
  /// Bytes of the outputs that are worked on at a time: half of a usual second cache.
  private static let tileBytes = 192 << 10
  private static let isSupported = lrp_sparse_supported() != 0

  /// Whether this way is meant for a convolution.
  static func suits(_ problem: ConvolutionKernel.Problem, _ geometry: ConvolutionGeometry, weight: Shape) -> Bool {
    guard isSupported, geometry.rank <= 2, geometry.groups == 1, !geometry.outputPadding.contains(where: { $0 != 0 }),
      geometry.strides.allSatisfy({ $0 == 1 }), geometry.dilations.allSatisfy({ $0 == 1 }),
      problem.source.channels >= 16, problem.target.channels % 16 == 0, problem.target.channels >= fewestOutputs,
      lrp_sparse_vectors(Int64(weight.spatial.last ?? 0)) > 0
    else { return false }
    return zip(zip(geometry.paddingBegin, geometry.paddingEnd), weight.spatial).allSatisfy { padding, extent in
      padding.0 < extent && padding.1 < extent
    }
  }

  /// The share of an input's elements that are not zero up to which this way is faster than a dense one.
  static func densest(_ problem: ConvolutionKernel.Problem, weight: Shape) -> Double {
    if weight.spatial.last != 1 { return 0.75 }
    // Where few positions share the weights, reading them takes longer than the products.
    return problem.far.batch * problem.far.spatialCount < 512 ? 0.5 : 0.6
  }

  /// - Parameters:
  ///   - weight: `(O, I, kernel…)` of the gathering direction.
  /// - Returns: `nil` if a weight is not finite, so that its product with zero is not zero.
  init?(
    _ direction: ConvolutionKernel.Direction, geometry: ConvolutionGeometry, weight: Tensor, bias: Tensor?
  ) {
    guard weight.isFinite else { return nil }
    let isMirrored = direction == .scatter
    let spatial = geometry.rank == 1 ? [1] + weight.shape.spatial : weight.shape.spatial
    let begin = geometry.rank == 1 ? [0] + geometry.paddingBegin : geometry.paddingBegin
    kernel = (spatial[0], spatial[1])
    padding = isMirrored ? (spatial[0] - 1 - begin[0], spatial[1] - 1 - begin[1]) : (begin[0], begin[1])
    channels = isMirrored ? (weight.shape[0], weight.shape[1]) : (weight.shape[1], weight.shape[0])
    self.bias = bias
    let all = channels.target / 16
    let runs = (all + Int(lrp_sparse_vectors(Int64(kernel.width))) - 1) / Int(lrp_sparse_vectors(Int64(kernel.width)))
    vectors = (all + runs - 1) / runs
    weights = Self.packed(
      weight.converted(to: .rowMajor), kernel, channels, isMirrored: isMirrored, width: 16 * vectors)
  }

  /// The weights in the order of the kernel: by runs of `width` output channels, kernel row, runs of input channels,
  /// input channel, kernel column, output channel.
  private static func packed(
    _ weight: Tensor, _ kernel: (height: Int, width: Int), _ channels: (source: Int, target: Int), isMirrored: Bool,
    width: Int
  ) -> Tensor {
    let run = Int(lrp_sparse_channels)
    let runs = (channels.source + run - 1) / run
    var result = Tensor.zeros([kernel.height * runs * run * kernel.width * channels.target])
    let size = kernel.height * kernel.width
    // Distances of neighbouring channels in the plain weights.
    let step =
      isMirrored
      ? (source: channels.target * size, target: size) : (source: size, target: channels.source * size)
    let (plain, target) = (UncheckedPointer(weight.unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    let blocks = (channels.target + width - 1) / width
    parallelFor(blocks * runs, grain: 1, alignment: 1) { range in
      for index in range {
        let (block, r) = index.quotientAndRemainder(dividingBy: runs)
        let first = block * width
        let outputs = min(width, channels.target - first)
        let start = target.pointer + kernel.height * runs * run * kernel.width * first
        for row in 0..<kernel.height {
          for channel in r * run..<min((r + 1) * run, channels.source) {
            for column in 0..<kernel.width {
              let tap = row * kernel.width + column
              let from =
                plain.pointer + channel * step.source + first * step.target + (isMirrored ? size - 1 - tap : tap)
              let place = ((row * runs + r) * run + channel - r * run) * kernel.width + column
              let to = start + place * outputs
              for output in 0..<outputs { to[output] = from[output &* step.target] }
            }
          }
        }
      }
    }
    withExtendedLifetime((weight, result)) {}
    return result
  }

  /// Runs it on a channels-last `input`; `shape` is that of the result.
  func callAsFunction(_ input: Tensor, shape: Shape) -> Tensor {
    var result = Tensor(uninitialized: shape)
    var plan = Plan(input: input.shape, output: shape, isPointwise: kernel == (1, 1))
    let blocks = (channels.target / 16 + vectors - 1) / vectors
    let pieces = Parallelism.threads
    plan.cut(bytes: Self.tileBytes, channelBytes: 64 * vectors, pieces: max(1, 4 * pieces / blocks))
    let problem = lrp_sparse_problem(
      height: Int64(plan.height), width: Int64(plan.width), channels: Int64(channels.source),
      out_height: Int64(plan.outHeight), out_width: Int64(plan.outWidth), out_channels: Int64(channels.target),
      kernel_height: Int64(kernel.height), kernel_width: Int64(kernel.width), top: Int64(padding.top),
      left: Int64(padding.left))
    let tasks = blocks * plan.samples * plan.tiles
    let (source, target) = (UncheckedPointer(input.unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    let (packed, added) = (UncheckedPointer(weights.unsafeAddress), bias.map { UncheckedPointer($0.unsafeAddress) })
    let fixed = plan
    let next = Atomic(0)
    // Tasks differ in their zeros: whoever is done takes the next.
    Parallelism.run(min(pieces, tasks)) { _ in
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < tasks else { return }
        run(task, problem, fixed, source.pointer, packed.pointer, added?.pointer, target.pointer)
      }
    }
    withExtendedLifetime((input, weights, bias, result)) {}
    return result
  }

  private func run(
    _ task: Int, _ problem: lrp_sparse_problem, _ plan: Plan, _ source: UnsafePointer<Float>,
    _ packed: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ target: UnsafeMutablePointer<Float>
  ) {
    let (block, place) = task.quotientAndRemainder(dividingBy: plan.samples * plan.tiles)
    let (sample, tile) = place.quotientAndRemainder(dividingBy: plan.tiles)
    let first = block * 16 * vectors
    let count = min(vectors, channels.target / 16 - block * vectors)
    let run = Int(lrp_sparse_channels)
    let weights = packed + kernel.height * ((channels.source + run - 1) / run) * run * kernel.width * first
    let rows = plan.rows(ofTile: tile)
    var problem = problem
    var from = source + sample * plan.height * plan.width * channels.source
    var to = target + sample * plan.outHeight * plan.outWidth * channels.target
    guard plan.isPointwise else {
      lrp_sparse_rows(
        &problem, from, weights, bias, to, Int64(first), Int64(count), Int64(rows.lowerBound), Int64(rows.upperBound))
      return
    }
    // Positions in one long row, of which a piece is taken.
    from += rows.lowerBound * channels.source
    to += rows.lowerBound * channels.target
    problem.width = Int64(rows.count)
    problem.out_width = Int64(rows.count)
    lrp_sparse_rows(&problem, from, weights, bias, to, Int64(first), Int64(count), 0, 1)
  }
}

/// How the positions of a result are cut into tiles.
private struct Plan {
  let samples: Int
  let height: Int
  let width: Int
  let outHeight: Int
  let outWidth: Int
  /// A kernel of 1×1 knows no rows: all positions of all samples are one row, and tiles are pieces of it.
  let isPointwise: Bool
  private var rowsPerTile = 1

  init(input: Shape, output: Shape, isPointwise: Bool) {
    self.isPointwise = isPointwise
    if isPointwise {
      (samples, height, outHeight) = (1, 1, 1)
      width = input.batch * input.spatialCount
      outWidth = width
    } else {
      samples = input.batch
      (height, width) = (input.rank == 3 ? 1 : input[2], input[input.rank - 1])
      (outHeight, outWidth) = (output.rank == 3 ? 1 : output[2], output[output.rank - 1])
    }
  }

  /// What is cut: rows, or positions.
  private var extent: Int { isPointwise ? outWidth : outHeight }
  var tiles: Int { (extent + rowsPerTile - 1) / rowsPerTile }

  func rows(ofTile tile: Int) -> Range<Int> { tile * rowsPerTile..<min(extent, (tile + 1) * rowsPerTile) }

  /// - Parameters:
  ///   - bytes: of a tile's outputs, at most.
  ///   - channelBytes: of one position.
  ///   - pieces: at least so many, unless they would be too small to be worth reading the weights again.
  mutating func cut(bytes: Int, channelBytes: Int, pieces: Int) {
    let positionsPerRow = isPointwise ? 1 : outWidth
    let most = max(1, bytes / (channelBytes * positionsPerRow))
    let least = max(1, 24 / positionsPerRow)
    let even = (extent * samples + pieces - 1) / pieces
    let wanted = max(least, min(most, even))
    // Tiles of one size, as far as possible.
    let count = max(1, (extent + wanted - 1) / wanted)
    rowsPerTile = (extent + count - 1) / count
  }
}

extension Tensor {
  /// About what share of the elements is not zero, from some of them.
  package var sampledDensity: Double {
    let block = 16
    let blocks = count / block
    guard blocks > 0 else { return 1 }
    // An odd distance, so that all channels have a part.
    let step = max(1, blocks / 512) | 1
    var present = SIMD16<Int32>.zero
    let elements = UnsafeRawPointer(unsafeAddress)
    for index in stride(from: 0, to: blocks, by: step) {
      let values = elements.loadUnaligned(fromByteOffset: index &* block &* 4, as: SIMD16<Float>.self)
      present.replace(with: present &+ 1, where: values .!= 0)
    }
    withExtendedLifetime(self) {}
    return Double(present.wrappedSum()) / Double(((blocks - 1) / step + 1) * block)
  }
}
