import Synchronization
import Tensors

/// What computes a convolution with fixed parameters (1 to 3 spatial axes; groups, depthwise, stride, dilation, any
/// padding), transposed or not, in both directions.
///
/// Kernels are compiled, and parameters reordered, on first use of a shape and then kept; it may be used from several
/// threads at once. Where all strides are 1, the adjoint runs as a forward convolution with mirrored kernels, which
/// oneDNN does faster than its own backward-data primitive.
package final class ConvolutionKernels: Sendable {
  package let geometry: ConvolutionGeometry
  package let weight: Tensor
  package let bias: Tensor?

  private let kernels = ShapeCache<ConvolutionKernel.Problem, ConvolutionKernel>()
  private let pool = WeightPool()
  private let pictureAdjoint = Mutex<PictureAdjoint?>(nil)
  /// For each direction, made when an input has enough zeros; `nil` inside where that cannot be done.
  private let sparse = Mutex<[ConvolutionKernel.Direction: SparseConvolution?]>([:])
  /// The same without steps, for ``StridedPoints``.
  private let pointwise = Mutex<ConvolutionKernels?>(nil)
  /// Whether there are weights of either sign. Where there are not, as in the rules' positive parts, sums keep their
  /// accuracy however long they are.
  private let cancels: Bool

  /// Nothing is compiled here.
  /// - Parameters:
  ///   - weight: `(O, I/groups, kernel…)`, transposed `(I, O/groups, kernel…)`, as in torch.
  ///   - bias: `(O)`.
  package init(geometry: ConvolutionGeometry, weight: Tensor, bias: Tensor?) {
    self.geometry = geometry
    self.weight = weight
    self.bias = bias
    cancels = weight.isAnyNegative && weight.isAnyPositive
  }

  /// The result `(N, O, spatial…)` for an input `(N, I, spatial…)`.
  /// - Precondition: `output` is what ``ConvolutionGeometry/outputShape(input:weight:)`` says.
  package func forward(_ input: Tensor, to output: Shape) throws -> Tensor {
    try run(
      geometry.isTransposed
        ? .init(direction: .scatter, near: output, far: input.shape, hasBias: bias != nil)
        : .init(
          direction: .gather, near: input.shape, far: output, hasBias: bias != nil,
          parts: cancels ? PartialSums.parts(geometry, weight: weight.shape, output: output) : 1), input)
  }

  /// The vector-Jacobian product with respect to the input, `Jᵀ seed`, of the input's shape.
  package func adjoint(_ seed: Tensor, to input: Shape) throws -> Tensor {
    try run(
      geometry.isTransposed
        ? .init(direction: .gather, near: seed.shape, far: input, hasBias: false)
        : .init(direction: .scatter, near: input, far: seed.shape, hasBias: false), seed)
  }

  private func run(_ problem: ConvolutionKernel.Problem, _ input: Tensor) throws -> Tensor {
    if problem.target.count == 0 || problem.source.count == 0 { return .zeros(problem.target) }
    let input = input.converted(to: .channelsLast)
    if problem.direction == .scatter, PictureAdjoint.suits(geometry, weight.shape) {
      var result = try adjointForPictures()(input, near: problem.near)
      if let bias, problem.hasBias { result.addPerChannel(bias) }
      return result
    }
    if SparseConvolution.suits(problem, geometry, weight: weight.shape),
      input.sampledDensity < SparseConvolution.densest(problem, weight: weight.shape),
      let sparse = sparseKernel(problem.direction)
    {
      return sparse(input, shape: problem.target)
    }
    if let points = StridedPoints(geometry, weight: weight.shape) {
      let pointwise = pointwiseKernels()
      guard problem.direction == .scatter else {
        return try pointwise.forward(points.gathered(input, far: problem.far), to: problem.far)
      }
      let near = Shape([problem.far.batch, problem.near.channels] + problem.far.spatial)
      return points.scattered(try pointwise.adjoint(input, to: near), near: problem.near)
    }
    let unreached = unreachedRows(problem)
    guard unreached.contains(where: { $0 > 0 }) else { return try kernel(problem)(input, shape: problem.target) }
    // oneDNN rejects such rows: cut them off, or put them back.
    var inner = problem
    inner.near = Shape(problem.near.dimensions[..<2] + zip(problem.near.spatial, unreached).map { $0 - $1 })
    inner.hasBias = false
    guard problem.direction == .scatter else {
      return try kernel(inner)(
        input.extended(by: unreached.map { -$0 }), shape: inner.target)
    }
    let result = try kernel(inner)(input, shape: inner.target)
    var padded = try result.extended(by: unreached)
    if let bias, problem.hasBias { padded.addPerChannel(bias) }
    return padded
  }

  /// How many rows at the end of each near axis lie beyond all windows and all padding: output padding of more than
  /// a stride makes such.
  private func unreachedRows(_ problem: ConvolutionKernel.Problem) -> [Int] {
    (0..<geometry.rank).map { axis in
      let reached =
        (problem.far[axis + 2] - 1) * geometry.strides[axis] + geometry.dilations[axis] * (weight.shape[axis + 2] - 1)
        + 1
      let rows = problem.near[axis + 2] + geometry.paddingBegin[axis] - reached
      return rows >= geometry.strides[axis] ? rows : 0
    }
  }

  private func adjointForPictures() -> PictureAdjoint {
    pictureAdjoint.withLock { known in
      if let known { return known }
      let made = PictureAdjoint(geometry: geometry, weight: weight)
      known = made
      return made
    }
  }

  private func pointwiseKernels() -> ConvolutionKernels {
    pointwise.withLock { known in
      if let known { return known }
      let made = ConvolutionKernels(geometry: .init(rank: geometry.rank), weight: weight, bias: bias)
      known = made
      return made
    }
  }

  private func sparseKernel(_ direction: ConvolutionKernel.Direction) -> SparseConvolution? {
    sparse.withLock { known in
      if let kernel = known[direction] { return kernel }
      // The bias belongs to the forward pass.
      let isForward = (direction == .gather) != geometry.isTransposed
      let made = SparseConvolution(direction, geometry: geometry, weight: weight, bias: isForward ? bias : nil)
      known[direction] = .some(made)
      return made
    }
  }

  private func kernel(_ problem: ConvolutionKernel.Problem) throws -> ConvolutionKernel {
    try kernels.value(for: problem) {
      try ConvolutionKernel(problem, geometry: geometry, weight: weight, bias: bias, pool: pool)
    }
  }
}
