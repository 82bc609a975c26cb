import NeuralNetwork
import Tensors

/// Batches whose activations are larger than the processor's caches are explained piece by piece: what one layer leaves is
/// then still near when the next one reads it, and fewer buffers are in use at once. Each sample's relevance is its own, so
/// pieces give what the whole gives.
extension Gradient {
  /// Bytes of the largest activation that are worked on at a time: of two pictures in VGG16, of eight in ResNet-50.
  package static let pieceBytes = 32 << 20

  /// How many samples of an input are explained at a time; all where they may have to do with one another.
  package func pieceSize(for input: Shape, _ outputRelevance: OutputRelevance) -> Int {
    let batch = input.batch
    let network = assignment.network
    guard batch > 1, !isUsedOnce, !keepsNodeRelevance, !keepsLedger, !keepsParameterRelevance,
      assignment.isSampleWise, let one = try? network.shapes(forInput: input.withBatch(1)),
      let all = try? network.shapes(forInput: input),
      zip(one, all).allSatisfy({ $0.rank > 0 && $0.withBatch(batch) == $1 }),
      outputRelevance.canBeSplit(for: all[network.output])
    else { return batch }
    let bytes = MemoryLayout<Float>.stride * (one.map(\.count).max() ?? 1)
    let most = min(batch, max(1, pieceBytes / max(1, bytes)))
    // Pieces of one size: kernels are made for each.
    let pieces = (batch + most - 1) / most
    return (batch + pieces - 1) / pieces
  }

  package func attribute(
    _ input: Tensor, inPiecesOf size: Int, _ outputRelevance: OutputRelevance, observer: AttributionObserver
  ) throws -> Attribution {
    let batch = input.shape.batch
    var parts: [Attribution] = []
    for start in stride(from: 0, to: batch, by: size) {
      let range = start..<min(start + size, batch)
      parts.append(
        try attributeWhole(input.samples(range), outputRelevance.samples(range)) { step in
          try observer(
            step.part(from: Double(start) / Double(batch), size: Double(range.count) / Double(batch)))
        })
    }
    return Attribution(output: .stacked(parts.map(\.output)), relevance: .stacked(parts.map(\.relevance)))
  }
}

extension Assignment {
  /// Whether no layer and no rule looks at several samples together, as far as is known: rules and stabilizers of a user's own might.
  fileprivate var isSampleWise: Bool {
    zip(network.nodes, matches).allSatisfy { node, match in
      guard node.layer.traits.isSampleWise else { return false }
      guard let rule = match?.rule else { return true }
      return rule.isSampleWise
    }
  }
}

extension OutputRelevance {
  /// Whether what is put in at some samples is known without the others.
  fileprivate func canBeSplit(for outputs: Shape) -> Bool {
    switch self {
    case .logit(.indices(let classes)), .one(.indices(let classes)): classes.count == outputs.batch
    case .output, .logit, .one: true
    case .tensor(let tensor): tensor.shape == outputs
    case .function: false
    }
  }

  /// The same for some samples of a batch that it fits.
  fileprivate func samples(_ range: Range<Int>) -> OutputRelevance {
    switch self {
    case .logit(.indices(let classes)): .logit(.indices(Array(classes[range])))
    case .one(.indices(let classes)): .one(.indices(Array(classes[range])))
    case .tensor(let tensor): .tensor(tensor.samples(range))
    case .output, .logit, .one, .function: self
    }
  }
}
