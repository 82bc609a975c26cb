import Tensors

/// The numbers that are laid onto 0 and 1, each over `axes`: zennit's `interval_norm_bounds`.
///
/// - Parameters:
///   - norm: symmetric: -m and m with m = max|r|; absolute: 0 and m; unaligned: the minimum and the maximum.
///   - axes: the axes to reduce, all but the batch axis if `nil`; negative ones count from the end.
/// - Returns: two tensors of the input's shape with extent 1 along `axes`. A NaN makes its bounds NaN.
/// - Throws: ``HeatmapError/argument(name:found:expected:)`` for an axis that is not there or is named twice,
///   ``HeatmapError/shape(_:expected:)`` if there is nothing along an axis.
public func intervalNormBounds(
  _ input: Tensor, norm: RelevanceNorm = .unaligned, axes: [Int]? = nil
) throws(HeatmapError) -> (minimum: Tensor, maximum: Tensor) {
  let rank = input.shape.rank
  var reduced = [Bool](repeating: false, count: rank)
  for axis in axes ?? Array(1..<max(1, rank)) {
    let index = axis < 0 ? axis + rank : axis
    guard reduced.indices.contains(index), !reduced[index] else {
      throw .argument(name: "axes", found: "\(axis)", expected: "each axis of \(input.shape) at most once")
    }
    reduced[index] = true
  }
  guard input.count > 0 else { throw .shape(input.shape, expected: "at least one element") }

  let shape = Shape(zip(input.shape.dimensions, reduced).map { $1 ? 1 : $0 })
  var minimum = [Float](repeating: .infinity, count: shape.count)
  var maximum = [Float](repeating: -.infinity, count: shape.count)
  let elements = input.rowMajorElements()
  forEachBroadcastIndex(of: shape, over: input.shape) { index, target in
    let value = norm == .unaligned ? elements[index] : abs(elements[index])
    if !(value >= minimum[target]) { minimum[target] = minimum[target].isNaN ? .nan : value }
    if !(value <= maximum[target]) { maximum[target] = maximum[target].isNaN ? .nan : value }
  }
  switch norm {
  case .unaligned: break
  case .symmetric: minimum = maximum.map { -$0 }
  case .absolute: minimum = [Float](repeating: 0, count: minimum.count)
  }
  return (Tensor(shape, rowMajor: minimum), Tensor(shape, rowMajor: maximum))
}

/// Calls `body` for each row-major index into `outer` with the index into `shape` that it falls on when `shape`, whose axes
/// are aligned at the end, is repeated along its axes of extent 1.
/// - Precondition: the shapes can be broadcast that way.
@inline(__always)
func forEachBroadcastIndex(of shape: Shape, over outer: Shape, _ body: (_ index: Int, _ target: Int) -> Void) {
  let missing = outer.rank - shape.rank
  var strides = [Int](repeating: 0, count: outer.rank)
  var stride = 1
  for axis in (0..<shape.rank).reversed() {
    if shape[axis] != 1 { strides[axis + missing] = stride }
    stride *= shape[axis]
  }
  var position = [Int](repeating: 0, count: outer.rank)
  var target = 0
  for index in 0..<outer.count {
    body(index, target)
    var axis = outer.rank - 1
    while axis >= 0 {
      position[axis] += 1
      target += strides[axis]
      if position[axis] < outer[axis] { break }
      target -= strides[axis] * outer[axis]
      position[axis] = 0
      axis -= 1
    }
  }
}
