import Foundation
import NeuralNetwork
import Tensors

/// Whether so many samples at a time fit into the machine.
enum BatchMemory {
  /// - Parameters:
  ///   - batchSize: what the user said.
  ///   - samples: how many there are.
  ///   - sample: the input's shape; its batch does not matter.
  ///   - memory: of the machine, in bytes.
  /// - Throws: ``CommandFailure`` if the activations alone take more than there is, `MemoryError` if a limit does not
  ///   allow what they and the parameters take.
  static func check(
    batchSize: Int, samples: Int, of network: Network, sample: Shape,
    memory: UInt64 = ProcessInfo.processInfo.physicalMemory
  ) throws {
    let shapes = try network.shapes(forInput: sample.withBatch(1))
    let perSample = shapes.reduce(0.0) { $0 + Double($1.count) * 4 }
    let most = max(1, Int(min(1e9, Double(memory) / max(1, perSample))))
    let count = min(batchSize, samples)
    guard count <= most || count == 1 else {
      let megabytes = String(format: "%.3g", perSample / 1e6)
      throw CommandFailure(
        "--batch-size: \(batchSize) found; what the layers put out takes \(megabytes) MB a sample, this machine has "
          + "\(memory / 1_000_000) MB; give at most \(most)")
    }
    try network.checkMemory(forInput: sample.withBatch(count))
  }
}
