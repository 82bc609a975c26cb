import LRP

/// A of a comparison: a composite and a method that are kept, and explained anew for every input and class that B is
/// explained for.
package struct PinnedExplanation: Sendable {
  /// What an outcome is about.
  struct Subject: Hashable {
    var input: InputEntry?
    var target: Int?
  }

  /// What explains, but for the target.
  var explanation: AttributionRequest
  /// `epsilon_plus`, with the method if it is another than the usual.
  package var label: String
  /// Numbers of the nodes by name: canonizers may have changed them since.
  package var nodes: [String: Int]
  package var outcome: AttributionOutcome
  /// The request that it answers.
  package var outcomeRequest: Int
  var subject: Subject
  /// Whether the outcome is of another input or class than B's.
  package var isOutdated = false
  /// The request that is running.
  var request: Int?

  package var isRunning: Bool { request != nil }
}

extension ExplorerState {
  private var subject: PinnedExplanation.Subject {
    PinnedExplanation.Subject(input: model?.opened.sample.entry, target: targetClass)
  }

  mutating func togglePin() {
    guard heatmap.pinned == nil, let outcome = attribution.outcome, let model,
      let explanation = attributionRequest(id: attribution.outcomeRequest)
    else {
      heatmap.pinned = nil
      return
    }
    let names = Dictionary(model.rows.map { ($0.name, $0.index) }) { first, _ in first }
    heatmap.pinned = PinnedExplanation(
      explanation: explanation, label: explanationLabel, nodes: names, outcome: outcome,
      outcomeRequest: attribution.outcomeRequest, subject: subject)
    heatmap.comparison = .all
    heatmap.scales = .automatic
    contrast = nil
    notify(
      .information,
      "pinned as A; every edit is now compared with it (x chooses what is shown, L the scales, c unpins)")
  }

  /// Asks for A's explanation of what B explains now, if A has another.
  mutating func requestPinned() -> [ExplorerCommand] {
    guard var pinned = heatmap.pinned, attribution.status == .finished, !attribution.isStale, sweep == nil else {
      return []
    }
    pinned.isOutdated = pinned.subject != subject
    pinned.request = pinned.isOutdated ? nextRequest() : nil
    heatmap.pinned = pinned
    guard let id = pinned.request else { return [] }
    var request = pinned.explanation
    request.id = id
    request.output = .logit(target)
    request.isSecond = true
    return [.attribute(request)]
  }

  /// Takes a message about A's explanation.
  mutating func receivePinned(_ message: ExplorerMessage) {
    switch message {
    case .attributionFinished(let request, let outcome) where request == heatmap.pinned?.request:
      guard var pinned = heatmap.pinned else { return }
      pinned.request = nil
      pinned.outcome = outcome
      pinned.outcomeRequest = request
      pinned.subject = subject
      pinned.isOutdated = false
      heatmap.pinned = pinned
    case .attributionFailed(let request, let text) where request == heatmap.pinned?.request:
      heatmap.pinned?.request = nil
      notify(.error, "A cannot be explained here: \(text)")
    case .attributionCancelled(let request) where request == heatmap.pinned?.request:
      heatmap.pinned?.request = nil
    default: break
    }
  }
}
