/// Order statistics of numbers without sorting them all (Hoare's quickselect).
struct Selection {
  private var values: [Float]

  /// - Precondition: no NaN.
  init(_ values: [Float]) { self.values = values }

  /// The `percentile` in 0…100 of the values, linear between neighbours in order; 0 if there are none.
  mutating func percentile(_ percentile: Double) -> Float {
    guard !values.isEmpty else { return 0 }
    let position = Double(values.count - 1) * min(max(percentile, 0), 100) / 100
    let index = Int(position)
    let lower = smallest(index)
    guard index + 1 < values.count, position > Double(index) else { return lower }
    // Everything behind `index` is at least as large now.
    let upper = values[(index + 1)...].min() ?? lower
    return Float(Double(lower) + (Double(upper) - Double(lower)) * (position - Double(index)))
  }

  /// The value at `rank` in ascending order; afterwards no value before it is larger and none behind it is smaller.
  private mutating func smallest(_ rank: Int) -> Float {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let pivot = values[low + (high - low) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if rank <= right { high = right } else if rank >= left { low = left } else { break }
    }
    return values[rank]
  }
}
