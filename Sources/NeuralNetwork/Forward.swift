import Compute
import Tensors

extension Network {
  /// Computes every activation.
  /// - Parameters:
  ///   - input: `(N, C, …)`, channels-last.
  ///   - progress: called before each node with its index; may throw to cancel.
  /// - Returns: the output of every node; element 0 is the input itself.
  /// - Throws: ``NetworkError``, `MemoryError` where memory is limited and does not suffice, or whatever `progress`
  ///   throws.
  public func forward(_ input: Tensor, progress: (Int) throws -> Void = { _ in }) throws -> [Tensor] {
    let shapes = try shapes(forInput: input.shape)
    return try ComputeEngine.pass { pass in
      var activations = [input.converted(to: .channelsLast)]
      activations.reserveCapacity(nodes.count)
      for (index, node) in nodes.enumerated().dropFirst() {
        try progress(index)
        pass.next()
        try pass.demand(
          LayerMemory(of: node.layer, inputs: node.inputs.map { shapes[$0] }, output: shapes[index]).forward,
          for: "'\(node.name)'")
        do {
          activations.append(try node.layer.forward(node.inputs.map { activations[$0] }))
        } catch {
          throw NetworkError.layer(name: node.name, problem: "\(error)")
        }
      }
      return activations
    }
  }
}
