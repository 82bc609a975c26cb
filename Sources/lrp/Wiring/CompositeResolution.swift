import CompositeFiles
import Foundation
import LRP
import ModelZoo
import NeuralNetwork

/// What `--composite` names, for a model: a preset with the model's pixel bounds, a file, or nothing.
struct ResolvedComposite: Sendable {
  /// The preset's name, the file's path, or `none`.
  let name: String
  /// `nil` for the plain gradient of the network as it is.
  let composite: (any Composite)?
  /// The composite as it would be written to a file; `nil` for the plain gradient.
  let document: CompositeDocument?
  /// To be told to the user.
  let warnings: [String]
}

/// The one way from words to composites, for the commands and the explorer.
struct CompositeResolver {
  let model: Model
  /// Names given by the user; empty for the model's own, `none` for none.
  var canonizers: [String] = []
  var low: Bound?
  var high: Bound?
  /// What presets' rules set to zero.
  var zeroParams: Set<ParameterKey> = []
  /// Whether relevance goes through the shortcuts of residual blocks.
  var hasResiduals = true
  /// How the last two were written, for messages.
  private var switches: [String] = []

  init(model: Model) { self.model = model }

  init(model: Model, options: CompositeOptions) throws {
    self.model = model
    canonizers = options.canonizers
    low = options.low?.bound
    high = options.high?.bound
    zeroParams = options.bias == .noBias ? [.bias] : []
    hasResiduals = options.residual == .withResidual
    switches = options.switches
    for (name, bound) in [("--low", low), ("--high", high)] {
      guard case .perChannel(let numbers) = bound, numbers.count != model.card.low.count else { continue }
      throw CommandFailure(
        "\(name): \(numbers.count) values found, 1 or \(model.card.low.count) (one per channel of \(model.card.name)) "
          + "expected")
    }
    guard low != nil || high != nil else { return }
    let (lowest, highest) = pixelBounds
    for channel in 0..<model.card.low.count {
      guard let from = lowest.value(ofChannel: channel), let to = highest.value(ofChannel: channel), from > to else {
        continue
      }
      throw CommandFailure(
        "--low: \(ParameterValue.short(from)) found, a number of at most --high (\(ParameterValue.short(to))) expected")
    }
  }

  /// - Parameter name: a preset, the path of a composite file, `none`, or `nil` for the model's usual preset.
  /// - Throws: `LRPError`, `CompositeFileError`, `FileError` or ``CommandFailure``.
  func resolve(_ name: String?) throws -> ResolvedComposite {
    guard let name else { return try placing("composite") { try resolve(model.card.defaultComposite) } }
    if name == "none" {
      try refuseBounds(for: name)
      try refuseSwitches("'none' has no rules")
      let own = canonizers.isEmpty ? try outputCanonizers() : try chosenCanonizers()
      let composite = own.isEmpty ? nil : NameMapComposite(nameMap: [], canonizers: own)
      return ResolvedComposite(
        name: name, composite: composite, document: nil, warnings: try outputWarnings(own))
    }
    if let preset = Preset.all.first(where: { $0.name == name }) { return try resolve(preset) }
    try Self.refuseUnknown(name)
    try refuseBounds(for: name)
    try refuseSwitches("\(name) says itself what its rules do (zero_params: [bias]; SumSingle for Sum)")
    return try resolve(file: name)
  }

  private func resolve(_ preset: Preset) throws -> ResolvedComposite {
    if !preset.options.contains("low") { try refuseBounds(for: preset.name) }
    var options = PresetOptions()
    (options.low, options.high) = pixelBounds
    options.canonizers = try chosenCanonizers()
    options.zeroParams = zeroParams
    if !hasResiduals { options.layerMap = [LayerMapEntry(.sum, SumSingle())] }
    let maps = try preset.maps(options)
    let document = CompositeDocument(
      model: model.card.name, canonizers: options.canonizers, firstMap: maps.firstMap, layerMap: maps.layerMap)
    return ResolvedComposite(
      name: ([preset.name] + switches).joined(separator: " "), composite: try preset.composite(options),
      document: document,
      warnings: try warnings(preset, options.canonizers) + outputWarnings(options.canonizers))
  }

  /// What the plain gradient takes of the canonizers that suit the model: it is that of the network as it is, but of its
  /// logits.
  func outputCanonizers() throws -> [any Canonizer] {
    isAutomatic ? try chosenCanonizers().filter { $0 is LogitOutput } : []
  }

  /// Whether canonizers are chosen by what the network is.
  private var isAutomatic: Bool {
    (canonizers.isEmpty ? model.card.defaultCanonizers : canonizers).contains(CanonizerCatalog.automatic)
  }

  /// Says what is explained of a network that ends in a softmax or a sigmoid.
  private func outputWarnings(_ used: [any Canonizer]) throws -> [String] {
    if used.contains(where: { $0 is LogitOutput }) {
      return isAutomatic ? [LogitOutput.notice(for: model.network)].compactMap { $0 } : []
    }
    return [LogitOutput.warning(for: model.network)].compactMap { $0 }
  }

  /// Says which switches change nothing.
  private func warnings(_ preset: Preset, _ canonizers: [any Canonizer]) throws -> [String] {
    var warnings: [String] = []
    if !zeroParams.isEmpty, !preset.options.contains("zero_params") {
      warnings.append("--no-bias has no effect: the rules of \(preset.name) use no biases")
    }
    if !hasResiduals {
      let network = try CompositeCanonizer(canonizers).apply(to: model.network)
      if !network.nodes.contains(where: { $0.layer.kind == .sum }) {
        warnings.append("--no-residual has no effect: \(model.card.name) has no Sum layers with these canonizers")
      }
    }
    return warnings
  }

  private func resolve(file path: String) throws -> ResolvedComposite {
    let defaults = try chosenCanonizers()
    let document = try CompositeDocument(contentsOf: path, network: model.network, defaultCanonizers: defaults)
    var warnings = document.warnings
    if document.canonizers != nil, !canonizers.isEmpty {
      warnings.append("--canonizer has no effect: \(path) has canonizers of its own")
    }
    warnings += try outputWarnings(document.canonizers ?? defaults)
    return ResolvedComposite(
      name: path, composite: document.composite(defaultCanonizers: defaults), document: document, warnings: warnings)
  }

  /// What the user gave, or what black and white become in the model's input.
  var pixelBounds: (low: Bound, high: Bound) {
    (
      low ?? .perChannel(Self.shortest(model.card.low)),
      high ?? .perChannel(Self.shortest(model.card.high))
    )
  }

  /// What the user named, or what the model needs.
  func chosenCanonizers() throws -> [any Canonizer] {
    if canonizers == ["none"] { return [] }
    guard !canonizers.contains("none") else {
      throw CommandFailure("--canonizer: 'none' and other canonizers found, either expected")
    }
    if canonizers.isEmpty || canonizers == [CanonizerCatalog.automatic] {
      return try placing("canonizers") {
        try CanonizerCatalog.make(model.card.defaultCanonizers, for: model.network)
      }
    }
    return try CanonizerCatalog.make(canonizers, for: model.network)
  }

  /// Checks what a card file says of composite and canonizers.
  func checkCard() throws {
    _ = try chosenCanonizers()
    _ = try resolve(nil)
  }

  /// Names the place in the model's card file for what is wrong with its value there.
  private func placing<Result>(_ key: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as LRPError {
      guard let card = model.card.source else { throw error }
      throw CommandFailure("\(card.place(of: key)): \(error)")
    }
  }

  private func refuseSwitches(_ reason: String) throws {
    guard switches.isEmpty else {
      throw CommandFailure("\(switches.joined(separator: " and ")): of presets only; \(reason)")
    }
  }

  private func refuseBounds(for name: String) throws {
    guard low == nil, high == nil else {
      throw CommandFailure("--low and --high have no use with '\(name)'; they are ZBox's, as in epsilon_gamma_box")
    }
  }

  /// The card's numbers as a user would write them: the shortest decimal that is the same in float32.
  private static func shortest(_ numbers: [Float]) -> [Double] { numbers.map { Double("\($0)") ?? Double($0) } }

  /// Whether a word names no file.
  static func isBuiltIn(_ name: String) -> Bool { name == "none" || Preset.all.contains { $0.name == name } }

  /// - Throws: `LRPError.unknownComposite` for what is neither a preset nor looks like a file.
  static func refuseUnknown(_ name: String) throws {
    guard !looksLikeFile(name) else { return }
    let known = Preset.all.map(\.name) + ["none"]
    throw LRPError.unknownComposite(name: name, nearest: Spelling.nearest(to: name, among: known))
  }

  private static func looksLikeFile(_ name: String) -> Bool {
    name.contains("/") || name.contains(".") || FileManager.default.fileExists(atPath: name)
  }
}

extension Bound {
  /// `nil` for bounds that differ from pixel to pixel.
  fileprivate func value(ofChannel channel: Int) -> Double? {
    switch self {
    case .scalar(let number): number
    case .perChannel(let numbers): numbers.indices.contains(channel) ? numbers[channel] : nil
    case .tensor: nil
    }
  }
}
