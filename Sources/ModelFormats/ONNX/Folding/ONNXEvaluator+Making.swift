import Tensors

/// Operators that make arrays of a few numbers.
extension ONNXEvaluator {
  mutating func made() throws -> [ONNXArray]? {
    switch node.operation {
    case "Range": return [try range()]
    case "OneHot": return [try oneHot()]
    case "EyeLike": return [try identity()]
    default: return nil
    }
  }

  private mutating func range() throws -> ONNXArray {
    let inputs = try (0..<3).map { try array($0) }
    guard inputs.allSatisfy({ $0.count == 1 }) else { throw Problem("its start, limit and step are not three numbers") }
    let numbers = inputs.map { Double($0.floats[0]) }
    let length = ((numbers[1] - numbers[0]) / numbers[2]).rounded(.up)
    guard length.isFinite else {
      throw Problem.unsound("it counts from \(numbers[0]) to \(numbers[1]) in steps of \(numbers[2])")
    }
    guard length < Double(1 << 40) else {
      throw Problem("it counts \(length) numbers, more than lrp gives a constant memory for")
    }
    let shape = try room([Int(max(0, length))])
    let integers = inputs.compactMap { $0.isFloat ? nil : $0.integers?.first }
    if integers.count == 3 {
      return ONNXArray(shape, (0..<shape.count).map { integers[0] &+ $0 &* integers[2] })
    }
    return ONNXArray(shape, (0..<shape.count).map { Float(numbers[0] + Double($0) * numbers[2]) })
  }

  private mutating func oneHot() throws -> ONNXArray {
    let (indices, values) = (try array(0), try array(2))
    guard let integers = indices.integers, let depth = try list("depth", 1)?.first, (1...1 << 30).contains(depth),
      values.count == 2
    else {
      throw Problem("its depth or its two values are missing")
    }
    let rank = indices.shape.rank + 1
    let axis = try axis(node.integer("axis") ?? -1, rank: rank)
    var extents = indices.extents
    extents.insert(depth, at: axis)
    let shape = try room(extents)
    let inner = indices.extents[axis...].reduce(1, *)
    let places = (0..<shape.count).map { place -> Int in
      let (outer, rest) = place.quotientAndRemainder(dividingBy: depth * inner)
      let index = integers[outer * inner + rest % inner]
      return (index < 0 ? index &+ depth : index) == rest / inner ? 1 : 0
    }
    return values.taking(places, as: shape)
  }

  private mutating func identity() throws -> ONNXArray {
    let input = try array(0)
    guard input.shape.rank == 2 else { throw Problem("its input of shape \(input.shape) is no matrix") }
    let (columns, diagonal) = (input.extents[1], node.integer("k") ?? 0)
    func element(_ place: Int) -> Int { place % columns - place / columns == diagonal ? 1 : 0 }
    let isInteger = node.integer("dtype").map { ![1, 10, 11, 16].contains($0) } ?? !input.isFloat
    if isInteger { return ONNXArray(input.shape, (0..<input.count).map(element)) }
    return ONNXArray(input.shape, (0..<input.count).map { Float(element($0)) })
  }
}
