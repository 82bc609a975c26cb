import ArgumentParser
import LRP
import NeuralNetwork
import Tensors

/// `lrp layers`: the nodes of a model with the rule of each and the reason for it.
struct Layers: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List a model's layers with the rule of each and why it has that rule.",
    discussion: """
      Names, shapes, parameters, rules after the composite's canonizers have been applied; what these changed stands at \
      the end. 'none: plain gradient' says that \
      no entry of the composite's maps fits the layer.

      Example: lrp layers --model resnet18 --composite epsilon_gamma_box
      """)

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Rules") var rules: CompositeOptions
  @Flag(help: "Write JSON.") var json = false

  func run() throws {
    let model = try self.model.load(for: [rules.composite], quietly: true)
    let composite = try CompositeResolver(model: model, options: rules).resolve(rules.composite)
    composite.warnings.forEach(StandardError.warn)
    let assignment =
      try composite.composite?.apply(to: model.network) ?? Assignment(gradientOf: model.network)
    let report = try LayerReport(assignment, input: model.card.inputShape.withLeadingAxis)
    let changes = try CanonizerChange.list(composite.composite?.canonizers ?? [], on: model.network)
    if json {
      print(
        try JSONText.text(
          Listing(
            model: model.card.name, composite: composite.name, layers: report.rows,
            changes: changes.map(Listing.Change.init))),
        terminator: "")
    } else {
      print(report.table(assignment), terminator: "")
      let lines = CanonizerChange.summary(changes)
      if !lines.isEmpty { print("\nchanged by canonizers:\n" + lines.map { "  " + $0 }.joined(separator: "\n")) }
    }
  }

  private struct Listing: Encodable {
    let model: String
    let composite: String
    let layers: [LayerReport.Row]
    /// What the canonizers changed.
    let changes: [Change]

    struct Change: Encodable {
      let canonizer: String
      let layer: String
      let kind: String
      let text: String

      init(_ change: CanonizerChange) {
        canonizer = change.canonizer
        layer = change.layer
        kind = change.kind.rawValue
        text = change.text
      }
    }
  }
}
