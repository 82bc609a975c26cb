import Synchronization

/// The memory behind a tensor: a pooled buffer of its own, one that is filled with a single number when it is first asked
/// for, or a read-only window into memory kept alive by `owner`.
final class TensorStorage: @unchecked Sendable {
  let count: Int
  /// Keeps foreign memory (a mapped file) alive; `nil` when the pool owns the buffer.
  let owner: (any TensorMemoryOwner)?
  /// `nil` as long as nobody has asked for elements that are all ``filling``.
  private let address: Atomic<UnsafeMutablePointer<Float>?>
  private let filling: Float
  var isWritable: Bool { owner == nil }
  /// How often a tensor was copied because it was written to while its memory was shared.
  static let copies = Atomic(0)

  init(count: Int) {
    self.count = count
    filling = 0
    address = Atomic(BufferPool.shared.take(count))
    owner = nil
  }

  /// All elements equal, without memory as long as none is read or written.
  init(count: Int, filling: Float) {
    self.count = count
    self.filling = filling
    address = Atomic(nil)
    owner = nil
  }

  init(borrowing pointer: UnsafePointer<Float>, count: Int, owner: any TensorMemoryOwner) {
    self.count = count
    filling = 0
    address = Atomic(UnsafeMutablePointer(mutating: pointer))
    self.owner = owner
  }

  deinit {
    if owner == nil, let pointer = address.load(ordering: .acquiring) { BufferPool.shared.give(pointer, count) }
  }

  /// Lets an owner take its memory back that will hardly be read again; it reads the same if it is.
  func retire() {
    guard let owner, let pointer = address.load(ordering: .acquiring) else { return }
    owner.retire(UnsafeRawBufferPointer(start: pointer, count: count * MemoryLayout<Float>.stride))
  }

  var pointer: UnsafeMutablePointer<Float> { address.load(ordering: .acquiring) ?? filled() }

  /// What all elements are, as long as they have no memory.
  var unstored: Float? { address.load(ordering: .acquiring) == nil ? filling : nil }

  private func filled() -> UnsafeMutablePointer<Float> {
    let made = BufferPool.shared.take(count)
    made.initialize(repeating: filling, count: count)
    // Another thread may have been faster.
    guard let known = address.compareExchange(expected: nil, desired: made, ordering: .acquiringAndReleasing).original
    else { return made }
    BufferPool.shared.give(made, count)
    return known
  }
}

extension Tensor {
  /// How many tensors of this process were copied when they were written to: none should be where speed matters.
  package static var copiesMade: Int { TensorStorage.copies.load(ordering: .relaxed) }
}

/// Whose memory a tensor may borrow: a mapped file.
public protocol TensorMemoryOwner: AnyObject, Sendable {
  /// These bytes will hardly be read again. They must read the same if they are.
  func retire(_ bytes: UnsafeRawBufferPointer)
  /// - Throws: an error that says what became of the memory if it is not what was borrowed.
  func checkUnchanged() throws
}
