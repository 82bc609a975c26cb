import LRP
import TerminalUI

/// The whole state of the explorer: a value that ``update(_:)`` changes and ``view()`` draws.
public struct ExplorerState: Sendable {
  /// Parts of the screen that can have the keyboard.
  package enum Pane: Int, Hashable, Sendable, CaseIterable {
    case layers = 1
    case ledger = 2
    case heatmap = 3
    case classes = 4
  }

  /// A model that is being opened.
  package struct Opening: Sendable {
    package var request: OpenModelRequest
    package var progress: OpeningProgress
  }

  package static let minimumWidth = 80
  package static let minimumHeight = 24

  // The screen
  public internal(set) var width: Int
  public internal(set) var height: Int
  public internal(set) var capabilities: DisplayCapabilities
  package var focus = Pane.layers
  /// The pane that takes the whole screen.
  package var zoomed: Pane?
  package var popup: (any ModalPane)?
  package var notice: Notice?
  /// The latest notices, oldest first.
  package var log: [Notice] = []
  /// Why the latest key did nothing; `nil` if it did something.
  package var refusal: String?
  /// Whether it is shown how long an attribution took; without it, the same work gives the same screen.
  public var showsTimes = true

  // Models and inputs
  package var models: [ModelEntry]
  package var inputs: [InputEntry]
  package var opening: Opening?
  package var openingInput: OpenInputRequest?
  /// Where `[` and `]` go.
  var inputStep = 1
  /// Inputs in a row that could not be opened.
  var failedInputs = 0
  package var model: ModelState?
  package var lastRequest = 0
  package let launch: LaunchOptions
  package var isFirstModel = true

  // The composite
  package var history = EditHistory(EditedComposite(title: "gradient"), label: "gradient")
  /// Whether the history is about the open model.
  var hasComposite = false
  /// What an open picker tries out; shown instead of the history's present state.
  package var preview: EditedComposite?

  /// What earlier sessions have left and has not been asked about yet.
  package var recovered: [RecoveredWork] = []
  /// What is to be restored once its model is open.
  var restoring: RecoveredWork?

  /// A parameter that is being tried at several values.
  package var sweep: Sweep?

  /// The unit whose four steps are shown.
  package var steps: StepsState?

  // Attribution
  package var attributor = AttributorSettings()
  /// What an open picker tries out.
  package var attributorPreview: AttributorSettings?
  package var target: Target
  package var attribution = AttributionState()
  /// A second class beside the first.
  package var contrast: Contrast?
  /// What is remarkable about the outcome's ledger.
  package var flags: [LedgerFlag] = []

  /// Pixel-flipping curves.
  package var flipping = FlippingState()

  /// The lessons, if they are open.
  package internal(set) var tutor: TutorState?
  /// Rows below the explorer's own, which the tutor takes.
  package internal(set) var panelRows = 0

  // Panes
  package var layers = LayersPane()
  package var heatmap = HeatmapPane()
  package var classes = ClassesPane()

  /// - Parameters:
  ///   - width: columns of the screen.
  ///   - height: rows of the screen.
  public init(width: Int, height: Int, capabilities: DisplayCapabilities = .full, launch: LaunchOptions) {
    self.width = width
    self.height = height
    self.capabilities = capabilities
    self.launch = launch
    models = launch.models
    inputs = launch.inputs
    target = launch.target
  }

  /// Whether the screen is too small for anything but a message.
  package var isTooSmall: Bool { width < Self.minimumWidth || height + panelRows < Self.minimumHeight }
  /// The composite that is run and shown.
  package var composite: EditedComposite { preview ?? history.composite }
  /// The attributor that is run and shown.
  package var shownAttributor: AttributorSettings { attributorPreview ?? attributor }
}
