import Heatmaps
import LRP

/// The conservation ledger from logit to pixel: for each layer, how much of the relevance that arrives it hands on, and
/// what becomes of the rest.
public struct LedgerFigure: Figure {
  /// Sums of the positive and of the negative parts of some relevance.
  public struct Signs: Hashable, Sendable {
    public var positive: Double
    /// Zero or less.
    public var negative: Double

    public init(positive: Double, negative: Double) {
      self.positive = positive
      self.negative = negative
    }
  }

  /// What the bars are measured in.
  public enum Unit: Hashable, Sendable {
    /// Relevance: the chart shows how much there is from logit to pixel.
    case relevance
    /// Shares of what arrives at each layer: the chart shows what every layer does, even where little arrives. Bars
    /// are cut off at three times of what arrives.
    case share
  }

  /// A layer's account: `outgoing = kept + bias + stabilizer + other`.
  public struct Layer: Hashable, Sendable {
    public var name: String
    /// The rule with its parameters, `nil` for a plain gradient.
    public var rule: String?
    /// Handed on to the layer's inputs.
    public var kept: Double
    public var bias: Double
    public var stabilizer: Double
    public var other: Double
    /// Of the relevance handed on, if they are to be shown.
    public var signs: Signs?

    public init(
      name: String, rule: String?, kept: Double, bias: Double = 0, stabilizer: Double = 0, other: Double = 0,
      signs: Signs? = nil
    ) {
      self.name = name
      self.rule = rule
      self.kept = kept
      self.bias = bias
      self.stabilizer = stabilizer
      self.other = other
      self.signs = signs
    }

    /// The account of one sample; `nil` if the entry has no such sample.
    public init?(_ entry: LedgerEntry, sample: Int = 0) {
      guard entry.outgoing.indices.contains(sample) else { return nil }
      // Entries know the signs of the batch as a whole only.
      let signs =
        entry.outgoing.count == 1 ? Signs(positive: entry.summary.positive, negative: entry.summary.negative) : nil
      self.init(
        name: entry.name, rule: entry.rule, kept: entry.incoming[sample], bias: entry.bias[sample],
        stabilizer: entry.stabilizer[sample], other: entry.other[sample], signs: signs)
    }

    /// Arrived at the layer's output.
    public var outgoing: Double { kept + bias + stabilizer + other }

    func amount(_ kind: LedgerPiece.Kind) -> Double {
      switch kind {
      case .kept: kept
      case .bias: bias
      case .stabilizer: stabilizer
      case .other: other
      }
    }
  }

  public var title: String
  /// From the input to the output, as in a ledger; drawn the other way round.
  public var layers: [Layer]
  /// The sum over the input's relevance, to end the chart with.
  public var inputRelevance: Double?
  /// How many layers are shown at most; those that hand on all they get are left out first.
  public var rowLimit: Int
  public var unit: Unit
  public var caption: [String]
  public var style: FigureStyle

  public init(
    title: String, layers: [Layer], inputRelevance: Double? = nil, rowLimit: Int = 64, unit: Unit = .relevance,
    caption: [String] = [], style: FigureStyle = FigureStyle()
  ) {
    self.title = title
    self.layers = layers
    self.inputRelevance = inputRelevance
    self.rowLimit = rowLimit
    self.unit = unit
    self.caption = caption
    self.style = style
  }

  /// The ledger of one sample of an attribution.
  public init(
    title: String, ledger: Ledger, sample: Int = 0, inputRelevance: Double? = nil, rowLimit: Int = 64,
    unit: Unit = .relevance, caption: [String] = [], style: FigureStyle = FigureStyle()
  ) {
    self.init(
      title: title, layers: ledger.entries.compactMap { Layer($0, sample: sample) }, inputRelevance: inputRelevance,
      rowLimit: rowLimit, unit: unit, caption: caption, style: style)
  }

  /// - Throws: ``FigureError/empty(figure:expected:)``, ``FigureError/tooLarge(figure:width:height:limit:)``.
  public func drawing(_ text: TextMeasure) throws(FigureError) -> Drawing {
    guard !layers.isEmpty else { throw .empty(figure: "ledger", expected: "a layer that relevance reaches") }
    var sketch = Sketch(style, text)
    let rows = LedgerRows(layers, limit: rowLimit)
    let table = LedgerTable(
      layers: rows.shown.reversed().map { layers[$0] }, inputRelevance: inputRelevance, unit: unit, sketch: sketch)
    let width = table.width
    let left = sketch.margin
    var y = sketch.paragraph(
      text.wrapped(title, sketch.title, width: width), x: left, top: sketch.margin, sketch.title)
    y = Legend(entries: LedgerTable.legend).draw(on: &sketch, x: left, top: y + sketch.points(2), width: width)
    y = table.draw(on: &sketch, x: left, top: y + sketch.points(6))
    y = CaptionBlock(caption + note(rows)).draw(on: &sketch, x: left, top: y + sketch.points(6), width: width)
    return try sketch.drawing(title: title, kind: "ledger", width: width + 2 * left, height: y + sketch.margin)
  }

  private func note(_ rows: LedgerRows) -> [String] {
    guard rows.omitted > 0 else { return [] }
    let layers = rows.omitted == 1 ? "1 layer is" : "\(rows.omitted) layers are"
    let loss = rows.largestOmittedLoss
    let change = loss < 5e-4 ? "handing on what they get" : "losing at most \(ValueText.percent(loss))"
    return ["\(layers) not shown, \(change)"]
  }
}
