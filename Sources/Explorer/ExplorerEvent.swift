import LRP
import TerminalUI

/// Everything that can change the explorer's state.
public enum ExplorerEvent: Sendable {
  /// From the terminal: keys, mouse, resize, and signals that ask to end.
  case terminal(Event)
  /// From work in the background.
  case message(ExplorerMessage)
}

/// What background work reports. Reports carry the number of the request they answer; those of superseded requests
/// are ignored, so they may be sent late.
public enum ExplorerMessage: Sendable {
  /// The models there are to choose from.
  case modelsListed([ModelEntry])
  /// The inputs that `[` and `]` page through.
  case inputsListed([InputEntry])
  case modelProgress(request: Int, OpeningProgress)
  case modelOpened(request: Int, OpenedModel)
  case modelFailed(request: Int, String)
  case inputOpened(request: Int, InputSample)
  case inputFailed(request: Int, String)
  /// The network's output `(1, classes)` is known, before the relevance is.
  case outputComputed(request: Int, [Float])
  case attributionProgress(request: Int, AttributionProgress)
  case attributionFinished(request: Int, AttributionOutcome)
  /// The attribution could not be done; the text says what was found and what to do.
  case attributionFailed(request: Int, String)
  case attributionCancelled(request: Int)
  case stepsComputed(request: Int, UnitSteps)
  case stepsFailed(request: Int, String)
  case canonizersSurveyed(request: Int, CanonizerSurvey)
  case canonizersFailed(request: Int, String)
  case flipping(request: Int, FlippingNews)
  case saved(SaveRequest)
  /// The file is there already and the request does not allow to replace it; nothing was written.
  case fileExists(SaveRequest)
  case saveFailed(SaveRequest, String)
  /// A composite was read from a file; `model` is what the file says it was made for.
  case compositeOpened(path: String, composite: any Composite, model: String?)
  case compositeFailed(path: String, String)
  /// What sessions that ended unexpectedly have left.
  case recovered([RecoveredWork])
  case recoveredOpened(RecoveredWork, UnsavedWork)
  /// A script that was to be played is no longer.
  case playEnded(PlayEnd)
  /// Anything else the user should know.
  case notice(Notice)
}

/// How the playing of a script ended.
public enum PlayEnd: Hashable, Sendable {
  case done
  /// By the user.
  case stopped
  /// A step could not be done; the text says which and why.
  case failed(String)
}

/// How far the opening of a model is.
public struct OpeningProgress: Hashable, Sendable {
  /// 0…1, or `nil` where it is not known.
  public var fraction: Double?
  /// What is being done, in a few words: `reading weights`.
  public var step: String

  public init(fraction: Double?, step: String) {
    self.fraction = fraction
    self.step = step
  }
}

/// How far an attribution is.
public struct AttributionProgress: Hashable, Sendable {
  public enum Stage: Hashable, Sendable {
    case forward, backward
    /// Many passes, forward and backward.
    case passes
  }
  public var stage: Stage
  /// 0…1 of all passes together.
  public var share: Double
  /// Seconds since the request was taken up.
  public var elapsed: Double

  public init(stage: Stage, share: Double, elapsed: Double) {
    self.stage = stage
    self.share = share
    self.elapsed = elapsed
  }

  /// The session's own report.
  public init(_ progress: AttributionSession.Progress, elapsed: Double) {
    let stage: Stage =
      switch progress.stage {
      case .forward: .forward
      case .backward: .backward
      case .passes: .passes
      }
    self.init(stage: stage, share: progress.share, elapsed: elapsed)
  }
}
