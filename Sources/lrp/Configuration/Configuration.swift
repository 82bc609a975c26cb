import CursesTerminal
import Foundation
import Heatmaps

/// The user's settings for the explorer; what the command line says goes first. `nil` is the program's own default.
struct Configuration: Equatable {
  var model: String?
  var input: String?
  var composite: String?
  var colorMap: String?
  var level: Double?
  var norm: RelevanceNorm?
  var percentile: Double?
  var color: ColorPreference?
  var mouse: Bool?
  var threads: Int?

  /// `$XDG_CONFIG_HOME/lrp/config.yaml`.
  static func path(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
    let home = environment["HOME"] ?? NSHomeDirectory()
    let folder = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.config"
    return folder + "/lrp/config.yaml"
  }

  /// The file's settings, none if there is no file.
  /// - Throws: ``YAMLFileError`` with line and key, or why the file cannot be read.
  static func load(_ path: String = path()) throws -> Configuration {
    guard FileManager.default.fileExists(atPath: path) else { return Configuration() }
    return try Configuration(contentsOf: path)
  }
}
