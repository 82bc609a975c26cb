import Heatmaps

/// The rows of a ledger chart: name, rule, bar, numbers, and the signs of what was handed on.
struct LedgerTable {
  /// From the output to the input.
  let layers: [LedgerFigure.Layer]
  let inputRelevance: Double?
  let unit: LedgerFigure.Unit

  private let axis: ValueAxis
  private let signAxis: ValueAxis?
  private let nameWidth: Double
  private let ruleWidth: Double
  private let numberWidth: Double
  private let keptWidth: Double
  private let plotWidth: Double
  private let signWidth: Double
  private let gap: Double
  private let rowHeight: Double

  static let legend: [Legend.Entry] = [
    Legend.Entry(text: "kept: handed on to the layer below", swatch: .box(Ink.kept, isHatched: false)),
    Legend.Entry(text: "to the bias", swatch: .box(Ink.bias, isHatched: false)),
    Legend.Entry(text: "to the stabilizer", swatch: .box(Ink.stabilizer, isHatched: false)),
    Legend.Entry(text: "other", swatch: .box(Ink.other, isHatched: true)),
  ]

  private static let heads = (
    name: "layer", rule: "rule", plot: "relevance that arrives", shares: "shares of what arrives", number: "sum",
    kept: "kept",
    signs: "handed on, \u{2212} and +"
  )
  private static let noRule = "gradient"
  private static let largestShare = 3.0

  init(layers: [LedgerFigure.Layer], inputRelevance: Double?, unit: LedgerFigure.Unit, sketch: Sketch) {
    self.layers = layers
    self.inputRelevance = inputRelevance
    self.unit = unit
    let font = sketch.small
    func widest(_ texts: [String], limit: Double) -> Double {
      min(texts.map { sketch.text.width($0, font) }.max() ?? 0, limit).rounded(.up)
    }
    let ends = layers.flatMap { LedgerPiece.stack($0, unit: unit).flatMap { [$0.start, $0.end] } }
    axis =
      switch unit {
      case .relevance:
        ValueAxis(covering: ends + (inputRelevance.map { [$0] } ?? []), includesZero: true, tickCount: 5)
      case .share:
        ValueAxis(
          covering: ends.map { min(max($0, -Self.largestShare), Self.largestShare) } + [1], includesZero: true,
          tickCount: 5)
      }
    let signs = layers.compactMap(\.signs).flatMap { [$0.positive, $0.negative] }
    signAxis = signs.isEmpty ? nil : ValueAxis(covering: signs, includesZero: true, tickCount: 3)
    nameWidth = widest(layers.map(\.name) + [Self.heads.name, "output", "input"], limit: sketch.points(170))
    ruleWidth = widest(layers.map { $0.rule ?? Self.noRule } + [Self.heads.rule], limit: sketch.points(110))
    let numbers = layers.map { ValueText.value($0.outgoing) } + (inputRelevance.map { [ValueText.value($0)] } ?? [])
    numberWidth = widest(numbers + [Self.heads.number], limit: sketch.points(60))
    keptWidth = widest(layers.map(Self.keptText) + [Self.heads.kept], limit: sketch.points(60))
    let factor = sketch.style.textSize / 9
    plotWidth = sketch.points(210 * factor)
    signWidth = signAxis == nil ? 0 : sketch.points(100 * factor)
    gap = sketch.points(8)
    rowHeight = (font.size * 1.45).rounded()
  }

  private static func keptText(_ layer: LedgerFigure.Layer) -> String {
    ValueText.percent(layer.outgoing == 0 ? nil : layer.kept / layer.outgoing)
  }

  var width: Double {
    nameWidth + ruleWidth + plotWidth + numberWidth + keptWidth + 5 * gap + (signAxis == nil ? 0 : gap + signWidth)
  }

  func draw(on sketch: inout Sketch, x left: Double, top: Double) -> Double {
    let font = sketch.small
    let plotX = left + nameWidth + ruleWidth + 2 * gap
    let numberRight = plotX + plotWidth + 1.5 * gap + numberWidth
    let keptRight = numberRight + gap + keptWidth
    let rowCount = layers.count + 1 + (inputRelevance == nil ? 0 : 1)
    let bodyTop = top + font.lineHeight + sketch.points(2)
    let height = Double(rowCount) * rowHeight
    let plot = HorizontalAxis(
      axis: axis, plot: Box(x: plotX, y: bodyTop, width: plotWidth, height: height), name: "")
    let plotHead = unit == .relevance ? Self.heads.plot : Self.heads.shares
    let signs = signAxis.map { axis in
      HorizontalAxis(
        axis: axis, plot: Box(x: keptRight + 1.5 * gap, y: bodyTop, width: signWidth, height: height), name: "")
    }
    plot.drawGrid(on: &sketch)
    signs?.drawGrid(on: &sketch)

    let baseline = top + font.ascent
    sketch.label(Self.heads.name, x: left, baseline: baseline, font, color: Ink.quiet)
    sketch.label(Self.heads.rule, x: left + nameWidth + gap, baseline: baseline, font, color: Ink.quiet)
    sketch.label(plotHead, x: plotX, baseline: baseline, font, color: Ink.quiet)
    sketch.label(Self.heads.number, x: numberRight, baseline: baseline, font, anchor: .end, color: Ink.quiet)
    sketch.label(Self.heads.kept, x: keptRight, baseline: baseline, font, anchor: .end, color: Ink.quiet)
    if let signs {
      sketch.label(Self.heads.signs, x: signs.plot.x, baseline: baseline, font, color: Ink.quiet)
    }

    var y = bodyTop
    if let output = layers.first?.outgoing {
      end("output", output, plot, numberRight, x: left, top: y, on: &sketch)
      y += rowHeight
    }
    for layer in layers {
      let baseline = textBaseline(inRow: y, font)
      sketch.label(sketch.text.shortened(layer.name, font, width: nameWidth), x: left, baseline: baseline, font)
      sketch.label(
        sketch.text.shortened(layer.rule ?? Self.noRule, font, width: ruleWidth), x: left + nameWidth + gap,
        baseline: baseline, font, color: Ink.quiet)
      sketch.label(ValueText.value(layer.outgoing), x: numberRight, baseline: baseline, font, anchor: .end)
      sketch.label(Self.keptText(layer), x: keptRight, baseline: baseline, font, anchor: .end)
      for piece in LedgerPiece.stack(layer, unit: unit) {
        let (color, isHatched) = Self.look(piece.kind)
        bar(from: piece.start, to: piece.end, on: plot, top: y, color, isHatched: isHatched, &sketch)
      }
      if let signs, let sums = layer.signs {
        bar(from: sums.negative, to: 0, on: signs, top: y, Ink.negative, isHatched: false, &sketch)
        bar(from: 0, to: sums.positive, on: signs, top: y, Ink.positive, isHatched: false, &sketch)
      }
      y += rowHeight
    }
    if let inputRelevance {
      end("input", inputRelevance, plot, numberRight, x: left, top: y, on: &sketch)
    }
    let bottom = plot.draw(on: &sketch)
    return max(bottom, signs?.draw(on: &sketch) ?? bottom)
  }

  private static func look(_ kind: LedgerPiece.Kind) -> (RGB, isHatched: Bool) {
    switch kind {
    case .kept: (Ink.kept, false)
    case .bias: (Ink.bias, false)
    case .stabilizer: (Ink.stabilizer, false)
    case .other: (Ink.other, true)
    }
  }

  private func textBaseline(inRow top: Double, _ font: Font) -> Double { top + rowHeight / 2 + font.halfCapital }

  /// The row of the network's output or input, which is no layer's: its whole relevance.
  private func end(
    _ name: String, _ value: Double, _ plot: HorizontalAxis, _ numberRight: Double, x: Double, top: Double,
    on sketch: inout Sketch
  ) {
    let font = Font(size: sketch.small.size, isBold: true)
    let baseline = textBaseline(inRow: top, font)
    sketch.label(name, x: x, baseline: baseline, font)
    sketch.label(ValueText.value(value), x: numberRight, baseline: baseline, sketch.small, anchor: .end)
    guard unit == .relevance else { return }
    bar(from: min(0, value), to: max(0, value), on: plot, top: top, Ink.quiet, isHatched: false, &sketch)
  }

  private func bar(
    from start: Double, to end: Double, on plot: HorizontalAxis, top: Double, _ color: RGB, isHatched: Bool,
    _ sketch: inout Sketch
  ) {
    guard start.isFinite, end.isFinite, end > start, let left = plot.x(start), let right = plot.x(end) else { return }
    let thickness = (rowHeight * 0.72).rounded()
    // What is there at all is seen, if only as a line.
    let box = Box(
      x: left, y: top + ((rowHeight - thickness) / 2).rounded(), width: max(right - left, sketch.hairline),
      height: thickness)
    sketch.bar(box, color, isHatched: isHatched)
  }
}
