/// A layer at its place in a network.
public struct Node: Sendable {
  /// Unique in the network. Equal to ``path``, with `#2`, `#3`, … for the later uses of a reused module.
  public let name: String
  /// The module path as PyTorch spells it (`layer1.0.relu`): what composites assign rules to.
  public let path: String
  public let layer: any Layer
  /// Indices of the nodes whose outputs this one reads, all smaller than its own.
  public let inputs: [Int]

  public init(name: String, path: String, layer: any Layer, inputs: [Int]) {
    self.name = name
    self.path = path
    self.layer = layer
    self.inputs = inputs
  }
}
