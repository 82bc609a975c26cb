import ArgumentParser
import LRP

/// Which rules.
struct CompositeOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A preset ('lrp composites' lists them), a composite file, or 'none' for the plain gradient. Without --model, a "
        + "file's own 'model' is explained. "
        + "(default: what suits the model)", valueName: "preset|file|none"))
  var composite: String?

  @Option(
    name: .customLong("canonizer"),
    help: ArgumentHelp(
      CanonizerCatalog.all.map(\.name).joined(separator: ", ")
        + ", 'auto' for what the model needs, or 'none'; may be given several times. A composite "
        + "file's own canonizers go first. (default: auto)", valueName: "name"))
  var canonizers: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Lowest pixel value for ZBox, one or one per channel. (default: the model's black)", valueName: "v[,v,v]"))
  var low: NumberList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Highest pixel value for ZBox. (default: the model's white)", valueName: "v[,v,v]"))
  var high: NumberList?

  @Flag var bias: BiasSwitch = .withBias
  @Flag var residual: ResidualSwitch = .withResidual

  /// The switches that are not at their default, as they are written.
  var switches: [String] {
    (bias == .noBias ? ["--no-bias"] : []) + (residual == .noResidual ? ["--no-residual"] : [])
  }
}

/// Whether a preset's rules see biases.
enum BiasSwitch: String, EnumerableFlag {
  case withBias, noBias

  static func help(for value: Self) -> ArgumentHelp? {
    value == .noBias ? "The preset's rules leave biases out: zero_params: [bias]." : nil
  }
}

/// Whether a preset's relevance goes through shortcuts.
enum ResidualSwitch: String, EnumerableFlag {
  case withResidual, noResidual

  static func help(for value: Self) -> ArgumentHelp? {
    value == .noResidual ? "No relevance goes through the shortcuts of residual blocks: Sum has SumSingle." : nil
  }
}

/// `0.5` or `-2.1,-2.0,-1.8`.
struct NumberList: ExpressibleByArgument {
  let numbers: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0.trimmingPrefix { $0 == " " }) }.filter { Float($0).isFinite }
    guard numbers.count == parts.count else { return nil }
    self.numbers = numbers
  }

  var bound: Bound { numbers.count == 1 ? .scalar(numbers[0]) : .perChannel(numbers) }
}
