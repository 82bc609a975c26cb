/// Which rows an operator takes along one axis: `start`, `start + step`, …
struct ONNXRun {
  typealias Problem = ONNXImporter.Problem

  let axis: Int
  let start: Int
  let step: Int
  let count: Int

  /// The rows one by one, which takes memory.
  var indices: [Int] { (0..<count).map { start + $0 * step } }
  /// The rows, if they are neighbours.
  var range: Range<Int>? { step == 1 || count == 1 ? start..<start + count : nil }

  /// The rows that `Slice` takes, axis by axis. `ends` beyond the array, such as 2^63 − 1, mean its end.
  static func all(
    _ extents: [Int], starts: [Int]?, ends: [Int]?, axes: [Int]?, steps: [Int]?
  ) throws -> [ONNXRun] {
    guard let starts, let ends, starts.count == ends.count, starts.count <= extents.count else {
      throw Problem("its starts and ends are not one number for each of its axes")
    }
    let (axes, steps) = (axes ?? Array(starts.indices), steps ?? starts.map { _ in 1 })
    guard axes.count == starts.count, steps.count == starts.count else {
      throw Problem("its axes and steps are not as many as its starts")
    }
    let places = axes.map { $0 < 0 ? $0 &+ extents.count : $0 }
    guard Set(places).count == places.count, places.allSatisfy(extents.indices.contains) else {
      throw Problem("it slices along axes \(axes.prefix(8)) of an array of \(extents.count) axes")
    }
    return try places.indices.map { index in
      try ONNXRun(places[index], of: extents[places[index]], starts[index], ends[index], steps[index])
    }
  }

  private init(_ axis: Int, of extent: Int, _ start: Int, _ end: Int, _ step: Int) throws {
    guard step != 0 else { throw Problem("its step is 0") }
    func place(_ index: Int, _ least: Int, _ most: Int) -> Int {
      min(max(index < 0 ? index.addingReportingOverflow(extent).partialValue : index, least), most)
    }
    // What is more than an axis away ends the run anyway.
    let limited = min(max(step, -extent - 1), extent + 1)
    let (first, end) =
      step > 0
      ? (place(start, 0, extent), place(end, 0, extent)) : (place(start, 0, extent - 1), place(end, -1, extent - 1))
    let length = step > 0 ? end - first : first - end
    self.axis = axis
    self.start = first
    self.step = limited
    count = max(0, (length + abs(limited) - 1) / abs(limited))
  }

  /// The lengths of the parts that `Split` makes of an axis.
  static func parts(of extent: Int, count: Int, sizes: [Int]?) throws -> [Int] {
    guard count > 0 else { throw Problem("it has no outputs") }
    let even = (extent + count - 1) / count
    let sizes = sizes ?? (0..<count).map { max(0, min(even, extent - $0 * even)) }
    guard sizes.count == count, sizes.allSatisfy({ (0...extent).contains($0) }), sizes.reduce(0, +) == extent else {
      throw Problem("its parts \(sizes.prefix(8)) do not make up the \(extent) rows that there are")
    }
    return sizes
  }

  /// For each row of a padded axis the row it is read from, −1 for the constant. Negative pads cut rows off.
  static func padded(_ extent: Int, begin: Int, end: Int, mode: String) throws -> [Int] {
    let range = -(1 << 20)...1 << 20
    guard range.contains(begin), range.contains(end), extent + begin + end >= 0 else {
      throw Problem("it pads an axis of \(extent) by \(begin) and \(end)")
    }
    func outside(_ index: Int) throws -> Int {
      guard extent > 0 || mode == "constant" else { throw Problem("it pads an axis of no rows by its own rows") }
      switch mode {
      case "constant": return -1
      case "edge": return index < 0 ? 0 : extent - 1
      case "wrap": return ((index % extent) + extent) % extent
      case "reflect":
        guard extent > 1 else { return 0 }
        let period = 2 * (extent - 1)
        let place = ((index % period) + period) % period
        return min(place, period - place)
      default: throw Problem("lrp does not know the padding mode '\(printable(mode))'")
      }
    }
    guard -begin < extent + end else { return [] }
    return try (-begin..<extent + end).map { (0..<extent).contains($0) ? $0 : try outside($0) }
  }
}
