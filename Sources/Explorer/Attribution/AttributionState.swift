/// The attribution that is shown and the one that is wanted.
package struct AttributionState: Sendable {
  package enum Status: Hashable, Sendable {
    /// Nothing has been asked for yet.
    case idle
    case running(AttributionProgress?)
    case finished
    case cancelled
    case failed(String)
  }

  package var status = Status.idle
  /// The number of the newest request.
  package var request = 0
  /// What is shown, and the request it answers.
  package var outcome: AttributionOutcome?
  package var outcomeRequest = 0
  /// The network's output by class; known before the relevance.
  package var output: [Float] = []

  /// Whether the heatmap shown is not that of the composite and target shown.
  package var isStale: Bool { outcome != nil && outcomeRequest != request }
  package var isRunning: Bool { if case .running = status { true } else { false } }
  /// Whether what is stale is to look so: not in the blink of an eye that most edits take.
  package var isVisiblyStale: Bool {
    guard isStale else { return false }
    if case .running(let progress) = status { return (progress?.elapsed ?? 0) > 0.1 }
    return true
  }
  package init() {}
}
