import Figures
import FileSystem
import Foundation
import LRP

/// Curves and shares as tables, CSV, JSON and figures.
enum EvaluationFile {
  static let formats = ["csv", "json", "png", "svg", "pdf"]

  struct Heading {
    let model: String
    let inputs: [String]
    let target: String
    let metric: String
  }

  typealias Curves = [(name: String, curve: FlippingCurve)]
  typealias Shares = [(name: String, sample: Int, share: RelevanceShare)]

  // MARK: Pixel flipping

  static func table(_ curves: Curves) -> String {
    let quantities = quantities(curves)
    var table = TextTable(
      ["order"] + quantities.flatMap { ["\(word($0, curves)): area under", "area over"] },
      trailing: Set(1...2 * quantities.count))
    for (name, curve) in curves {
      table.add([name] + quantities.flatMap { [curve.areaUnder($0), curve.areaOver($0)].map(number) })
    }
    return table.text
  }

  /// What can be followed: outputs that are no probabilities have none.
  static func quantities(_ curves: Curves) -> [FlippingCurve.Quantity] {
    curves.allSatisfy(\.curve.hasProbabilities) ? FlippingCurve.Quantity.allCases : [.logit]
  }

  /// What a quantity is called: an output without a probability is a score.
  private static func word(_ quantity: FlippingCurve.Quantity, _ curves: Curves) -> String {
    quantity == .logit && quantities(curves) == [.logit] ? "score" : quantity.rawValue
  }

  /// One line per order and step.
  static func csv(_ curves: Curves) -> String {
    let lines = curves.flatMap { name, curve in
      curve.points.map { CSVText.line([name, "\($0.fraction)", "\($0.logit)", $0.probability.map { "\($0)" } ?? ""]) }
    }
    return (["order,fraction,logit,probability"] + lines).joined(separator: "\n") + "\n"
  }

  static func figure(_ curves: Curves, _ flipping: PixelFlipping, _ quantity: FlippingCurve.Quantity, title: String)
    -> CurveFigure
  {
    let quantity = quantities(curves).contains(quantity) ? quantity : .logit
    return CurveFigure(
      title: title,
      series: curves.map { name, curve in
        CurveFigure.Series(
          "\(name) (area \(number(curve.areaUnder(quantity))))",
          points: curve.points.map { ($0.fraction, $0.value(quantity)) })
      }, x: .init("share of pixels \(flipping.mode == .deletion ? "deleted" : "inserted")", includesZero: true),
      y: .init(word(quantity, curves), includesZero: true),
      caption: ["Blocks of \(flipping.blockSide) x \(flipping.blockSide) pixels, \(flipping.fill.words)."])
  }

  static func write(
    _ curves: Curves, _ flipping: PixelFlipping, _ quantity: FlippingCurve.Quantity, heading: Heading,
    to file: OutputFile
  ) throws {
    switch file.format {
    case "csv": try AtomicFile.write(csv(curves), to: file.path)
    case "json":
      let orders = curves.map { name, curve in
        CurveDocument.Order(
          name: name, logitAreaUnder: JSONNumber(curve.areaUnder(.logit)),
          logitAreaOver: JSONNumber(curve.areaOver(.logit)),
          probabilityAreaUnder: JSONNumber(curve.areaUnder(.probability)),
          probabilityAreaOver: JSONNumber(curve.areaOver(.probability)),
          fraction: curve.points.map { JSONNumber($0.fraction) }, logit: curve.points.map { JSONNumber($0.logit) },
          probability: curve.points.map { JSONNumber($0.value(.probability)) })
      }
      let document = CurveDocument(
        model: heading.model, inputs: heading.inputs, target: heading.target, metric: heading.metric,
        mode: flipping.mode.rawValue, block: flipping.blockSide, fill: flipping.fill.words, orders: orders)
      try AtomicFile.write(JSONText.text(document), to: file.path)
    default:
      let names = heading.inputs.map { ($0 as NSString).lastPathComponent }
      let subject = names.count > 1 ? "\(names.count) inputs" : names[0]
      let title = "Pixel flipping of \(subject) for \(heading.model), target \(heading.target)"
      try figure(curves, flipping, quantity, title: title).write(to: file.path)
    }
  }

  private struct CurveDocument: Encodable {
    struct Order: Encodable {
      let name: String
      let logitAreaUnder, logitAreaOver, probabilityAreaUnder, probabilityAreaOver: JSONNumber
      let fraction, logit, probability: [JSONNumber]
    }
    let model: String
    let inputs: [String]
    let target, metric, mode: String
    let block: Int
    let fill: String
    let orders: [Order]
  }

  // MARK: Relevance share

  static func table(_ shares: Shares) -> String {
    var table = TextTable(
      ["composite", "sample", "share", "of positive", "of pixels", "strongest pixel"], trailing: [1, 2, 3, 4])
    for (name, sample, share) in shares {
      table.add([
        name, "\(sample)", percent(share.share), percent(share.positiveShare), percent(share.area),
        share.isHit ? "inside" : "outside",
      ])
    }
    return table.text
  }

  static func write(_ shares: Shares, heading: Heading, to file: OutputFile) throws {
    switch file.format {
    case "csv":
      let lines = shares.map { name, sample, share in
        let numbers: [Double?] = [
          share.inside, share.total, share.share, share.positiveInside, share.positiveTotal, share.positiveShare,
          share.area,
        ]
        return CSVText.line(
          [name, "\(sample)", share.rectangle.description] + numbers.map { $0.map { "\($0)" } ?? "" }
            + [share.isHit ? "1" : "0"])
      }
      let titles =
        "composite,sample,rectangle,inside,total,share,positive_inside,positive_total,positive_share,area,hit"
      try AtomicFile.write(([titles] + lines).joined(separator: "\n") + "\n", to: file.path)
    case "json":
      let rows = shares.map { name, sample, share in
        ShareDocument.Row(
          composite: name, sample: sample, inside: JSONNumber(share.inside), total: JSONNumber(share.total),
          share: JSONNumber(share.share), positiveInside: JSONNumber(share.positiveInside),
          positiveTotal: JSONNumber(share.positiveTotal), positiveShare: JSONNumber(share.positiveShare),
          area: JSONNumber(share.area), hit: share.isHit)
      }
      let document = ShareDocument(
        model: heading.model, inputs: heading.inputs, target: heading.target, metric: heading.metric,
        rectangle: shares.first.map { "\($0.share.rectangle)" } ?? "", shares: rows)
      try AtomicFile.write(JSONText.text(document), to: file.path)
    default:
      let groups = shares.map { name, sample, share in
        BarFigure.Group(
          shares.contains { $0.sample > 0 } ? "\(name), sample \(sample)" : name,
          [share.share, share.positiveShare, share.area])
      }
      let figure = BarFigure(
        title: "Relevance in the rectangle \(shares.first?.share.rectangle.description ?? "") of \(heading.model)",
        series: ["of the relevance", "of the positive relevance", "of the pixels"], groups: groups, valueName: "share")
      try figure.write(to: file.path)
    }
  }

  private struct ShareDocument: Encodable {
    struct Row: Encodable {
      let composite: String
      let sample: Int
      let inside, total, share, positiveInside, positiveTotal, positiveShare, area: JSONNumber
      let hit: Bool
    }
    let model: String
    let inputs: [String]
    let target, metric, rectangle: String
    let shares: [Row]
  }

  private static func number(_ value: Double) -> String { value.isNaN ? "NaN" : String(format: "%.4g", value) }

  private static func percent(_ share: Double?) -> String { share.map { String(format: "%.1f %%", 100 * $0) } ?? "–" }
}

extension FlippingFill {
  /// What flipped pixels become, for a caption.
  var words: String {
    switch self {
    case .mean: "filled with the mean of each channel"
    case .value(let values): "filled with " + values.map { "\($0)" }.joined(separator: ", ")
    case .blur(let deviation): "blurred by \(String(format: "%g", deviation)) pixels"
    }
  }
}
