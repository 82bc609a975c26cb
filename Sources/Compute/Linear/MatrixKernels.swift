import CKernels
import COneDNN
import Tensors

/// What computes `y = x Wᵀ + b` with fixed parameters along the last logical axis of the input, in both directions.
///
/// Inputs are `(N, I)`, or `(N, …, I)` as in torch. The parameters are read as they are, in both directions: there is
/// no second copy. It may be used from several threads at once.
package final class MatrixKernels: Sendable {
  package let weight: Tensor
  package let bias: Tensor?

  private struct Problem: Hashable, Sendable {
    var rows: Int
    var isAdjoint: Bool
  }
  private struct Kernel: Sendable {
    var primitive: Primitive
    var source: ArrayLayout
    var weights: ArrayLayout
    var bias: ArrayLayout?
    var target: ArrayLayout
  }
  private let kernels = ShapeCache<Problem, Kernel>()

  /// - Parameters:
  ///   - weight: `(O, I)`.
  ///   - bias: `(O)`.
  package init(weight: Tensor, bias: Tensor?) {
    self.weight = weight
    self.bias = bias
  }

  /// The result `(N, …, O)` for an input `(N, …, I)`.
  package func forward(_ input: Tensor) throws -> Tensor {
    try run(input, to: Shape(input.shape.dimensions.dropLast() + [weight.shape[0]]), isAdjoint: false)
  }

  /// The vector-Jacobian product with respect to the input, `seed · W`, of the input's shape.
  package func adjoint(_ seed: Tensor) throws -> Tensor {
    try run(seed, to: Shape(seed.shape.dimensions.dropLast() + [weight.shape[1]]), isAdjoint: true)
  }

  private func run(_ input: Tensor, to shape: Shape, isAdjoint: Bool) throws -> Tensor {
    guard shape.count > 0 else { return .zeros(shape) }
    let rows = shape.dimensions.dropLast().reduce(1, *)
    if rows == 1, !isAdjoint { return product(with: input, shape: shape) }
    if rows == 1, let sparse = SparseRows(weight: weight, seed: input) {
      var result = Tensor(uninitialized: shape, layout: .rowMajor)
      result.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { sparse.product(to: base) }
      }
      return result.converted(to: .channelsLast)
    }
    let kernel = try kernels.value(for: Problem(rows: rows, isAdjoint: isAdjoint)) {
      try makeKernel(rows: rows, isAdjoint: isAdjoint)
    }
    // With more than one axis beside the last, only the row-major order is a plain matrix.
    let matrix = input.converted(to: .rowMajor)
    var result = Tensor(uninitialized: shape, layout: .rowMajor)
    var arguments = [
      Primitive.Argument(role: DNNL_ARG_SRC, layout: kernel.source, address: matrix.unsafeAddress),
      Primitive.Argument(role: DNNL_ARG_WEIGHTS, layout: kernel.weights, address: weight.unsafeAddress),
    ]
    if let bias, let layout = kernel.bias {
      arguments.append(.init(role: DNNL_ARG_BIAS, layout: layout, address: bias.unsafeAddress))
    }
    try result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      arguments.append(.init(role: DNNL_ARG_DST, layout: kernel.target, address: base))
      try kernel.primitive.execute(arguments)
    }
    withExtendedLifetime(matrix) {}
    return result.converted(to: .channelsLast)
  }

  /// `W x + b` for one row `x`.
  private func product(with input: Tensor, shape: Shape) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let row = input.converted(to: .rowMajor)
    var result = Tensor(uninitialized: shape, layout: .rowMajor)
    let (matrix, x) = (UncheckedPointer(weight.unsafeAddress), UncheckedPointer(row.unsafeAddress))
    let (added, y) = (bias.map { UncheckedPointer($0.unsafeAddress) }, UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(outputs, grain: max(1, Parallelism.grain / inputs)) { range in
      lrp_matrix_times_vector(
        matrix.pointer, x.pointer, added?.pointer, y.pointer, inputs, range.lowerBound, range.upperBound)
    }
    withExtendedLifetime((row, result)) {}
    return result.converted(to: .channelsLast)
  }

  /// From this many rows on, oneDNN's matrix product is faster than its inner product. Backwards the inner product stays
  /// ahead.
  private static let rowsForMatrixProduct = 4

  private func makeKernel(rows: Int, isAdjoint: Bool) throws -> Kernel {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let (from, to) = isAdjoint ? (outputs, inputs) : (inputs, outputs)
    let source = try ArrayLayout.rowMajor([rows, from])
    let target = try ArrayLayout.rowMajor([rows, to])
    let isProduct = !isAdjoint && rows >= Self.rowsForMatrixProduct
    // The parameters' memory as a matrix: (to, from) for the inner product, (from, to) for the matrix product.
    let weights =
      try isProduct || isAdjoint
      ? ArrayLayout([inputs, outputs], strides: [1, inputs]) : ArrayLayout.rowMajor([outputs, inputs])
    let hasBias = bias != nil && !isAdjoint
    let biasLayout = hasBias ? try ArrayLayout.rowMajor(isProduct ? [1, to] : [to]) : nil
    let primitive = try Primitive("fully connected \(inputs) to \(outputs)") { descriptor, engine in
      (isProduct ? lrp_matrix_product : lrp_inner_product_forward)(
        &descriptor, engine.handle, source.handle, weights.handle, biasLayout?.handle, target.handle,
        engine.attributes)
    }
    return Kernel(primitive: primitive, source: source, weights: weights, bias: biasLayout, target: target)
  }
}
