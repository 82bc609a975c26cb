import Tensors

/// Operators that take or set elements by indices.
extension ONNXEvaluator {
  mutating func picking() throws -> [ONNXArray]? {
    switch node.operation {
    case "Gather": return [try gathered()]
    case "GatherElements": return [try gatheredElements()]
    case "GatherND": return [try gatheredParts()]
    case "ScatterElements", "Scatter": return [try scatteredElements()]
    case "ScatterND": return [try scatteredParts()]
    case "NonZero": return [try placesOfOthers()]
    default: return nil
    }
  }

  private mutating func indices(_ input: Int) throws -> ONNXArray {
    let array = try array(input)
    guard let integers = array.integers else { throw Problem("its input \(input) are no integers") }
    return ONNXArray(array.shape, integers)
  }

  private func place(_ index: Int, _ extent: Int) throws -> Int {
    let place = index < 0 ? index &+ extent : index
    guard (0..<extent).contains(place) else { throw Problem("it takes index \(index) of \(extent)") }
    return place
  }

  private mutating func gathered() throws -> ONNXArray {
    let (data, indices) = (try array(0), try indices(1))
    let axis = try axis(node.integer("axis") ?? 0, rank: data.shape.rank)
    let places = try (indices.integers ?? []).map { try place($0, data.extents[axis]) }
    let picked = try rows(data, axis, places)
    return picked.reshaped(
      try room(data.extents[..<axis] + indices.extents + data.extents[(axis + 1)...]))
  }

  /// For each element of `indices` the place in `data` that it names along `axis`.
  private func elements(_ indices: ONNXArray, _ data: ONNXArray) throws -> [Int] {
    let axis = try axis(node.integer("axis") ?? 0, rank: data.shape.rank)
    guard indices.shape.rank == data.shape.rank,
      data.extents.indices.allSatisfy({ $0 == axis || indices.extents[$0] <= data.extents[$0] })
    else {
      throw Problem("its indices of shape \(indices.shape) do not fit an array of \(data.shape)")
    }
    let strides = ONNXArray.strides(data.extents)
    var others = strides
    others[axis] = 0
    return try zip(ONNXArray.places(indices.extents, others), indices.integers ?? []).map {
      $0 + (try place($1, data.extents[axis])) * strides[axis]
    }
  }

  private mutating func gatheredElements() throws -> ONNXArray {
    let (data, indices) = (try array(0), try indices(1))
    return data.taking(try elements(indices, data), as: indices.shape)
  }

  /// Where the parts begin that `indices` name, the shape of a part, and the extents of what is named.
  private func parts(
    _ indices: ONNXArray, _ data: ONNXArray, batch: Int
  ) throws -> (starts: [Int], part: [Int], named: [Int]) {
    guard let depth = indices.extents.last, depth > 0, batch >= 0, batch < indices.shape.rank,
      batch + depth <= data.shape.rank, indices.extents[..<batch] == data.extents[..<batch]
    else {
      throw Problem("its indices of shape \(indices.shape) do not fit an array of \(data.shape)")
    }
    let strides = ONNXArray.strides(data.extents)
    let named = Array(indices.extents.dropLast())
    let perBatch = named[batch...].reduce(1, *)
    let numbers = indices.integers ?? []
    let starts = try (0..<named.reduce(1, *)).map { tuple -> Int in
      var start = batch == 0 ? 0 : tuple / perBatch * strides[batch - 1]
      for axis in 0..<depth {
        start += try place(numbers[tuple * depth + axis], data.extents[batch + axis]) * strides[batch + axis]
      }
      return start
    }
    return (starts, Array(data.extents[(batch + depth)...]), named)
  }

  private mutating func gatheredParts() throws -> ONNXArray {
    let (data, indices) = (try array(0), try indices(1))
    let (starts, part, named) = try parts(indices, data, batch: node.integer("batch_dims") ?? 0)
    let shape = try room(named + part)
    let size = part.reduce(1, *)
    return data.taking(starts.flatMap { start in (0..<size).map { start + $0 } }, as: shape)
  }

  // MARK: Scattering

  private func written(_ data: ONNXArray, _ places: [Int], _ updates: ONNXArray) throws -> ONNXArray {
    guard places.count == updates.count else { throw Problem("its updates of \(updates.shape) do not fit its indices") }
    let reduction = node.text("reduction") ?? "none"
    func writing<Number: Numeric & Comparable>(_ numbers: [Number], _ others: [Number]) throws -> [Number] {
      var numbers = numbers
      for (place, other) in zip(places, others) {
        switch reduction {
        case "none": numbers[place] = other
        case "max": numbers[place] = max(numbers[place], other)
        case "min": numbers[place] = min(numbers[place], other)
        default: throw Problem("lrp does not know the reduction '\(printable(reduction))'")
        }
      }
      return numbers
    }
    func summing(_ numbers: [Float], _ others: [Float]) -> [Float] {
      var numbers = numbers
      for (place, other) in zip(places, others) {
        if reduction == "add" { numbers[place] += other } else { numbers[place] *= other }
      }
      return numbers
    }
    if reduction == "add" || reduction == "mul" {
      let result = ONNXArray(data.shape, summing(data.floats, updates.floats))
      if data.isFloat { return result }
      guard let integers = result.integers else { throw Problem("its result is no integer of 64 bits") }
      return ONNXArray(data.shape, integers)
    }
    if case .integers(let numbers) = data.numbers, let others = updates.integers {
      return ONNXArray(data.shape, try writing(numbers, others))
    }
    return ONNXArray(data.shape, try writing(data.floats, updates.floats))
  }

  private mutating func scatteredElements() throws -> ONNXArray {
    let (data, indices, updates) = (try array(0), try indices(1), try array(2))
    return try written(data, elements(indices, data), updates)
  }

  private mutating func scatteredParts() throws -> ONNXArray {
    let (data, indices, updates) = (try array(0), try indices(1), try array(2))
    let (starts, part, _) = try parts(indices, data, batch: 0)
    let size = part.reduce(1, *)
    guard starts.count.multipliedReportingOverflow(by: size).partialValue == updates.count else {
      throw Problem("its updates of \(updates.shape) do not fit its indices of \(indices.shape)")
    }
    return try written(data, starts.flatMap { start in (0..<size).map { start + $0 } }, updates)
  }

  private mutating func placesOfOthers() throws -> ONNXArray {
    let input = try array(0)
    let numbers = input.floats
    let found = numbers.indices.filter { numbers[$0] != 0 }
    let strides = ONNXArray.strides(input.extents)
    let shape = try room([input.shape.rank, found.count])
    return ONNXArray(
      shape, input.extents.indices.flatMap { axis in found.map { $0 / strides[axis] % input.extents[axis] } })
  }
}
