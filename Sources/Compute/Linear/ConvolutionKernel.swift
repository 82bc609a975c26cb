import COneDNN
import Tensors

/// One direction of a convolution, compiled for one pair of shapes, with its parameters in the order it wants.
///
/// A convolution *gathers* from the near side (its input) to the far side; its adjoint *scatters* back. A transposed
/// convolution is the same pair with the roles exchanged.
struct ConvolutionKernel: Sendable {
  enum Direction: Hashable, Sendable {
    case gather
    case scatter
  }

  /// What a kernel is compiled for.
  struct Problem: Hashable, Sendable {
    var direction: Direction
    var near: Shape
    var far: Shape
    var hasBias: Bool
    /// Runs of input channels that are summed apart; see ``PartialSums``. More than one only when gathering.
    var parts = 1

    var source: Shape { direction == .gather ? near : far }
    var target: Shape { direction == .gather ? far : near }
  }

  let primitive: Primitive
  let weights: PackedWeights
  let bias: Tensor?
  /// The bias is added afterwards where the primitive cannot do it itself.
  let addsBiasAfterwards: Bool
  private let roles: (source: Int32, target: Int32)
  private let parts: Int
  private let source: ArrayLayout
  private let target: ArrayLayout
  /// Of the bias, if the primitive adds it.
  private let biasLayout: ArrayLayout?

  /// Window numbers with the padding that makes the far extents exact, as oneDNN counts them.
  private struct Window {
    var strides: [Int64]
    var dilations: [Int64]
    var begin: [Int64]
    var end: [Int64]
  }

  /// - Parameters:
  ///   - weight: plain `(O, I/groups, kernel…)` of the gathering direction.
  ///   - pool: parameters that earlier kernels already reordered.
  init(
    _ problem: Problem, geometry: ConvolutionGeometry, weight: Tensor, bias: Tensor?, pool: WeightPool
  ) throws {
    let rank = geometry.rank
    let kernel = weight.shape.spatial
    var window = Window(strides: [], dilations: [], begin: [], end: [])
    for axis in 0..<rank {
      let reach = geometry.dilations[axis] * (kernel[axis] - 1)
      let stride = geometry.strides[axis]
      let (near, far) = (problem.near[axis + 2], problem.far[axis + 2])
      var end = geometry.paddingEnd[axis]
      // Output padding beyond the stride would make the far side look larger than it is; see `unreachedRows`.
      if (near + geometry.paddingBegin[axis] + end - reach - 1) / stride + 1 != far {
        end = (far - 1) * stride + reach + 1 - near - geometry.paddingBegin[axis]
      }
      window.strides.append(Int64(stride))
      window.dilations.append(Int64(geometry.dilations[axis] - 1))
      window.begin.append(Int64(geometry.paddingBegin[axis]))
      window.end.append(Int64(end))
    }
    let mirrored = zip(window.begin, window.end).enumerated().map { axis, padding in
      let reach = Int64(geometry.dilations[axis] * (kernel[axis] - 1))
      return (begin: reach - padding.0, end: reach - padding.1)
    }
    let runsMirrored =
      problem.direction == .scatter && geometry.strides.allSatisfy { $0 == 1 }
      && mirrored.allSatisfy { $0.begin >= 0 && $0.end >= 0 }
    if runsMirrored {
      window.begin = mirrored.map(\.begin)
      window.end = mirrored.map(\.end)
    }
    let isForward = problem.direction == .gather || runsMirrored
    let source = try ArrayLayout.channelsLast(problem.source)
    let target = try ArrayLayout.channelsLast(PartialSums.shape(problem.target, parts: problem.parts))
    let plain = PlainWeights(weight, groups: geometry.groups, isMirrored: runsMirrored, parts: problem.parts)
    let free = try ArrayLayout(plain.extents, strides: nil)
    let fusesBias = problem.hasBias && isForward && problem.parts == 1
    let biasLayout = fusesBias ? try ArrayLayout.rowMajor([problem.target.channels]) : nil
    let primitive = try Primitive("\(geometry.name) of \(problem.source) to \(problem.target)") { descriptor, engine in
      isForward
        ? lrp_convolution_forward(
          &descriptor, engine.handle, source.handle, free.handle, biasLayout?.handle, target.handle, window.strides,
          window.dilations, window.begin, window.end, engine.attributes)
        : lrp_convolution_backward_data(
          &descriptor, engine.handle, target.handle, free.handle, source.handle, window.strides, window.dilations,
          window.begin, window.end, engine.attributes)
    }
    self.primitive = primitive
    parts = problem.parts
    self.bias = problem.hasBias ? bias : nil
    addsBiasAfterwards = problem.hasBias && !fusesBias
    roles = isForward ? (DNNL_ARG_SRC, DNNL_ARG_DST) : (DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC)
    self.source = source
    self.target = target
    self.biasLayout = biasLayout
    weights = try pool.packed(
      kind: runsMirrored ? .mirrored : .plain, layout: primitive.layout(of: dnnl_query_weights_md), plain.packed)
  }

  /// Runs the kernel on a channels-last `input` of the source shape.
  func callAsFunction(_ input: Tensor, shape: Shape) throws -> Tensor {
    var result = Tensor(uninitialized: PartialSums.shape(shape, parts: parts))
    var arguments = [
      Primitive.Argument(role: roles.source, layout: source, address: input.unsafeAddress),
      Primitive.Argument(role: DNNL_ARG_WEIGHTS, layout: weights.layout, address: weights.elements.unsafeAddress),
    ]
    if let bias, let biasLayout {
      arguments.append(.init(role: DNNL_ARG_BIAS, layout: biasLayout, address: bias.unsafeAddress))
    }
    try result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      arguments.append(.init(role: roles.target, layout: target, address: base))
      try primitive.execute(arguments)
    }
    withExtendedLifetime((input, weights, bias)) {}
    if parts > 1 { return PartialSums.total(of: result, parts: parts, plus: bias) }
    if let bias, addsBiasAfterwards { result.addPerChannel(bias) }
    return result
  }
}

/// Parameters as they come, with the extents and strides under which oneDNN reads them.
struct PlainWeights {
  let extents: [Int]
  private let strides: [Int]
  private let weight: Tensor
  private let isMirrored: Bool

  /// - Parameters:
  ///   - isMirrored: Whether to exchange input and output channels and turn the kernel round.
  ///   - parts: Runs of input channels that become groups, each with all outputs.
  init(_ weight: Tensor, groups: Int, isMirrored: Bool, parts: Int = 1) {
    let shape = weight.shape
    self.weight = weight
    self.isMirrored = isMirrored
    if parts > 1 {
      let run = shape[1] / parts
      let plain = rowMajorStrides(shape.dimensions)
      extents = [parts, shape[0], run] + shape.spatial
      strides = [run * plain[1]] + plain
      return
    }
    var extents = [groups, shape[0] / groups, shape[1]] + shape.spatial
    var strides = rowMajorStrides(extents)
    if isMirrored {
      extents.swapAt(1, 2)
      strides.swapAt(1, 2)
    }
    if groups == 1 {
      extents.removeFirst()
      strides.removeFirst()
    }
    self.extents = extents
    self.strides = strides
  }

  /// The parameters in another order.
  func packed(to layout: ArrayLayout) throws -> PackedWeights {
    let elements = weight.converted(to: .rowMajor)
    let turned = isMirrored ? elements.withReversedKernels() : elements
    let packed = try PackedWeights(turned, from: try ArrayLayout(extents, strides: strides), to: layout)
    if packed.isCopy || isMirrored { weight.retireBorrowedMemory() }
    return packed
  }
}

extension Tensor {
  /// `(O, I, kernel…)` with every kernel turned round along all of its axes.
  fileprivate func withReversedKernels() -> Tensor {
    let size = shape.spatialCount
    guard size > 1 else { return self }
    var result = Tensor(uninitialized: shape, layout: .rowMajor)
    let source = UncheckedPointer(unsafeAddress)
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(buffer.count / size, grain: max(1, Parallelism.grain / size)) { range in
        let (source, target) = (source.pointer, target.pointer)
        for kernel in range {
          let start = kernel &* size
          for i in 0..<size { target[start &+ i] = source[start &+ size &- 1 &- i] }
        }
      }
    }
    withExtendedLifetime(self) {}
    return result
  }
}
