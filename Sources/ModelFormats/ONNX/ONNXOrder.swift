/// An order of a graph's nodes in which each comes after those whose results it reads: the file's own where that is one.
struct ONNXOrder {
  let nodes: [ONNXNode]
  /// For each value the node that computes it.
  let makers: [String: Int]

  private enum State { case unseen, open, placed }

  /// - Parameter circle: the error for a node that needs its own result.
  func indices(_ circle: (Int) -> any Error) throws -> [Int] {
    var states = [State](repeating: .unseen, count: nodes.count)
    var order: [Int] = []
    order.reserveCapacity(nodes.count)
    for first in nodes.indices where states[first] == .unseen {
      var stack = [first]
      while let index = stack.last {
        if states[index] == .unseen {
          states[index] = .open
          let needed = Set((nodes[index].inputs + nodes[index].capturedNames).compactMap { makers[$0] })
          for other in needed.sorted(by: >) where states[other] != .placed {
            guard states[other] == .unseen else { throw circle(other) }
            stack.append(other)
          }
        } else {
          stack.removeLast()
          guard states[index] == .open else { continue }
          states[index] = .placed
          order.append(index)
        }
      }
    }
    return order
  }
}
