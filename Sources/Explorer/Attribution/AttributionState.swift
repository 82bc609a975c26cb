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
  /// Nodes have other numbers after a change of canonizers, so an outcome is worth showing only with its own network.
  package init() {}
}
