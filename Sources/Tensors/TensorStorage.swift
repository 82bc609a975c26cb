/// The memory behind a tensor: a pooled buffer of its own, or a read-only window into memory kept alive by `owner`.
final class TensorStorage: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int
  /// Keeps foreign memory (a mapped file) alive; `nil` when the pool owns the buffer.
  private let owner: (any AnyObject & Sendable)?
  var isWritable: Bool { owner == nil }

  init(count: Int) {
    self.count = count
    pointer = BufferPool.shared.take(count)
    owner = nil
  }

  init(borrowing pointer: UnsafePointer<Float>, count: Int, owner: any AnyObject & Sendable) {
    self.pointer = UnsafeMutablePointer(mutating: pointer)
    self.count = count
    self.owner = owner
  }

  deinit {
    if owner == nil { BufferPool.shared.give(pointer, count) }
  }
}
