import Tensors

/// Rows of the input along some axes, in any order and any number of times: selections by index, runs with a step,
/// repetitions, and padding of any axis. A row may also be a constant.
public struct Selection: Layer {
  public let kind: LayerKind
  public var summary: String {
    let parts = rows.keys.sorted().map { "\(rows[$0]?.count ?? 0) of \(extents[$0]) along axis \($0)" }
    return "\(kind.rawValue) " + parts.joined(separator: ", ")
  }
  /// For each axis that changes, where each row of the output is read from; −1 for the constant.
  public let rows: [Int: [Int]]
  /// What rows that are not read from the input hold.
  public let filling: Float
  /// Extents of the input; the batch's is 1 and may be another.
  private let extents: [Int]

  /// - Parameters:
  ///   - kind: what it is in the model's code.
  ///   - rows: for any axes but the batch's.
  ///   - shape: the input's.
  /// - Throws: ``LayerError`` if a row is none of the input's.
  public init(_ kind: LayerKind, rows: [Int: [Int]], of shape: Shape, filling: Float = 0) throws {
    for (axis, indices) in rows {
      guard axis > 0, axis < shape.rank, !indices.isEmpty, indices.allSatisfy({ (-1..<shape[axis]).contains($0) })
      else {
        throw LayerError("rows along axis \(axis) that an input of shape \(shape) does not have")
      }
    }
    self.init(kind, rows: rows, extents: shape.dimensions, filling: filling)
  }

  private init(_ kind: LayerKind, rows: [Int: [Int]], extents: [Int], filling: Float) {
    (self.kind, self.rows, self.extents, self.filling) = (kind, rows, extents, filling)
  }

  public var traits: LayerTraits {
    let addsConstants = filling != 0 && rows.values.contains { $0.contains(-1) }
    return LayerTraits(
      linearity: addsConstants ? .affine : .linear, signs: filling < 0 && addsConstants ? .unknown : .keepsNonnegative,
      axes: .kept(nil), isFunctional: kind != .padding, isSampleWise: true, isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder {
    .affine(Selection(kind, rows: rows, extents: extents, filling: 0))
  }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard shape.dimensions.dropFirst() == extents.dropFirst() else {
      throw LayerError("its input has the shape \(shape) and not \(Shape(extents).withBatch(shape.batch))")
    }
    guard let result = Shape(checking: shape.dimensions.indices.map { rows[$0]?.count ?? shape[$0] }) else {
      throw LayerError("its output has more elements than can be counted")
    }
    return result
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let (input, shape) = (try inputs.only().converted(to: .rowMajor), try outputShape(for: inputs.map(\.shape)))
    let (places, filling) = (places(shape), filling)
    let (from, to) = (input.shape.sampleCount, shape.sampleCount)
    var result = Tensor(uninitialized: shape, layout: .rowMajor)
    result.withUnsafeMutableBufferPointer { target in
      input.withUnsafeBufferPointer { source in
        for sample in 0..<shape.batch {
          for (index, place) in places.enumerated() {
            target[sample * to + index] = place < 0 ? filling : source[sample * from + place]
          }
        }
      }
    }
    return result.converted(to: .channelsLast)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let (seed, shape) = (seed.converted(to: .rowMajor), try inputs.only().shape)
    let places = places(seed.shape)
    let (from, to) = (seed.shape.sampleCount, shape.sampleCount)
    var result = Tensor.zeros(shape, layout: .rowMajor)
    result.withUnsafeMutableBufferPointer { target in
      seed.withUnsafeBufferPointer { source in
        for sample in 0..<shape.batch {
          for (index, place) in places.enumerated() where place >= 0 {
            target[sample * to + place] += source[sample * from + index]
          }
        }
      }
    }
    return [result.converted(to: .channelsLast)]
  }

  /// For each element of a sample of the output where it lies in a sample of the input, row-major.
  private func places(_ output: Shape) -> [Int] {
    var places = [0]
    for axis in 1..<max(1, output.rank) {
      let extent = extents[axis]
      let indices = rows[axis] ?? Array(0..<extent)
      var next: [Int] = []
      next.reserveCapacity(places.count * indices.count)
      for place in places {
        for index in indices { next.append(place < 0 || index < 0 ? -1 : place * extent + index) }
      }
      places = next
    }
    return places
  }
}
