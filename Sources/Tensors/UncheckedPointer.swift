/// A pointer handed to the threads of ``parallelFor(_:grain:_:)``, each of which touches its own range.
public struct UncheckedPointer: @unchecked Sendable {
  public let pointer: UnsafePointer<Float>
  @inlinable public init(_ pointer: UnsafePointer<Float>) { self.pointer = pointer }
}

/// The writable counterpart of ``UncheckedPointer``.
public struct UncheckedMutablePointer: @unchecked Sendable {
  public let pointer: UnsafeMutablePointer<Float>
  @inlinable public init(_ pointer: UnsafeMutablePointer<Float>) { self.pointer = pointer }
}
