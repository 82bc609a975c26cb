/// A float32 array with value semantics (copy-on-write).
///
/// The logical shape is always `(N, C, spatial…)` for activations and `(O, I, kernel…)` for parameters, as in the
/// literature. Activations are *stored* channels-last (`N, spatial…, C`), which is what the convolution kernels
/// read fastest; parameters are stored row-major. Up to rank 2 the two layouts are the same.
public struct Tensor: Sendable {
  public enum Layout: Sendable {
    /// Storage order `N, spatial…, C` (torch's `channels_last`): activations and relevance.
    case channelsLast
    /// Storage order as the shape reads: parameters, and arrays in files.
    case rowMajor
  }

  public let shape: Shape
  public let layout: Layout
  private var storage: TensorStorage

  public var count: Int { storage.count }

  /// A tensor whose elements are not yet set.
  public init(uninitialized shape: Shape, layout: Layout = .channelsLast) {
    self.shape = shape
    self.layout = shape.rank > 2 ? layout : .channelsLast
    storage = TensorStorage(count: shape.count)
  }

  /// A tensor with every element equal to `value`.
  public init(_ shape: Shape, filledWith value: Float, layout: Layout = .channelsLast) {
    self.init(uninitialized: shape, layout: layout)
    storage.pointer.initialize(repeating: value, count: storage.count)
  }

  /// A tensor with every element equal to `value`, which takes memory only when it is first read or written.
  public static func uniform(_ shape: Shape, _ value: Float, layout: Layout = .channelsLast) -> Tensor {
    Tensor(
      shape: shape, layout: shape.rank > 2 ? layout : .channelsLast,
      storage: TensorStorage(count: shape.count, filling: value))
  }

  /// The number that all elements of a ``uniform(_:_:layout:)`` tensor are which nobody has read yet; `nil` for others.
  public var unstoredElement: Float? { storage.unstored }

  /// The same storage, for elements that are all alike.
  func relabelledUniform(_ layout: Layout) -> Tensor { Tensor(shape: shape, layout: layout, storage: storage) }

  public static func zeros(_ shape: Shape, layout: Layout = .channelsLast) -> Tensor {
    Tensor(shape, filledWith: 0, layout: layout)
  }

  /// A tensor from elements in row-major order of the logical shape, stored in `layout`.
  /// - Precondition: `rowMajor.count == shape.count`.
  public init(_ shape: Shape, rowMajor elements: [Float], layout: Layout = .channelsLast) {
    precondition(elements.count == shape.count, "\(elements.count) elements for shape \(shape)")
    var tensor = Tensor(uninitialized: shape, layout: .rowMajor)
    tensor.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: elements) }
    self = tensor.converted(to: layout)
  }

  /// A read-only, row-major view of memory that `owner` keeps alive; writing to it makes a copy first.
  public init(_ shape: Shape, borrowing pointer: UnsafePointer<Float>, owner: any TensorMemoryOwner) {
    self.shape = shape
    layout = shape.rank > 2 ? .rowMajor : .channelsLast
    storage = TensorStorage(borrowing: pointer, count: shape.count, owner: owner)
  }

  /// Says that borrowed elements have been read and will hardly be again, so that a mapped file's pages need not stay in
  /// memory beside a copy in another order. Nothing changes for the reader.
  public func retireBorrowedMemory() { storage.retire() }

  /// Whose memory the elements lie in; `nil` if it is the tensor's own.
  public var memoryOwner: (any TensorMemoryOwner)? { storage.owner }

  private init(shape: Shape, layout: Layout, storage: TensorStorage) {
    self.shape = shape
    self.layout = layout
    self.storage = storage
  }

  /// Elements in storage order.
  public func withUnsafeBufferPointer<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: UnsafePointer(storage.pointer), count: storage.count))
    }
  }

  /// Elements in storage order, for writing; copies first if the memory is shared.
  public mutating func withUnsafeMutableBufferPointer<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    _ = uniqueAddress()
    return try withExtendedLifetime(storage) {
      try body(UnsafeMutableBufferPointer(start: storage.pointer, count: storage.count))
    }
  }

  /// The address of the elements for writing, valid while this tensor lives and is not copied; copies first if the
  /// memory is shared.
  public mutating func uniqueAddress() -> UnsafeMutablePointer<Float> {
    if !isKnownUniquelyReferenced(&storage) || !storage.isWritable {
      let copy = TensorStorage(count: storage.count)
      if let value = storage.unstored {
        copy.pointer.initialize(repeating: value, count: storage.count)
      } else {
        TensorStorage.copies.add(1, ordering: .relaxed)
        copy.pointer.initialize(from: storage.pointer, count: storage.count)
      }
      storage = copy
    }
    return storage.pointer
  }

  /// The address of the elements, valid while this tensor lives: for C kernels that only read.
  public var unsafeAddress: UnsafePointer<Float> { UnsafePointer(storage.pointer) }

  /// The same elements in storage order under another shape of equal count; data is never moved.
  ///
  /// - Parameter layout: how the elements are to be read under the new shape; as now if `nil`, which is right for
  ///   shapes whose storage order agrees, such as `(N, C)` and `(N, C, 1, 1)`.
  public func viewed(as shape: Shape, layout: Layout? = nil) -> Tensor {
    precondition(shape.count == count, "\(self.shape) viewed as \(shape)")
    return Tensor(shape: shape, layout: shape.rank > 2 ? layout ?? self.layout : .channelsLast, storage: storage)
  }

  /// Whether both tensors share their memory.
  public func sharesMemory(with other: Tensor) -> Bool { storage === other.storage }
}
