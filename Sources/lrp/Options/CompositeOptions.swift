import ArgumentParser
import LRP

/// Which rules.
struct CompositeOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A preset ('lrp composites' lists them), a composite file, or 'none' for the plain gradient. "
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
}

/// `0.5` or `-2.1,-2.0,-1.8`.
struct NumberList: ExpressibleByArgument {
  let numbers: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0.trimmingPrefix { $0 == " " }) }.filter(\.isFinite)
    guard numbers.count == parts.count else { return nil }
    self.numbers = numbers
  }

  var bound: Bound { numbers.count == 1 ? .scalar(numbers[0]) : .perChannel(numbers) }
}
