import Figures
import Heatmaps
import LRP
import NeuralNetwork
import Tensors
import Testing

struct LedgerFigureTests {
  private func layer(_ name: String, kept: Double, bias: Double = 0, other: Double = 0) -> LedgerFigure.Layer {
    LedgerFigure.Layer(name: name, rule: "Epsilon 1e-06", kept: kept, bias: bias, other: other)
  }

  @Test("Pieces lie end to end, gains to the right and losses to the left, and sum up to what arrived")
  func pieces() {
    let layer = LedgerFigure.Layer(name: "", rule: nil, kept: 0.5, bias: -0.25, stabilizer: 0.125, other: -0.0625)
    let pieces = LedgerPiece.stack(layer)
    #expect(pieces.map(\.kind) == [.kept, .bias, .stabilizer, .other])
    #expect(pieces.map(\.start) == [0, -0.25, 0.5, -0.3125])
    #expect(pieces.map(\.end) == [0.5, 0, 0.625, -0.25])
    #expect(0.625 - 0.3125 == layer.outgoing)
    #expect(LedgerPiece.stack(layer, unit: .share).map(\.end) == [1.6, 0, 2, -0.8])
    #expect(LedgerPiece.stack(self.layer("", kept: 1, bias: -1), unit: .share).isEmpty)
    #expect(LedgerPiece.stack(self.layer("", kept: .nan)).isEmpty)
    #expect(LedgerPiece.stack(self.layer("", kept: -1)).map(\.start) == [-1])
  }

  @Test("Of many layers those are shown that lose most, and both ends")
  func rows() {
    let layers = (0..<10).map { layer("\($0)", kept: 1, bias: $0 == 3 ? 0.5 : $0 == 6 ? -0.25 : $0 == 8 ? 0.001 : 0) }
    let rows = LedgerRows(layers, limit: 4)
    #expect(rows.shown == [0, 3, 6, 9])
    #expect(rows.omitted == 6)
    #expect(abs(rows.largestOmittedLoss - 0.001 / 1.001) < 1e-12)
    #expect(LedgerRows(layers, limit: 10).shown == Array(0..<10))
    #expect(LedgerRows(layers, limit: -1).shown == [0, 9])
    #expect(LedgerRows([], limit: 4).shown.isEmpty)
    #expect(LedgerRows(layers, limit: 8).shown == [0, 3, 6, 8, 9])
    #expect(LedgerRows.loss(layer("", kept: .nan, bias: 1)) == .infinity)
    #expect(LedgerRows.loss(layer("", kept: 0)) == 0)
  }

  @Test("The chart runs from the output to the input, with readable names")
  func chart() throws {
    let layers = (0..<80).map { number in
      layer("features.\(number).a_rather_long_name_for_a_convolution", kept: Double(number + 1) / 80, bias: 0.01)
    }
    let figure = LedgerFigure(title: "ledger", layers: layers, inputRelevance: 0.01, caption: ["model: made up"])
    let drawing = try figure.drawing(typewriter)
    let texts = drawing.texts
    let output = try #require(texts.firstIndex(of: "output"))
    let input = try #require(texts.firstIndex(of: "input"))
    #expect(output < input)
    #expect(texts.contains("99 %"))
    #expect(texts.contains { $0.hasPrefix("features.79") })
    #expect(texts.joined(separator: " ").contains("16 layers are not shown, losing at most"))
    expectReadable(drawing)
    let shares = try LedgerFigure(title: "ledger", layers: layers, inputRelevance: 0.01, unit: .share)
      .drawing(typewriter)
    #expect(shares.texts.contains("shares of what arrives"))
    expectReadable(shares)
    #expect(throws: FigureError.self) { try LedgerFigure(title: "", layers: []).drawing(typewriter) }
  }

  @Test("Numbers that are none, and extremes, are drawn as far as they can be")
  func extremes() throws {
    let layers = [
      layer("nan", kept: .nan), layer("infinite", kept: .infinity, bias: 1), layer("zero", kept: 0),
      layer("huge", kept: 1e300), layer("tiny", kept: 1e-300), layer("", kept: 1),
    ]
    let drawing = try LedgerFigure(title: "", layers: layers, inputRelevance: .nan).drawing(typewriter)
    #expect(drawing.texts.contains("nan"))
    _ = try LedgerFigure(title: "", layers: layers).encoded(as: .pdf)
  }

  @Test("A real ledger's bars are its entries")
  func ledger() throws {
    var builder = NetworkBuilder(name: "small")
    let weight = Tensor([2, 2], rowMajor: [1, 2, 3, 4])
    builder.add("hidden", try FullyConnected(weight: weight, bias: Tensor([2], rowMajor: [1, 0])))
    builder.add("logits", try FullyConnected(weight: Tensor([2, 2], rowMajor: [1, -1, 2, 1])))
    let gradient = Gradient(
      try Preset.named("epsilon_plus").composite().apply(to: builder.build()), keepsLedger: true)
    let attribution = try gradient.attribute(Tensor([1, 2], rowMajor: [1, 1]), .logit(.index(1)))
    let ledger = try #require(attribution.ledger)
    let figure = LedgerFigure(title: "small", ledger: ledger, inputRelevance: attribution.relevance.sum())
    // The hidden layer gives 4 and 7, the logit is 15. Of the 8 that go to the first, a quarter is the bias's.
    #expect(figure.layers.map(\.name) == ["hidden", "logits"])
    #expect(abs(figure.layers[0].outgoing - 15) < 1e-4)
    #expect(abs(figure.layers[0].bias - 2) < 1e-4)
    #expect(abs(figure.layers[0].kept - 13) < 1e-4)
    #expect(abs(try #require(figure.layers[0].signs).positive - 13) < 1e-4)
    let texts = try figure.drawing(typewriter).texts
    for text in ["hidden", "logits", "15.0", "87 %", "100 %", "13.0"] { #expect(texts.contains(text), "\(text)") }
    #expect(LedgerFigure.Layer(ledger.entries[0], sample: 1) == nil)
  }
}
