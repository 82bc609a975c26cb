import Foundation
import Tensors

/// Operators that make one number of many.
extension ONNXEvaluator {
  mutating func reduction() throws -> [ONNXArray]? {
    switch node.operation {
    case "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum",
      "ReduceLogSumExp", "ReduceSumSquare":
      return [try reduced()]
    case "ArgMax", "ArgMin": return [try extremePlaces()]
    case "CumSum": return [try cumulated()]
    case "TopK": return try largest()
    case "BatchNormalization", "InstanceNormalization": return [try normalized()]
    default: return nil
    }
  }

  private mutating func reduced() throws -> ONNXArray {
    let input = try array(0)
    let rank = input.shape.rank
    let given = try list("axes", 1) ?? []
    if given.isEmpty, node.integer("noop_with_empty_axes") == 1 { return input }
    let axes = try given.isEmpty ? Array(0..<rank) : axes(given, rank: rank).sorted()
    let kept = (0..<rank).filter { !axes.contains($0) }
    let extents = input.extents
    let strides = ONNXArray.strides(extents)
    let length = axes.reduce(1) { $0 * extents[$1] }
    // What is reduced lies side by side.
    try reserve(input.shape)
    let order = kept + axes
    let places = ONNXArray.places(order.map { extents[$0] }, order.map { strides[$0] })
    let lined = input.taking(places, as: input.shape)
    let keepsAxes = (node.integer("keepdims") ?? 1) != 0
    let shape = try room(
      extents.indices.compactMap { axes.contains($0) ? (keepsAxes ? 1 : nil) : extents[$0] })
    let isPlain = ["ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd"].contains(node.operation)
    if isPlain, case .integers(let integers) = lined.numbers {
      return ONNXArray(
        shape, try (0..<shape.count).map { try integer(integers[$0 * length..<($0 + 1) * length]) })
    }
    let floats = lined.floats
    return ONNXArray(
      shape, (0..<shape.count).map { Float(number(floats[$0 * length..<($0 + 1) * length])) })
  }

  private func integer(_ numbers: ArraySlice<Int>) throws -> Int {
    switch node.operation {
    case "ReduceMax": return numbers.max() ?? .min
    case "ReduceMin": return numbers.min() ?? .max
    default:
      let isProduct = node.operation == "ReduceProd"
      return try numbers.reduce(isProduct ? 1 : 0) { total, next in
        let result = isProduct ? total.multipliedReportingOverflow(by: next) : total.addingReportingOverflow(next)
        guard !result.overflow else { throw Problem("its result is no integer of 64 bits") }
        return result.partialValue
      }
    }
  }

  private func number(_ numbers: ArraySlice<Float>) -> Double {
    func sum(_ function: (Double) -> Double) -> Double { numbers.reduce(0) { $0 + function(Double($1)) } }
    switch node.operation {
    case "ReduceMax": return Double(numbers.max() ?? -.infinity)
    case "ReduceMin": return Double(numbers.min() ?? .infinity)
    case "ReduceProd": return numbers.reduce(1) { $0 * Double($1) }
    case "ReduceL1": return sum { abs($0) }
    case "ReduceL2": return sum { $0 * $0 }.squareRoot()
    case "ReduceSumSquare": return sum { $0 * $0 }
    case "ReduceLogSum": return log(sum { $0 })
    case "ReduceLogSumExp":
      let most = Double(numbers.max() ?? 0)
      return most + log(sum { exp($0 - most) })
    case "ReduceMean": return sum { $0 } / Double(numbers.count)
    default: return sum { $0 }
    }
  }

  /// `(x − mean) / √(variance + ε) · γ + β` of a constant's own channels, or with the mean and variance that are given:
  /// weights are standardized so.
  private mutating func normalized() throws -> ONNXArray {
    let isInstance = node.operation == "InstanceNormalization"
    let isTraining =
      operatorSet < 14 ? node.proto.output.count(where: { !$0.isEmpty }) > 1 : node.integer("training_mode") == 1
    let input = try array(0)
    guard input.shape.rank >= 2 else { throw Problem("its input of shape \(input.shape) has no channels") }
    let parameters = try (1..<(isInstance ? 3 : 5)).map { try array($0).floats }
    let (batch, channels) = (input.extents[0], input.extents[1])
    guard parameters.allSatisfy({ $0.count == channels }), batch * channels > 0 else {
      throw Problem.unsound("its parameters are not one number for each of \(channels) channels")
    }
    let length = input.count / batch / channels
    let epsilon = Double(node.float("epsilon") ?? 1e-5)
    var numbers = input.floats
    // The samples whose numbers are normalized together.
    let groups = isInstance ? (0..<batch).map { $0..<$0 + 1 } : [0..<batch]
    for channel in 0..<channels {
      for samples in groups {
        let places = samples.flatMap { sample in
          (0..<length).map { (sample * channels + channel) * length + $0 }
        }
        var (mean, variance) = (0.0, 1.0)
        if isInstance || isTraining {
          let count = Double(places.count)
          mean = places.reduce(0) { $0 + Double(numbers[$1]) } / count
          variance = places.reduce(0) { $0 + (Double(numbers[$1]) - mean) * (Double(numbers[$1]) - mean) } / count
        } else {
          (mean, variance) = (Double(parameters[2][channel]), Double(parameters[3][channel]))
        }
        let scale = Double(parameters[0][channel]) / (variance + epsilon).squareRoot()
        let shift = Double(parameters[1][channel])
        for place in places { numbers[place] = Float((Double(numbers[place]) - mean) * scale + shift) }
      }
    }
    return ONNXArray(input.shape, numbers)
  }

  // MARK: Lines

  /// The lines of an array along an axis: how many, how long, and the place of each element.
  private struct Lines {
    let count: Int
    let length: Int
    let inner: Int

    init(_ shape: Shape, _ axis: Int) {
      length = shape[axis]
      inner = shape.dimensions[(axis + 1)...].reduce(1, *)
      count = shape.dimensions[..<axis].reduce(1, *) * inner
    }

    func place(_ line: Int, _ index: Int) -> Int { line / inner * inner * length + line % inner + index * inner }
  }

  private mutating func extremePlaces() throws -> ONNXArray {
    let input = try array(0)
    let axis = try axis(node.integer("axis") ?? 0, rank: input.shape.rank)
    let lines = Lines(input.shape, axis)
    let (isLargest, isLast) = (node.operation == "ArgMax", node.integer("select_last_index") == 1)
    let numbers = input.floats
    guard lines.length > 0 else { throw Problem("it looks for the largest of no numbers") }
    let places = (0..<lines.count).map { line -> Int in
      var best = 0
      for index in 1..<max(1, lines.length) {
        let (new, old) = (numbers[lines.place(line, index)], numbers[lines.place(line, best)])
        if isLargest ? new > old : new < old { best = index } else if isLast, new == old { best = index }
      }
      return best
    }
    var extents = input.extents
    if (node.integer("keepdims") ?? 1) != 0 { extents[axis] = 1 } else { extents.remove(at: axis) }
    return ONNXArray(try room(extents), places)
  }

  private mutating func cumulated() throws -> ONNXArray {
    let input = try array(0)
    guard let given = try list("axis", 1)?.first else { throw Problem("it has no axis") }
    let lines = Lines(input.shape, try axis(given, rank: input.shape.rank))
    let (isExclusive, isReversed) = (node.integer("exclusive") == 1, node.integer("reverse") == 1)
    func sums<Number>(_ numbers: [Number], _ zero: Number, _ plus: (Number, Number) -> Number) -> [Number] {
      var numbers = numbers
      for line in 0..<lines.count {
        var total = zero
        for step in 0..<lines.length {
          let place = lines.place(line, isReversed ? lines.length - 1 - step : step)
          let next = plus(total, numbers[place])
          numbers[place] = isExclusive ? total : next
          total = next
        }
      }
      return numbers
    }
    switch input.numbers {
    case .integers(let integers): return ONNXArray(input.shape, sums(integers, 0, &+))
    case .floats(let floats): return ONNXArray(input.shape, sums(floats, 0, +))
    }
  }

  private mutating func largest() throws -> [ONNXArray] {
    let input = try array(0)
    let axis = try axis(node.integer("axis") ?? -1, rank: input.shape.rank)
    let lines = Lines(input.shape, axis)
    guard let count = try list("k", 1)?.first ?? node.integer("k"), (0...lines.length).contains(count) else {
      throw Problem("it wants more numbers than there are along axis \(axis) of \(input.shape)")
    }
    let isLargest = node.integer("largest") != 0
    let numbers = input.floats
    try budget.work(16 * numbers.count)
    var extents = input.extents
    extents[axis] = count
    let shape = try room(extents)
    let target = Lines(shape, axis)
    var (places, indices) = ([Int](repeating: 0, count: shape.count), [Int](repeating: 0, count: shape.count))
    for line in 0..<lines.count {
      let order = (0..<lines.length).sorted { first, second in
        let (x, y) = (numbers[lines.place(line, first)], numbers[lines.place(line, second)])
        return x == y ? first < second : isLargest ? x > y : x < y
      }
      for index in 0..<count {
        places[target.place(line, index)] = lines.place(line, order[index])
        indices[target.place(line, index)] = order[index]
      }
    }
    return [input.taking(places, as: shape), ONNXArray(shape, indices)]
  }
}
