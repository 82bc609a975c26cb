import CursesTerminal
import Explorer
import Foundation
import LRP
import ModelZoo
import NeuralNetwork

extension ExplorerRuntime {
  /// Starts the explorer with what the command line named, and runs it until the user leaves.
  /// - Throws: before the screen is touched: a message is worth more on the shell than on a screen that goes away.
  ///   Afterwards, if a script could not be played.
  nonisolated static func run(_ command: Explore, script: Script?) throws {
    let launch = try Launch(command)
    try MainActor.assumeIsolated {
      var runtime = try ExplorerRuntime(
        launch: launch.options, sources: launch.sources, color: command.colors.color ?? .auto,
        mouse: command.mouse ?? true)
      if let script { runtime.play(script, speed: command.script.speed) }
      if let path = command.script.record {
        try runtime.record(to: path, overwriting: command.script.overwrite, options: Explore.recordedOptions)
      }
      try runtime.run()
    }
  }
}

/// The command line, made into what the explorer starts with.
struct Launch {
  let options: LaunchOptions
  let sources: LaunchSources

  init(options: LaunchOptions, sources: LaunchSources) {
    self.options = options
    self.sources = sources
  }

  init(_ command: Explore) throws {
    let name = command.model.name
    let listing = try ModelZoo.listing(of: name)
    var known = ModelZoo.list + ModelRegistry().list
    if !known.contains(listing) { known.append(listing) }
    var sources = LaunchSources(seed: command.model.seed)
    // The model is opened in the background, unless the command line says something that only it can judge.
    if Self.needsModel(command) {
      let model = try command.model.load(quietly: true)
      if let input = command.input { try sources.setInput(input, for: model) }
      sources.preloaded = model
      let options = command.model
      sources.reload = { try options.load(quietly: true) }
    }
    options = LaunchOptions(
      models: known.map { ModelEntry($0) }, inputs: sources.inputs, model: ModelEntry(listing),
      composite: try Self.composite(command, sources.preloaded),
      target: try sources.preloaded?.card.target(command.target) ?? .top1,
      colorMap: command.heatmap.colorMap, level: command.heatmap.level ?? 1,
      norm: command.heatmap.norm ?? .symmetric, percentile: command.percentile ?? 99)
    self.sources = sources
  }

  private static func needsModel(_ command: Explore) -> Bool {
    let isPreset = command.rules.composite.map { name in name == "none" || Preset.all.contains { $0.name == name } }
    return ModelZoo.list.contains { $0.name == command.model.name } == false || command.input != nil
      || command.model.weights != nil || command.model.classes != nil || command.model.outputNode != nil
      || isPreset == false || hasRuleOptions(command) || ![nil, "top1"].contains(command.target)
  }

  private static func hasRuleOptions(_ command: Explore) -> Bool {
    !command.rules.canonizers.isEmpty || command.rules.low != nil || command.rules.high != nil
      || !command.rules.switches.isEmpty
  }

  private static func composite(_ command: Explore, _ model: Model?) throws -> LaunchOptions.InitialComposite {
    let name = command.rules.composite
    if name == "none", !hasRuleOptions(command) { return .gradient }
    if !hasRuleOptions(command), name == nil || Preset.all.contains(where: { $0.name == name }) { return .preset(name) }
    guard let model else { return .preset(name) }
    let resolved = try CompositeResolver(model: model, options: command.rules).resolve(name)
    guard let composite = resolved.composite else { return .gradient }
    resolved.warnings.forEach(StandardError.warn)
    return .file(path: resolved.name, composite: composite, model: resolved.document?.model)
  }
}

extension ModelEntry {
  init(_ listing: ModelListing) { self.init(name: listing.name, summary: listing.summary) }
}
