import Foundation
import Tensors

/// Numbers that are known without running the network: weights, shapes, and what is computed from them.
struct ONNXConstant: Sendable {
  enum Elements: Sendable {
    /// Row-major.
    case floats(Tensor)
    case integers([Int])
    /// All the same; not stored until a layer wants it.
    case uniform(Float)
    /// As the file has them, little-endian; decoded when a layer wants them.
    case raw(Data, ElementType)
  }
  let shape: Shape
  let elements: Elements

  /// Integers take part in the arithmetic of shapes only, which are short.
  static let mostIntegers = 1 << 20

  init(_ shape: Shape, _ elements: Elements) {
    self.shape = shape
    self.elements = elements
  }

  init(integers: [Int], shape: Shape? = nil) {
    self.init(shape ?? [integers.count], .integers(integers))
  }

  init(_ tensor: Tensor) { self.init(tensor.shape, .floats(tensor)) }

  /// As float32, row-major.
  func tensor() -> Tensor {
    switch elements {
    case .floats(let tensor): tensor.viewed(as: shape, layout: .rowMajor)
    case .integers(let integers): Tensor(shape, rowMajor: integers.map { Float($0) }, layout: .rowMajor)
    case .uniform(let value): .uniform(shape, value, layout: .rowMajor)
    case .raw(let data, let type): data.withUnsafeBytes { Self.decoded($0, type, shape) }
    }
  }

  static func decoded(_ bytes: UnsafeRawBufferPointer, _ type: ElementType, _ shape: Shape) -> Tensor {
    var tensor = Tensor(uninitialized: shape, layout: .rowMajor)
    tensor.withUnsafeMutableBufferPointer { type.decode(bytes, bigEndian: 1.littleEndian != 1, into: $0) }
    return tensor
  }

  /// As integers, or `nil` if they are none or too many.
  var integers: [Int]? {
    guard shape.count <= Self.mostIntegers else { return nil }
    switch elements {
    case .integers(let integers): return integers
    case .uniform(let value):
      return Int(exactly: value).map { [Int](repeating: $0, count: shape.count) }
    case .floats, .raw:
      let numbers = tensor().rowMajorElements().map { Int(exactly: $0) }
      return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
    }
  }

  /// The one number there is, or `nil`.
  var number: Float? { shape.count == 1 ? tensor().withUnsafeBufferPointer { $0.first } : nil }

  /// The same elements under another shape of the same count.
  func reshaped(_ shape: Shape) -> ONNXConstant { ONNXConstant(shape, elements) }
}
