import Figures
import Foundation
import Heatmaps
import Testing

/// The figures that people look at, with made-up numbers.
/// `FIGURE_SAMPLES=folder swift test --filter SamplesTests` writes them there.
struct SamplesTests {
  static func colorMap(_ name: String) throws -> ColorMap { try ColorMap(name) }

  static func samples() throws -> [(name: String, figure: any Figure)] {
    let bwr = try ColorMap("bwr")
    let picture = Picture(
      width: 224, height: 224,
      rgb: (0..<224 * 224).flatMap { index -> [UInt8] in
        let (x, y) = (index % 224, index / 224)
        let inside = (x - 130) * (x - 130) + (y - 112) * (y - 112) < 60 * 60
        return inside ? [210, 160, 90] : [UInt8(60 + x / 4), UInt8(90 + y / 4), 120]
      })
    let caption = [
      "model: efficientnet_lite0", "target: 285 Egyptian cat (38.5 %)", "composite: epsilon_gamma_box, 3 edits",
      "input: chelsea.png",
    ]
    let layers = (0..<24).map { number in
      let kept = 0.9031 * exp(-Double(24 - number) / 12 * (number % 3 == 0 ? 1 : 0.98))
      return LedgerFigure.Layer(
        name: "blocks.\(number / 3).\(["expand", "depthwise", "project"][number % 3])",
        rule: number == 0 ? "ZBox -1.992 2.0" : number % 3 == 1 ? nil : "Gamma 0.25", kept: kept,
        bias: number % 3 == 2 ? 0.05 : number % 3 == 0 ? -0.03 : 0, stabilizer: number % 5 == 0 ? 0.008 : 0,
        other: number == 7 ? 0.1 : number == 12 ? -0.12 : 0,
        signs: LedgerFigure.Signs(positive: kept + Double(number % 7) * 0.1, negative: -Double(number % 7) * 0.1))
    }
    let steps = (0...20).map { Double($0) / 20 }
    return [
      (
        "heatmap",
        HeatmapFigure(
          title: "What EfficientNet-Lite0 sees as an Egyptian cat", map: bumps(224, 224), colorMap: bwr,
          caption: caption)
      ),
      (
        "beside",
        HeatmapFigure(
          title: "Input and relevance", map: bumps(224, 224), picture: picture, colorMap: try ColorMap("coldnhot"),
          caption: caption)
      ),
      (
        "overlay",
        HeatmapFigure(
          title: "",
          panels: [
            HeatmapPanel("input", .picture(picture)),
            HeatmapPanel("overlay", .overlay(bumps(28, 28), picture, Overlay())),
            HeatmapPanel("relevance at blocks.3.project, sum over all of its 320 channels", .map(bumps(7, 7))),
          ], colorMap: try ColorMap("seismic"), caption: caption)
      ),
      ("small", HeatmapFigure(title: "Fashion-MNIST: ankle boot", map: bumps(28, 28), colorMap: bwr, caption: caption)),
      ("flat", HeatmapFigure(title: "784 inputs in a row", map: bumps(784, 1), colorMap: bwr, caption: caption)),
      (
        "comparison",
        HeatmapFigure(
          title: "Gamma moves relevance to the right eye",
          panels: [
            HeatmapPanel("A: epsilon_plus", .map(bumps(224, 224))),
            HeatmapPanel(
              "B: epsilon_gamma_box, gamma 0.25 for blocks.2 to blocks.5", .map(bumps(224, 224, shift: 0.1))),
            HeatmapPanel("B \u{2212} A", .map(bumps(224, 224, shift: 0.2))),
          ], colorMap: bwr, caption: caption)
      ),
      (
        "sweep",
        HeatmapFigure(
          title: "Gamma for all convolutions",
          panels: ["0", "0.05", "0.1", "0.25", "0.5", "1", "2", "10"].enumerated().map {
            HeatmapPanel("gamma \($0.element)", .map(bumps(224, 224, shift: Double($0.offset) / 40)))
          }, colorMap: bwr, caption: caption)
      ),
      (
        "ledger",
        LedgerFigure(
          title: "Where the relevance of \"Egyptian cat\" goes", layers: layers, inputRelevance: 0.0129,
          caption: caption)
      ),
      (
        "curves",
        CurveFigure(
          title: "Pixel flipping (made up)",
          series: [
            CurveFigure.Series("epsilon_plus", points: steps.map { ($0, exp(-4 * $0)) }),
            CurveFigure.Series("epsilon_gamma_box", points: steps.map { ($0, exp(-6 * $0)) }),
            CurveFigure.Series("gradient", points: steps.map { ($0, $0 == 0.5 ? .nan : exp(-2 * $0)) }),
            CurveFigure.Series("random", points: (0...200).map { (Double($0) / 200, 1 - Double($0) / 250) }),
          ], x: CurveFigure.Axis("share of pixels flipped, most relevant first"),
          y: CurveFigure.Axis("probability of the target", includesZero: true), caption: caption)
      ),
      (
        "ratios",
        CurveFigure(
          title: "Ratio of two times (made up)",
          series: [CurveFigure.Series("some model", points: [(1, 1.4), (4, 2.1), (16, 3.3), (64, 8.0)])],
          x: CurveFigure.Axis("batch size", scale: .logarithmic), y: CurveFigure.Axis("ratio", scale: .logarithmic),
          reference: 1)
      ),
      (
        "bars",
        BarFigure(
          title: "Times of two programs (made up)", series: ["one", "another, float32"],
          groups: [
            BarFigure.Group("small model", [0.041, 0.183]), BarFigure.Group("large model", [0.092, 0.221]),
            BarFigure.Group("largest model with 224 x 224 pixels and batch 16", [1.31, 2.84]),
            BarFigure.Group("a failed one", [0.5, nil]),
          ], valueName: "seconds", reference: 1, caption: caption)
      ),
    ]
  }

  @Test("Every sample is drawn in every format")
  func drawn() throws {
    let folder = ProcessInfo.processInfo.environment["FIGURE_SAMPLES"]
    for (name, figure) in try Self.samples() {
      for format in FigureFormat.allCases {
        let bytes = try figure.encoded(as: format)
        #expect(bytes.count > 1000, "\(name).\(format.rawValue)")
        if let folder { try figure.write(to: "\(folder)/\(name).\(format.rawValue)") }
      }
    }
  }
}
