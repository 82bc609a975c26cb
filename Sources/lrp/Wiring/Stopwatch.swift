import LRP

/// Where the time went.
struct RunTimes {
  var forward = Duration.zero
  var backward = Duration.zero
}

/// Adds up how long an attributor ran forward and backward.
struct Stopwatch {
  private(set) var times = RunTimes()
  private var last = ContinuousClock.now
  private var direction = AttributionStep.Direction.forward

  mutating func startBatch() {
    last = .now
    direction = .forward
  }

  mutating func note(_ step: AttributionStep) {
    advance()
    direction = step.direction
  }

  mutating func finishBatch() { advance() }

  private mutating func advance() {
    let now = ContinuousClock.now
    switch direction {
    case .forward: times.forward += now - last
    case .backward: times.backward += now - last
    }
    last = now
  }
}
