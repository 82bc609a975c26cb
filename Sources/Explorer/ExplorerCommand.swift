import Heatmaps
import LRP
import TerminalUI

/// Work that ``ExplorerState/update(_:)`` asks the runtime to do. The runtime answers with an ``ExplorerMessage``.
public enum ExplorerCommand: Sendable {
  /// Open a model with its input in the background; answers are `modelProgress`, `modelOpened`, `modelFailed`.
  case openModel(OpenModelRequest)
  /// Load another input for the open model; answers are `inputOpened`, `inputFailed`.
  case openInput(OpenInputRequest)
  /// Explain. Supersedes (cancels) an attribution that is still running; answers are `outputComputed`,
  /// `attributionProgress`, `attributionFinished`, `attributionFailed`, `attributionCancelled`.
  case attribute(AttributionRequest)
  case cancelAttribution
  /// Compute the four steps at an output unit, superseding such a computation that still runs; answers are
  /// `stepsComputed`, `stepsFailed`.
  case computeSteps(StepsRequest)
  /// Rewrite the open model's network with some canonizers and find out what they change; answers are
  /// `canonizersSurveyed`, `canonizersFailed`.
  case surveyCanonizers(CanonizerSurveyRequest)
  /// Follow a class while the picture is flipped; supersedes the one that is running. Answers are `flipping`.
  case flip(FlippingRequest)
  case cancelFlipping
  /// Write a file, atomically; answers are `saved`, `fileExists`, `saveFailed`.
  case save(SaveRequest)
  /// Read a composite file; answers are `compositeOpened`, `compositeFailed`.
  case openComposite(path: String)
  /// Keep the edits where they survive a crash, or (`nil`) forget what was kept: nothing is unsaved.
  case keepUnsaved(UnsavedWork?)
  /// Read what an earlier session has left; answers are `recoveredOpened`, `notice`.
  case readRecovered(RecoveredWork)
  /// Keep what an earlier session has left as the edits of this one, in place of those kept until now; once that is done,
  /// remove it there.
  case adoptRecovered(RecoveredWork, UnsavedWork)
  /// Remove what an earlier session has left.
  case forgetRecovered(RecoveredWork)
  /// Play a script: as fast as it goes and without writing files, or so that it can be followed. The answer is
  /// `playEnded`.
  case play(Script, isQuick: Bool)
  /// Keep how far the tutor's lessons are.
  case keepProgress(TutorProgress)
  /// Give the terminal back to the shell until the process is continued.
  case suspend
  /// Draw the whole screen anew.
  case redraw
  case beep
  /// Restore the terminal and leave.
  case quit
}

/// A model that is to be opened.
public struct OpenModelRequest: Hashable, Sendable {
  public var id: Int
  public var entry: ModelEntry
  /// What to explain; `nil` takes what suits the model.
  public var input: InputEntry?

  public init(id: Int, entry: ModelEntry, input: InputEntry? = nil) {
    self.id = id
    self.entry = entry
    self.input = input
  }
}

/// An input that is to be loaded for the open model.
public struct OpenInputRequest: Hashable, Sendable {
  public var id: Int
  public var entry: InputEntry

  public init(id: Int, entry: InputEntry) {
    self.id = id
    self.entry = entry
  }
}

/// An attribution that is to be run.
public struct AttributionRequest: Sendable {
  /// Larger than that of every earlier request.
  public var id: Int
  public var composite: any Composite
  public var output: AttributionSession.OutputKey
  public var attributor: AttributorSettings
  /// Whether it is for a view beside the main one: its ledger is not the one to save.
  public var isSecond: Bool

  public init(
    id: Int, composite: any Composite, output: AttributionSession.OutputKey,
    attributor: AttributorSettings = AttributorSettings(), isSecond: Bool = false
  ) {
    self.isSecond = isSecond
    self.id = id
    self.composite = composite
    self.output = output
    self.attributor = attributor
  }
}

/// The steps of an output unit that are to be computed.
public struct StepsRequest: Sendable {
  public var id: Int
  /// What explains: rules and target.
  public var explanation: AttributionRequest
  /// Of the canonized network.
  public var node: Int
  public var unit: UnitChoice

  public init(id: Int, explanation: AttributionRequest, node: Int, unit: UnitChoice) {
    self.id = id
    self.explanation = explanation
    self.node = node
    self.unit = unit
  }
}

/// A file that is to be written.
public struct SaveRequest: Sendable {
  public enum Content: Sendable {
    /// As YAML, or with the extension `py` as a Python script; `model` is the name of the model the composite was made for.
    case composite(NameMapComposite, model: String)
    /// As PNG, SVG or PDF with a colour bar, as NPY `(panels, 1, height, width)`, or as safetensors, by the path's
    /// extension.
    case heatmap(HeatmapContent)
    /// As CSV or JSON, by the path's extension.
    case ledger([LayerBalance])
    /// As CSV, or as PNG, SVG or PDF, by the path's extension.
    case curves(FlippingContent)
    /// The screen as PNG, SVG, PDF or text, by the path's extension.
    case screen(ScreenContent)

    /// The word used in messages.
    public var noun: String {
      switch self {
      case .composite: "composite"
      case .heatmap: "heatmap"
      case .ledger: "ledger"
      case .curves: "curves"
      case .screen: "screen"
      }
    }
  }

  public var path: String
  /// Whether the user has agreed to replace an existing file.
  public var overwrites: Bool
  public var content: Content
  /// The number of the document's state that is saved; see ``EditHistory/revision``.
  public var revision: Int
  /// Whether the program is to end once the file is written.
  public var quitsAfterwards: Bool

  public init(
    path: String, overwrites: Bool = false, content: Content, revision: Int = 0, quitsAfterwards: Bool = false
  ) {
    self.path = path
    self.overwrites = overwrites
    self.content = content
    self.revision = revision
    self.quitsAfterwards = quitsAfterwards
  }
}

/// A screen with what is on it.
public struct ScreenContent: Sendable {
  /// In 24-bit colours.
  public var cells: CellBuffer
  /// As on a terminal without colours, where signs show the relevance.
  public var text: String
  /// `lrp, fashion_vgg`.
  public var title: String
}

/// What the heatmap pane shows, one heatmap or several side by side, with how it is shown.
public struct HeatmapContent: Sendable {
  public struct Panel: Sendable {
    /// `B`, `gamma 0.25`, `ch 7`; empty where there is only the one.
    public var title: String
    /// What A, B, 1 and 2 stand for; may be empty.
    public var label: String
    /// At its own resolution, not that of the screen.
    public var map: RelevanceMap
  }

  /// All of one size.
  public var panels: [Panel]
  /// That of all panels.
  public var scale: HeatmapScale
  /// Whether each has a scale of its own instead, with the norm and percentile of ``scale``.
  public var ownScales: Bool
  public var colorMap: ColorMap
  /// See `ColorMap.palette(level:)`.
  public var level: Double
  /// The picture that the heatmaps are laid over, if they are.
  public var picture: Picture?
  /// What is shown, for a caption: `relevance at input`.
  public var title: String
}
