import TerminalUI

/// What goes on in the background: asked for and not answered yet.
package struct PendingWork: Sendable {
  /// Files that are being written or read.
  private var files = 0
  /// The attribution whose output is known.
  private var outputRequest = -1

  package init() {}

  /// Takes note of what an update asked for.
  package mutating func note(_ commands: [ExplorerCommand]) {
    for command in commands {
      switch command {
      case .save, .openComposite: files += 1
      default: break
      }
    }
  }

  /// Takes note of an answer.
  package mutating func note(_ message: ExplorerMessage) {
    switch message {
    case .saved, .fileExists, .saveFailed, .compositeOpened, .compositeFailed: files = max(0, files - 1)
    case .outputComputed(let request, _), .attributionFinished(let request, _):
      outputRequest = max(outputRequest, request)
    default: break
    }
  }

  /// Whether the background has come that far; ``ScriptCondition/failure`` is not its business.
  package func has(_ condition: ScriptCondition, _ state: ExplorerState) -> Bool {
    switch condition {
    case .model: state.opening == nil
    case .input: state.openingInput == nil
    case .output: state.opening == nil && (outputRequest >= state.attribution.request || !state.attribution.isRunning)
    case .heatmap:
      state.opening == nil && !state.attribution.isRunning && state.contrast?.isRunning != true
        && state.heatmap.pinned?.isRunning != true
        && !state.isWaitingForCanonizers
    case .files: files == 0
    case .ready:
      [.model, .input, .heatmap, .files].allSatisfy { has($0, state) } && !isWaitingForSteps(state)
        && !isFlipping(state)
    case .failure: false
    case .text(let text): state.view().plainText().contains(text)
    }
  }

  private func isWaitingForSteps(_ state: ExplorerState) -> Bool {
    state.popup is StepsPane && state.steps?.isWaiting == true
  }

  private func isFlipping(_ state: ExplorerState) -> Bool {
    if case .running = state.flipping.status { true } else { false }
  }

  /// What is going on, in words.
  package func description(_ state: ExplorerState) -> String {
    if let opening = state.opening { return "\(opening.request.entry.name) is still being opened" }
    if let input = state.openingInput { return "\(input.entry.name) is still being loaded" }
    if state.isWaitingForCanonizers { return "the network is still being rewritten" }
    if !has(.heatmap, state) { return "the attribution is still running" }
    if isWaitingForSteps(state) { return "the four steps are still being computed" }
    if isFlipping(state) { return "the pixel-flipping curves are still being computed" }
    return files > 0 ? "a file is still being written or read" : "nothing is going on in the background"
  }
}

extension ExplorerMessage {
  /// What went wrong, if the message says that something did.
  package var failure: String? {
    switch self {
    case .modelFailed(_, let text), .inputFailed(_, let text), .attributionFailed(_, let text): text
    case .saveFailed(_, let text), .compositeFailed(_, let text), .flipping(_, .failed(let text)): text
    default: nil
    }
  }
}
