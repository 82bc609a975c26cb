import Heatmaps
import LRP
import TerminalUI

/// What the explorer starts with.
public struct LaunchOptions: Sendable {
  /// The composite of the first model.
  public enum InitialComposite: Sendable {
    /// A preset by name; one that needs pixel bounds gets the model's. `nil` takes what suits the model.
    case preset(String?)
    /// Read from a file already; `model` is what the file says it was made for.
    case file(path: String, composite: any Composite, model: String?)
    /// The plain gradient: no rules, and of canonizers only LogitOutput where the model has it.
    case gradient
    /// No rules yet, on the network as the model's canonizers make it: for who is going to give some.
    case noRules
  }

  public var models: [ModelEntry]
  public var inputs: [InputEntry]
  /// The model to open at once; without one the list of models is shown.
  public var model: ModelEntry?
  public var composite: InitialComposite
  public var target: Target
  /// A colour map by name or CMSL source; an unknown one is noticed and replaced by `coldnhot`.
  public var colorMap: String
  /// Of the colour map.
  public var level: Double
  public var norm: RelevanceNorm
  /// At which the scale is clipped.
  public var percentile: Double
  /// The lessons to open in place of a model.
  public var tutor: TutorLaunch?

  public init(
    models: [ModelEntry], inputs: [InputEntry] = [], model: ModelEntry? = nil,
    composite: InitialComposite = .preset(nil), target: Target = .top1, colorMap: String = "coldnhot",
    level: Double = 1, norm: RelevanceNorm = .symmetric, percentile: Double = 99
  ) {
    self.level = level
    self.norm = norm
    self.percentile = percentile
    self.models = models
    self.inputs = inputs
    self.model = model
    self.composite = composite
    self.target = target
    self.colorMap = colorMap
  }
}
