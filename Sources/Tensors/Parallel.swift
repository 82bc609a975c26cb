import Dispatch
import Foundation

/// Splits `0..<count` over the cores and runs `body` on each piece; small work stays on the calling thread.
///
/// oneDNN's own threads sleep between primitives (`OMP_WAIT_POLICY=passive`), so the two pools never compete.
/// - Parameter grain: the least number of elements that is worth a thread.
@inlinable
public func parallelFor(_ count: Int, grain: Int = 1 << 15, _ body: @Sendable (Range<Int>) -> Void) {
  let pieces = min(Parallelism.threads, max(1, count / max(1, grain)))
  guard pieces > 1 else {
    if count > 0 { body(0..<count) }
    return
  }
  // Pieces start at multiples of 16 floats, so that no two threads write one cache line.
  let step = ((count + pieces - 1) / pieces + 15) & ~15
  DispatchQueue.concurrentPerform(iterations: pieces) { piece in
    let start = min(piece * step, count)
    let end = min(start + step, count)
    if start < end { body(start..<end) }
  }
}

public enum Parallelism {
  /// Threads for element-wise loops: `OMP_NUM_THREADS` if it is set, as for oneDNN, else one per core.
  public static let threads: Int = {
    if let text = ProcessInfo.processInfo.environment["OMP_NUM_THREADS"], let threads = Int(text), threads > 0 {
      return threads
    }
    return ProcessInfo.processInfo.activeProcessorCount
  }()
}
