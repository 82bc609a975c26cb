/// Where the time went.
struct RunTimes {
  var forward = Duration.zero
  var backward = Duration.zero
}

/// Tells forward from backward by an attributor's progress: the first half of one pass is forward.
struct Stopwatch {
  private(set) var times = RunTimes()
  private var last = ContinuousClock.now
  private var isForward = true

  mutating func startBatch() {
    last = .now
    isForward = true
  }

  mutating func note(_ share: Double) {
    let now = ContinuousClock.now
    add(now - last)
    last = now
    isForward = share < 0.5
  }

  mutating func finishBatch() { add(ContinuousClock.now - last) }

  private mutating func add(_ duration: Duration) {
    if isForward { times.forward += duration } else { times.backward += duration }
  }
}
