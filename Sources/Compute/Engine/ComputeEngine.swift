import Tensors

/// Everything that a computation takes of the machine: threads, recycled buffers, pages of mapped files, limits to memory.
///
/// Who runs a network says where a run begins and ends (``pass(_:)``) and when its next node comes, and knows of none of
/// them.
public enum ComputeEngine {
  /// Brackets a run through a network, forward or backward. At its end, memory that has lain idle for long goes back to the
  /// system; passes that follow one another find their buffers again.
  public static func pass<Result>(_ body: (Pass) throws -> Result) rethrows -> Result {
    defer { BufferPool.shared.settle() }
    return try body(Pass())
  }

  /// A run that is going on.
  public struct Pass: Sendable {
    fileprivate init() {}

    /// Said before each node: looks from time to time whether other programs want the cores.
    public func next() { Parallelism.adaptToLoad() }

    /// Asks for what a node is about to take. Costs nothing where the process has no limits.
    /// - Parameters:
    ///   - bytes: at least.
    ///   - what: who takes it, for the message.
    /// - Throws: `MemoryError` if the process's own limits do not allow it.
    public func demand(_ bytes: @autoclosure () -> Double, for what: @autoclosure () -> String) throws {
      if MemoryRoom.isLimited { try MemoryRoom.check(bytes(), for: what()) }
    }
  }

  /// Asks, before anything is computed, for what all of it takes.
  /// - Throws: `MemoryError` if a limit of any kind does not allow it, or what `bytes` throws.
  public static func demand(_ bytes: @autoclosure () throws -> Double, for what: @autoclosure () -> String) throws {
    guard let room = MemoryRoom.strictest else { return }
    let needed = try bytes() + Double(MemoryRoom.margin)
    guard needed <= Double(room.left) else { throw MemoryError(what: what(), needed: needed, room: room) }
  }

  /// Says that a tensor's elements have been read and will hardly be again: those that lie in a mapped file need not stay
  /// in memory. Nothing changes for the reader.
  public static func release(_ tensor: Tensor) { tensor.retireBorrowedMemory() }

  /// Gives all idle memory back, because what comes next has other sizes.
  public static func releaseIdleMemory() { BufferPool.shared.drain() }

  /// Where sessions run one after the other.
  public static var executor: UnownedSerialExecutor { ComputeThread.shared.asUnownedSerialExecutor() }

  /// Lets ``executor``, and with it the team of threads that it starts, give way to the rest of the program from the next
  /// request on: for programs with an interface, which is to answer while all cores compute. Where nothing else wants a
  /// core, that costs nothing.
  ///
  /// To be said before the first request: members of a team that has started keep their priority.
  public static func giveWay() { ComputeThread.shared.giveWay() }
}
