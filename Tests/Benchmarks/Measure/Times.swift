import Dispatch

/// Seconds of several runs.
struct Times {
  private(set) var seconds: [Double] = []

  var count: Int { seconds.count }
  var median: Double? {
    let sorted = seconds.sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
  }

  mutating func add(_ value: Double) { seconds.append(value) }

  static func measure<R>(_ body: () throws -> R) rethrows -> (result: R, seconds: Double) {
    let began = DispatchTime.now().uptimeNanoseconds
    let result = try body()
    return (result, Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9)
  }
}

/// How often a case is run: so many counted times, fewer if that would take too long, but at least twice.
struct Patience {
  let repeats: Int
  let seconds: Double
  private let began = DispatchTime.now().uptimeNanoseconds

  init(repeats: Int, seconds: Double) {
    self.repeats = repeats
    self.seconds = seconds
  }

  func isOver(after runs: Int) -> Bool {
    let elapsed = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
    return runs >= repeats || (runs >= min(2, repeats) && elapsed > seconds)
  }
}
