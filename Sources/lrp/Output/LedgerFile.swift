import FileSystem
import LRP

/// Writes a ledger as JSON or CSV.
struct LedgerFile {
  /// What the ledger is of, for the JSON file.
  struct Heading: Encodable {
    let model: String
    let composite: String
    let input: String
    /// The class explained, per sample; `nil` if all outputs are.
    let targets: [Int]?
  }

  static func write(
    _ report: LedgerReport, heading: Heading, to file: OutputFile, overwriting: Bool = true
  ) throws {
    let text = file.format == "json" ? try json(report, heading) : csv(report)
    try AtomicFile.write(text, to: file.path, overwriting: overwriting)
  }

  // MARK: JSON

  private struct Document: Encodable {
    let about = "relevance_out = relevance_in + bias + stabilizer + other, per sample; layers in forward order"
    let model: String
    let composite: String
    let input: String
    let samples: Int
    let targets: [Int]?
    let layers: [Layer]
  }

  private struct Layer: Encodable {
    let name: String
    let kind: String
    let rule: String?
    let relevanceOut, relevanceIn, bias, stabilizer, other, kept: [JSONNumber]
    let positive, negative, minimum, maximum, zeroShare: JSONNumber
    let seconds: Double
  }

  private static func json(_ report: LedgerReport, _ heading: Heading) throws -> String {
    let layers = report.layers.map { layer in
      Layer(
        name: layer.name, kind: layer.kind, rule: layer.rule, relevanceOut: layer.outgoing.map(JSONNumber.init),
        relevanceIn: layer.incoming.map(JSONNumber.init), bias: layer.bias.map(JSONNumber.init),
        stabilizer: layer.stabilizer.map(JSONNumber.init), other: layer.other.map(JSONNumber.init),
        kept: layer.outgoing.indices.map { JSONNumber(layer.kept($0)) }, positive: JSONNumber(layer.positive),
        negative: JSONNumber(layer.negative), minimum: JSONNumber(layer.minimum), maximum: JSONNumber(layer.maximum),
        zeroShare: JSONNumber(layer.zeroShare), seconds: layer.seconds)
    }
    return try JSONText.text(
      Document(
        model: heading.model, composite: heading.composite, input: heading.input, samples: report.samples,
        targets: heading.targets, layers: layers))
  }

  // MARK: CSV

  /// One line per sample and layer; the columns from `positive` on are over all samples.
  static func csv(_ report: LedgerReport) -> String {
    var lines = [
      "sample,layer,kind,rule,relevance_out,relevance_in,bias,stabilizer,other,kept,positive,negative,minimum,maximum,"
        + "zero_share,seconds"
    ]
    for sample in 0..<report.samples {
      for layer in report.layers {
        let numbers: [Double?] = [
          layer.outgoing[sample], layer.incoming[sample], layer.bias[sample], layer.stabilizer[sample],
          layer.other[sample], layer.kept(sample), layer.positive, layer.negative, layer.minimum, layer.maximum,
          layer.zeroShare, layer.seconds,
        ]
        let words = ["\(sample)", layer.name, layer.kind, layer.rule ?? "gradient"].map(CSVText.quoted)
        lines.append((words + numbers.map { $0.map { "\($0)" } ?? "" }).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
