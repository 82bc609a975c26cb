import Foundation
import ProgramFiles

extension Explore {
  /// The command with the configuration's settings where the command line says nothing.
  func completed(by settings: Configuration) -> Explore {
    var command = self
    // Weights and inputs of the command line belong to the model that is usual without a configuration.
    if model.model == nil, model.weights == nil, model.classes == nil { command.model.model = settings.model }
    command.input = input ?? settings.input
    command.rules.composite = rules.composite ?? settings.composite
    command.heatmap.cmap = heatmap.cmap ?? settings.colorMap
    command.heatmap.level = heatmap.level ?? settings.level
    command.heatmap.norm = heatmap.norm ?? settings.norm
    command.percentile = percentile ?? settings.percentile
    command.colors.color = colors.color ?? settings.color
    command.mouse = mouse ?? settings.mouse
    return command
  }
}

/// How many threads compute.
enum ThreadCount {
  /// Starts the program anew with `OMP_NUM_THREADS`, which OpenMP reads only when it is loaded; does nothing if it is set.
  static func apply(_ count: Int?) {
    guard let count, getenv("OMP_NUM_THREADS") == nil else { return }
    setenv("OMP_NUM_THREADS", String(count), 1)
    let arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    execv("/proc/self/exe", arguments)
    // It could not be started: the default will do.
    for argument in arguments { free(argument) }
  }
}
