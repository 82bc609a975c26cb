import COneDNN
import Tensors

/// Extents and storage order of an array, as oneDNN sees it.
final class ArrayLayout: @unchecked Sendable, Equatable {
  let handle: UnsafeMutablePointer<lrp_layout>
  /// Size of the array in bytes, including whatever oneDNN pads.
  var byteCount: Int { lrp_layout_size(handle) }

  private init(handle: UnsafeMutablePointer<lrp_layout>) { self.handle = handle }
  deinit { lrp_layout_destroy(handle) }

  /// An array with the given `strides` (in elements), or one whose order a primitive may choose (`nil`).
  convenience init(_ extents: [Int], strides: [Int]?) throws {
    var handle: UnsafeMutablePointer<lrp_layout>?
    let extents64 = extents.map(Int64.init)
    let status: dnnl_status_t
    if let strides {
      status = lrp_layout_create(&handle, Int32(extents.count), extents64, strides.map(Int64.init))
    } else {
      status = lrp_layout_create(&handle, Int32(extents.count), extents64, nil)
    }
    try check(status, "describing an array of extents \(extents)")
    guard let handle else { throw ComputeError.engine(operation: "describing an array", status: "nothing") }
    self.init(handle: handle)
  }

  /// The layout that a primitive settled on for argument `what`.
  convenience init(of descriptor: dnnl_primitive_desc_t, _ what: dnnl_query_t) throws {
    var handle: UnsafeMutablePointer<lrp_layout>?
    try check(lrp_layout_query(&handle, descriptor, what), "asking a primitive for a layout")
    guard let handle else { throw ComputeError.engine(operation: "asking for a layout", status: "nothing") }
    self.init(handle: handle)
  }

  /// An activation `(N, C, spatial…)`, stored channels-last.
  static func channelsLast(_ shape: Shape) throws -> ArrayLayout {
    var strides = [Int](repeating: 1, count: shape.rank)
    var step = shape.channels
    for axis in stride(from: shape.rank - 1, to: 1, by: -1) {
      strides[axis] = step
      step *= shape[axis]
    }
    strides[0] = step
    return try ArrayLayout(shape.dimensions, strides: strides)
  }

  /// An array stored as its shape reads.
  static func rowMajor(_ extents: [Int]) throws -> ArrayLayout {
    try ArrayLayout(extents, strides: rowMajorStrides(extents))
  }

  static func == (left: ArrayLayout, right: ArrayLayout) -> Bool {
    left === right || lrp_layout_equal(left.handle, right.handle) != 0
  }
}

func rowMajorStrides(_ extents: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: extents.count)
  for axis in stride(from: extents.count - 2, through: 0, by: -1) {
    strides[axis] = strides[axis + 1] * max(1, extents[axis + 1])
  }
  return strides
}
