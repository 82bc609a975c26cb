import Tensors

/// The positions that a kernel of 1×1 with steps meets, and back: between them the convolution is one without steps, for
/// which there are faster kernels.
struct StridedPoints: Sendable {
  private let steps: (row: Int, column: Int)

  /// `nil` unless the kernel is 1×1 (or 1), without padding, with steps of more than 1.
  init?(_ geometry: ConvolutionGeometry, weight: Shape) {
    guard geometry.rank <= 2, geometry.groups == 1, !geometry.isTransposed, weight.spatialCount == 1,
      geometry.strides.contains(where: { $0 > 1 }),
      (geometry.paddingBegin + geometry.paddingEnd).allSatisfy({ $0 == 0 })
    else { return nil }
    steps = geometry.rank == 1 ? (1, geometry.strides[0]) : (geometry.strides[0], geometry.strides[1])
  }

  /// Rows and columns of a map.
  private static func extents(_ shape: Shape) -> (rows: Int, columns: Int) {
    shape.rank == 3 ? (1, shape[2]) : (shape[2], shape[3])
  }

  /// The elements of `near` that are met, of shape `(N, C, far…)`.
  func gathered(_ near: Tensor, far: Shape) -> Tensor {
    let shape = Shape([near.shape[0], near.shape[1]] + far.spatial)
    var result = Tensor(uninitialized: shape)
    copy(shape, near.shape, from: near.unsafeAddress, to: result.uniqueAddress(), isGathering: true)
    withExtendedLifetime((near, result)) {}
    return result
  }

  /// Puts `far` back where it is met, with zeros between; of shape `near`.
  func scattered(_ far: Tensor, near: Shape) -> Tensor {
    var result = Tensor.zeros(near)
    copy(far.shape, near, from: far.unsafeAddress, to: result.uniqueAddress(), isGathering: false)
    withExtendedLifetime((far, result)) {}
    return result
  }

  private func copy(
    _ far: Shape, _ near: Shape, from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>,
    isGathering: Bool
  ) {
    let (channels, small, large) = (far.channels, Self.extents(far), Self.extents(near))
    let (source, target) = (UncheckedPointer(source), UncheckedMutablePointer(target))
    let perRow = max(1, small.columns * channels)
    parallelFor(far.batch * small.rows, grain: max(1, Parallelism.grain / perRow), alignment: 1) { range in
      for index in range {
        let (sample, row) = index.quotientAndRemainder(dividingBy: small.rows)
        let first = (sample * large.rows + row * steps.row) * large.columns
        for column in 0..<small.columns {
          let (a, b) = (first + column * steps.column, index * small.columns + column)
          let (from, to) = isGathering ? (a, b) : (b, a)
          (target.pointer + to * channels).update(from: source.pointer + from * channels, count: channels)
        }
      }
    }
  }
}
