import NeuralNetwork

/// The canonizers that can be named without further parameters.
public enum CanonizerCatalog {
  public static let all: [any Canonizer] = [SequentialMergeBatchNorm(), VGGCanonizer(), ResNetCanonizer()]

  /// - Throws: ``LRPError/unknownCanonizer(name:nearest:)`` with the nearest spelling.
  public static func make(_ name: String) throws -> any Canonizer {
    if let canonizer = all.first(where: { $0.name == name }) { return canonizer }
    throw LRPError.unknownCanonizer(name: name, nearest: Spelling.nearest(to: name, among: all.map(\.name)))
  }
}
