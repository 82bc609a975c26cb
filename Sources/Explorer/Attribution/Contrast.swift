import LRP

/// A second class that is explained beside the first: what speaks for the one rather than for the other.
package struct Contrast: Sendable {
  /// Two explanations that differ in the class only.
  package struct Pair: Sendable {
    package var first: AttributionOutcome
    package var second: AttributionOutcome
    package var firstClass: Int?
    /// The requests that they answer.
    package var firstRequest: Int
    package var secondRequest: Int
  }

  /// The second class.
  package var target: Int
  /// What is shown; kept together until both halves of a newer pair are there.
  package var pair: Pair?
  /// The request for the second half that is running.
  package var request: Int?

  package var isRunning: Bool { request != nil }
}

extension ExplorerState {
  /// Explains a second class beside the first, or (`nil`) no longer.
  mutating func contrast(with index: Int?) -> [ExplorerCommand] {
    guard let index else {
      let wasRunning = contrast?.isRunning == true
      contrast = nil
      return wasRunning ? [.cancelAttribution] : []
    }
    contrast = Contrast(target: index)
    heatmap.pinned = nil
    heatmap.comparison = .all
    return requestContrast()
  }

  /// Asks for the second half, once the first is there.
  mutating func requestContrast() -> [ExplorerCommand] {
    guard let second = contrast?.target, attribution.status == .finished, !attribution.isStale, sweep == nil else {
      return []
    }
    let id = nextRequest()
    guard var request = attributionRequest(id: id) else { return [] }
    request.output = .logit(.index(second))
    request.isSecond = true
    contrast?.request = id
    return [.attribute(request)]
  }

  /// Takes a message about the second half.
  mutating func receiveContrast(_ message: ExplorerMessage) {
    switch message {
    case .attributionFinished(let request, let outcome) where request == contrast?.request:
      contrast?.request = nil
      guard let first = attribution.outcome else { return }
      let pair = Contrast.Pair(
        first: first, second: outcome, firstClass: targetClass, firstRequest: attribution.outcomeRequest,
        secondRequest: request)
      contrast?.pair = pair
    case .attributionFailed(let request, let text) where request == contrast?.request:
      contrast?.request = nil
      notify(.error, text)
    case .attributionCancelled(let request) where request == contrast?.request: contrast?.request = nil
    default: break
    }
  }

  /// `285 Egyptian cat` for any class.
  func label(ofClass index: Int) -> String {
    guard let model, !model.opened.labels.isEmpty else { return "class \(index)" }
    return "\(index) \(model.label(ofClass: index))"
  }
}
