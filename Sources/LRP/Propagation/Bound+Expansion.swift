import NeuralNetwork
import Tensors

extension Bound {
  /// A number for each channel; `nil` for tensors, or where there are numbers for another count of channels.
  func numbers(channels: Int) -> [Float]? {
    switch self {
    case .scalar(let value): [Float](repeating: Float(value), count: channels)
    case .perChannel(let values) where values.count == 1: [Float](repeating: Float(values[0]), count: channels)
    case .perChannel(let values): values.count == channels ? values.map { Float($0) } : nil
    case .tensor: nil
    }
  }

  /// The bound at every element of an input of shape `(N, C, …)`.
  func expanded(to shape: Shape, layer: String) throws -> Tensor {
    switch self {
    case .scalar(let value): return Tensor(shape, filledWith: Float(value))
    case .perChannel(let values):
      guard let channels = numbers(channels: shape.channels) else {
        throw LRPError.rule(
          layer: layer, rule: "ZBox",
          problem: "bounds for \(values.count) channels found, the input \(shape) has \(shape.channels)")
      }
      var result = Tensor(uninitialized: shape)
      result.withUnsafeMutableBufferPointer { buffer in
        for i in buffer.indices { buffer[i] = channels[i % channels.count] }
      }
      return result
    case .tensor(let tensor):
      guard let expanded = tensor.broadcast(to: shape) else {
        throw LRPError.rule(
          layer: layer, rule: "ZBox", problem: "bounds of shape \(tensor.shape) do not fit the input \(shape)")
      }
      return expanded
    }
  }
}

extension Tensor {
  /// Repeats axes of extent 1 to `shape`; missing axes are appended, surplus samples are cut. `nil` if it cannot fit.
  func broadcast(to target: Shape) -> Tensor? {
    let rank = target.rank
    guard shape.rank <= rank, shape.rank > 0 else { return nil }
    var extents = shape.dimensions + [Int](repeating: 1, count: rank - shape.rank)
    if shape.rank == rank, extents[0] > target[0] { extents[0] = target[0] }
    for axis in 0..<rank where extents[axis] != 1 && extents[axis] != target[axis] { return nil }
    let source = rowMajorElements()
    var strides = [Int](repeating: 0, count: rank)
    var step = 1
    for axis in (0..<rank).reversed() {
      strides[axis] = extents[axis] == 1 ? 0 : step
      step *= extents[axis]
    }
    let elements = (0..<target.count).map { flat in
      var (rest, position) = (flat, 0)
      for axis in (0..<rank).reversed() {
        position += (rest % target[axis]) * strides[axis]
        rest /= target[axis]
      }
      return source[position]
    }
    return Tensor(target, rowMajor: elements)
  }
}
