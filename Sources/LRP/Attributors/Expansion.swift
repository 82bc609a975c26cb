import Tensors

extension Shape {
  /// Whether a tensor of this shape has a number, or one that is repeated, for each of the target's: as many axes or fewer,
  /// each as long as the target's or 1.
  func canExpand(to target: Shape) -> Bool {
    (1...max(1, target.rank)).contains(rank) && zip(dimensions, target.dimensions).allSatisfy { $0 == 1 || $0 == $1 }
  }
}

extension Tensor {
  /// - Throws: ``LRPError/attributor(_:)`` if it does not fit; `name` is what it is for.
  func expanded(to shape: Shape, called name: String) throws -> Tensor {
    guard self.shape.canExpand(to: shape), let result = broadcast(to: shape) else {
      throw LRPError.attributor("\(name) of shape \(self.shape) found, \(shape) expected")
    }
    return result
  }
}
