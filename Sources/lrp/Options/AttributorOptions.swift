import ArgumentParser
import LRP
import ModelFormats
import NeuralNetwork
import Tensors

/// How explanations are made: one backward pass, or many.
struct AttributorOptions: ParsableArguments {
  @Option(
    name: .customLong("attributor"),
    help: ArgumentHelp(
      "gradient (with a composite: relevance propagation), smoothgrad, integrated-gradients, occlusion, or "
        + "input-times-gradient.", valueName: "name"))
  var kind: AttributorSettings.Kind = .gradient

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "smoothgrad: deviation of the noise as a share of the input's range. (default: 0.1)", valueName: "share"))
  var noiseLevel: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("smoothgrad, integrated-gradients: passes. (default: 20)", valueName: "count"))
  var iterations: Int?

  @Option(
    help: ArgumentHelp(
      "integrated-gradients: an array to start from. (default: zeros)", valueName: "file.npy"))
  var baseline: String?

  @Option(
    help: ArgumentHelp("occlusion: extents of the window, one or several. (default: 8)", valueName: "n[,n]"))
  var window: CountList?

  @Option(help: ArgumentHelp("occlusion: steps of the window. (default: 8)", valueName: "n[,n]"))
  var stride: CountList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("occlusion: what blanked values become. (default: 0)", valueName: "value"))
  var fill: Float?

  @Flag(help: "occlusion: blank the window and keep the rest, not the other way round.")
  var invert = false

  mutating func validate() throws {
    let given: [(String, Bool, [AttributorSettings.Kind])] = [
      ("--noise-level", noiseLevel != nil, [.smoothgrad]),
      ("--iterations", iterations != nil, [.smoothgrad, .integratedGradients]),
      ("--baseline", baseline != nil, [.integratedGradients]), ("--window", window != nil, [.occlusion]),
      ("--stride", stride != nil, [.occlusion]), ("--fill", fill != nil, [.occlusion]),
      ("--invert", invert, [.occlusion]),
    ]
    for (name, isGiven, kinds) in given where isGiven && !kinds.contains(kind) {
      let users = kinds.map(\.rawValue).joined(separator: " and ")
      throw ValidationError("\(name) belongs to the attributor \(users), '\(kind.rawValue)' found")
    }
    if let iterations, iterations < 1 {
      throw ValidationError("--iterations: \(iterations) found, at least 1 expected")
    }
    if let noiseLevel, !(noiseLevel >= 0 && noiseLevel.isFinite) {
      throw ValidationError("--noise-level: \(noiseLevel) found, at least 0 expected")
    }
    if let fill, !fill.isFinite { throw ValidationError("--fill: \(fill) found, a finite number expected") }
  }

  /// Everything about the attributor that results depend on, but the baseline's contents.
  var settings: String {
    let parts: [(String, String?)] = [
      ("noise-level", noiseLevel.map { "\($0)" }), ("iterations", iterations.map(String.init)),
      ("window", window?.text),
      ("stride", stride?.text), ("fill", fill.map { "\($0)" }), ("invert", invert ? "yes" : nil),
    ]
    return ([kind.rawValue] + parts.compactMap { name, value in value.map { "\(name) \($0)" } }).joined(separator: ", ")
  }

  /// Makes the attributor of some samples of the input `(N, C, …)`, given by their numbers; the results do not depend on
  /// which others come with them.
  /// - Parameter seed: of the noise.
  func attributor(
    _ gradient: Gradient, input: Shape, seed: UInt64
  ) throws -> ([Int]) throws -> any Attributor {
    var settings = AttributorSettings(kind)
    settings.seed = seed
    if let noiseLevel { settings.noiseLevel = noiseLevel }
    if let iterations { settings.iterations = iterations }
    if let baseline { settings.baseline = .tensor(try readBaseline(baseline, for: input)) }
    if let window { settings.window = window.extents }
    if let stride { settings.stride = stride.extents }
    if let fill { settings.fill = .scalar(Double(fill)) }
    settings.invert = invert
    return { [settings] samples in try settings.attributor(gradient, input: input, samples: samples) }
  }

  private func readBaseline(_ path: String, for input: Shape) throws -> Tensor {
    var tensor = try NPYFile.read(path)
    if tensor.shape.rank == input.rank - 1 {
      tensor = Tensor(Shape([1] + tensor.shape.dimensions), rowMajor: tensor.rowMajorElements())
    }
    guard tensor.shape == input || tensor.shape == input.withBatch(1) else {
      throw CommandFailure(
        "\(path): an array of shape \(tensor.shape) found, \(input.withBatch(1)) expected as the input has it")
    }
    try InputError.checkFinite(tensor, path: path)
    return tensor
  }
}

/// `8` or `8,16`: positive whole numbers.
struct CountList: ExpressibleByArgument {
  let extents: Occlusion.Extents
  /// As it was written.
  let text: String

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let counts = parts.compactMap { Int($0) }.filter { (1...1_000_000).contains($0) }
    guard counts.count == parts.count else { return nil }
    text = argument
    extents = counts.count == 1 ? .every(counts[0]) : .last(counts)
  }
}

extension AttributorSettings.Kind: ExpressibleByArgument {}
