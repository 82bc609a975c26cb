import Tensors

/// A constant taken apart into numbers, row-major, to be computed with when a model is opened.
struct ONNXArray {
  enum Numbers {
    /// Integers, and booleans as 0 and 1.
    case integers([Int])
    case floats([Float])
  }
  let shape: Shape
  let numbers: Numbers

  init(_ shape: Shape, _ numbers: Numbers) {
    self.shape = shape
    self.numbers = numbers
  }

  init(_ shape: Shape, _ integers: [Int]) { self.init(shape, .integers(integers)) }
  init(_ shape: Shape, _ floats: [Float]) { self.init(shape, .floats(floats)) }

  var extents: [Int] { shape.dimensions }
  var count: Int { shape.count }

  var isFloat: Bool { if case .floats = numbers { true } else { false } }

  var floats: [Float] {
    switch numbers {
    case .floats(let floats): floats
    case .integers(let integers): integers.map { Float($0) }
    }
  }

  /// The integers, or `nil` if some number is none.
  var integers: [Int]? {
    switch numbers {
    case .integers(let integers): return integers
    case .floats(let floats):
      let integers = floats.map { Int(exactly: $0) }
      return integers.contains(nil) ? nil : integers.compactMap { $0 }
    }
  }

  var constant: ONNXConstant {
    switch numbers {
    case .integers(let integers): ONNXConstant(integers: integers, shape: shape)
    case .floats(let floats): ONNXConstant(Tensor(shape, rowMajor: floats, layout: .rowMajor))
    }
  }

  /// The numbers at `places`, zeros (or `filling`) where a place is negative.
  func taking(_ places: [Int], as shape: Shape, filling: ONNXArray? = nil) -> ONNXArray {
    switch numbers {
    case .integers(let integers):
      let other = filling?.integers?.first ?? 0
      return ONNXArray(shape, places.map { $0 < 0 ? other : integers[$0] })
    case .floats(let floats):
      let other = filling?.floats.first ?? 0
      return ONNXArray(shape, places.map { $0 < 0 ? other : floats[$0] })
    }
  }

  func reshaped(_ shape: Shape) -> ONNXArray { ONNXArray(shape, numbers) }

  // MARK: Places

  /// Distances between neighbours along each axis of an array.
  static func strides(_ extents: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in strides.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * extents[axis + 1] }
    return strides
  }

  /// Distances for an array that is repeated to `target`, along which it may have fewer axes.
  static func strides(_ extents: [Int], repeatedTo target: [Int]) -> [Int] {
    let missing = target.count - extents.count
    let own = strides(extents)
    return target.indices.map { $0 < missing || extents[$0 - missing] == 1 ? 0 : own[$0 - missing] }
  }

  /// For each element of an array of these extents, in order, where it lies by `strides`.
  static func places(_ extents: [Int], _ strides: [Int], from start: Int = 0) -> [Int] {
    var places = [start]
    for (extent, stride) in zip(extents, strides) {
      var next: [Int] = []
      next.reserveCapacity(places.count * extent)
      for place in places { for index in 0..<extent { next.append(place + index * stride) } }
      places = next
    }
    return places
  }

  /// Calls `body` for each element of an array of these extents with where it lies by each of `strides`.
  static func forEachPlace(_ extents: [Int], _ strides: [[Int]], _ body: ([Int]) -> Void) {
    guard !extents.contains(0) else { return }
    var position = [Int](repeating: 0, count: extents.count)
    var offsets = [Int](repeating: 0, count: strides.count)
    while true {
      body(offsets)
      var axis = extents.count - 1
      while axis >= 0 {
        position[axis] += 1
        for operand in strides.indices { offsets[operand] += strides[operand][axis] }
        if position[axis] < extents[axis] { break }
        for operand in strides.indices { offsets[operand] -= strides[operand][axis] * extents[axis] }
        position[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// The shape to which arrays are repeated when they meet, as in numpy; `nil` if they do not fit.
  static func broadcast(_ shapes: [Shape]) -> Shape? {
    let rank = shapes.map(\.rank).max() ?? 0
    var result = [Int](repeating: 1, count: rank)
    for shape in shapes {
      let missing = rank - shape.rank
      for (axis, extent) in shape.dimensions.enumerated() where extent != 1 {
        guard result[axis + missing] == 1 || result[axis + missing] == extent else { return nil }
        result[axis + missing] = extent
      }
    }
    return Shape(checking: result)
  }
}
