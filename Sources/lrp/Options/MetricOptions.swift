import ArgumentParser
import LRP
import ModelZoo

/// How pixels are flipped, and where relevance is looked for.
struct MetricOptions: ParsableArguments {
  enum Metric: String, CaseIterable, ExpressibleByArgument {
    case pixelFlipping = "pixel-flipping"
    case relevanceShare = "relevance-share"
  }

  @Option(help: ArgumentHelp("pixel-flipping, or relevance-share.", valueName: "name"))
  var metric: Metric = .pixelFlipping

  @Option(
    help: ArgumentHelp(
      "pixel-flipping: delete the most relevant blocks first, or insert them into a filled picture.",
      valueName: "deletion|insertion"))
  var mode: PixelFlipping.Mode?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("pixel-flipping: pixels along a side of a block. (default: 8)", valueName: "pixels"))
  var block: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "pixel-flipping: what flipped pixels become: mean (of each channel), black, zero (of the model's input), blur, "
        + "blur:DEVIATION in pixels, or a value or one per channel in the units of the model's input. (default: mean)",
      valueName: "fill"))
  var fill: FillChoice?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("pixel-flipping: how often the model is asked. (default: 50)", valueName: "count"))
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "relevance-share: a rectangle of the model's input, in pixels from its left and top.", valueName: "x,y,w,h"))
  var rectangle: PixelRectangle?

  mutating func validate() throws {
    let flipping: [(String, Bool)] = [
      ("--mode", mode != nil), ("--block", block != nil), ("--fill", fill != nil), ("--steps", steps != nil),
    ]
    switch metric {
    case .relevanceShare:
      if let name = flipping.first(where: { $0.1 })?.0 { throw ValidationError("\(name) belongs to pixel-flipping") }
      if rectangle == nil { throw ValidationError("relevance-share needs --rectangle x,y,width,height") }
    case .pixelFlipping:
      if rectangle != nil { throw ValidationError("--rectangle belongs to --metric relevance-share") }
      for (name, value) in [("--block", block), ("--steps", steps)] {
        if let value, value < 1 { throw ValidationError("\(name): \(value) found, at least 1 expected") }
      }
    }
  }

  func flipping(for card: ModelCard, batchSize: Int) -> PixelFlipping {
    PixelFlipping(
      mode: mode ?? .deletion, blockSide: block ?? 8, fill: (fill ?? .mean).fill(for: card), steps: steps ?? 50,
      batchSize: batchSize)
  }
}

/// `mean`, `black`, `zero`, `blur:5`, `0.5` or `-2,-2,-1.8`.
enum FillChoice: ExpressibleByArgument {
  case mean, black, zero
  /// `nil` for a twentieth of the picture's side.
  case blur(Double?)
  case value([Float])

  init?(argument: String) {
    switch argument {
    case "mean": self = .mean
    case "black": self = .black
    case "zero": self = .zero
    case "blur": self = .blur(nil)
    default:
      if argument.hasPrefix("blur:") {
        guard let deviation = Double(argument.dropFirst(5)), deviation > 0, deviation.isFinite else { return nil }
        self = .blur(deviation)
      } else {
        guard let list = NumberList(argument: argument) else { return nil }
        self = .value(list.numbers.map { Float($0) })
      }
    }
  }

  func fill(for card: ModelCard) -> FlippingFill {
    switch self {
    case .mean: .mean
    case .black: .value(card.low)
    case .zero: .value([0])
    case .blur(let deviation): .blur(deviation: deviation ?? max(1, Double(card.inputShape[1]) / 20))
    case .value(let values): .value(values)
    }
  }
}

extension PixelFlipping.Mode: ExpressibleByArgument {}

extension PixelRectangle: ExpressibleByArgument {
  public init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2], let height = numbers[3]
    else { return nil }
    self.init(x: x, y: y, width: width, height: height)
  }
}
