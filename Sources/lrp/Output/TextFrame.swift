import Foundation
import Heatmaps
import LRP
import ModelZoo
import NeuralNetwork
import Tensors
import TerminalUI

/// One frame of the explorer as text: what is explained, the layers with their ledger, the heatmap with its scale.
struct TextFrame {
  private let model: Model
  private let inputName: String
  private let composite: ResolvedComposite
  private let assignment: Assignment
  private let run: AttributionRun
  private let target: Target
  private let colorMap: ColorMap
  private let options: HeatmapOptions
  private let capabilities: DisplayCapabilities
  private let columns: Int

  init(_ command: Explore) throws {
    model = try command.model.load()
    let path = try command.input ?? AssetLocator().path(model.card.defaultPicture)
    inputName = (path as NSString).lastPathComponent
    let input = try InputLoading.load(path, card: model.card).sample(0)
    composite = try CompositeResolver(model: model, options: command.rules).resolve(command.rules.composite)
    composite.warnings.forEach(StandardError.warn)
    assignment = try composite.composite?.apply(to: model.network) ?? Assignment(gradientOf: model.network)
    try assignment.check(shapes: try assignment.network.shapes(forInput: input.shape))
    target = try model.card.target(command.target)
    let gradient = Gradient(assignment, keepsLedger: true)
    let outputRelevance = OutputRelevance.logit(target)
    run = try AttributionRun(
      network: assignment.network, of: model.network, input: input, batchSize: 1,
      outputRelevance: { _ in outputRelevance },
      attributor: { _ in gradient }, progress: { _ in try Interruption.check() })
    options = command.heatmap
    colorMap = try ColorMap(command.heatmap.colorMap)
    capabilities = command.colors.capabilities
    let width = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
    columns = min(max(width, 20), 400)
  }

  var text: String {
    get throws {
      try [heading(), layers(), total(), heatmap()].joined(separator: "\n")
    }
  }

  // MARK: Parts

  private func heading() throws -> String {
    let output = run.output.rowMajorElements()
    let index = try target.classes(for: run.output)[0]
    // Of the network that was explained: a canonizer may leave out a softmax.
    let probabilities = assignment.network.outputMeaning.probabilities(of: output)
    let answer =
      probabilities.map { String(format: "%.1f %%", 100 * $0[index]) } ?? "score \(Self.number(Double(output[index])))"
    let title = model.card.title(ofClass: index)
    return "lrp  \(model.card.name) · \(inputName)  → \(title) \(answer)  \(composite.name)\n"
  }

  private func layers() -> String {
    var table = TextTable(
      ["#", "name", "layer", "rule", "relevance out", "in", "bias", "stabilizer", "other", "kept"],
      trailing: [0, 4, 5, 6, 7, 8, 9])
    let entries = Dictionary((run.ledger?.layers ?? []).map { ($0.name, $0) }) { first, _ in first }
    for (index, node) in assignment.network.nodes.enumerated() {
      let rule = assignment.matches[index]?.rule.summary ?? (index == 0 ? "" : "gradient")
      let numbers = entries[node.name].map { entry in
        [entry.outgoing, entry.incoming, entry.bias, entry.stabilizer, entry.other].map { Self.number($0[0]) }
          + [entry.kept(0).map { String(format: "%.1f %%", 100 * $0) } ?? ""]
      }
      table.add(
        ["\(index)", node.name, node.layer.summary, rule]
          + (numbers ?? [index == 0 ? Self.number(run.relevance.sum()) : "", "", "", "", "", ""]))
    }
    return table.text
  }

  /// Where the relevance of the output went, over all layers.
  private func total() -> String {
    let layers = run.ledger?.layers ?? []
    let out = layers.last?.outgoing.first ?? 0
    func sum(_ part: KeyPath<LedgerReport.Layer, [Double]>) -> String {
      Self.number(layers.reduce(0) { $0 + ($1[keyPath: part].first ?? 0) })
    }
    return "ledger  out \(Self.number(out)) = in \(Self.number(run.relevance.sum())) + bias \(sum(\.bias))"
      + " + stabilizer \(sum(\.stabilizer)) + other \(sum(\.other))\n"
  }

  private func heatmap() throws -> String {
    let map = try RelevanceMap(channelSumOf: run.relevance)
    let room = (columns: columns, rows: 28)
    guard
      let size = Picture.fitting(
        width: map.width, height: map.height, columns: room.columns, rows: room.rows, enlarges: true)
    else { return "" }
    let small = map.resampled(width: size.width, height: size.height, quantity: .sum)
    let scale = HeatmapScale(of: small, norm: options.norm ?? .symmetric)
    let picture = Heatmap.rgb(small, scale: scale, colorMap: colorMap, level: options.level ?? 1)
    let pixels = (0..<size.width * size.height).map { Color(picture.pixel($0)) }
    let values = small.values.map { scale.normalized($0) * 2 - 1 }
    let image = HalfBlockImage(width: size.width, height: size.height, pixels: pixels, values: values)
    var buffer = CellBuffer(width: size.width, height: image.rows)
    image.draw(into: &buffer, in: buffer.bounds, capabilities: capabilities)
    let lines =
      capabilities.colorMode == .monochrome
      ? buffer.plainText(glyphs: capabilities.glyphs) : buffer.ansiText(capabilities)
    let bounds = "\(ColorBar.label(scale.lower)) … \(ColorBar.label(scale.upper))"
    return "relevance at input · \(options.colorMap) · \(bounds)\n" + lines
  }

  private static func number(_ value: Double) -> String { String(format: "%.4f", value + 0) }
}
