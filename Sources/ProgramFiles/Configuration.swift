import FileSystem
import Foundation
import Heatmaps
import TerminalUI

/// The user's settings for the explorer; what the command line says goes first. `nil` is the program's own default.
package struct Configuration: Equatable, Sendable {
  package var model: String?
  package var input: String?
  package var composite: String?
  package var colorMap: String?
  package var level: Double?
  package var norm: RelevanceNorm?
  package var percentile: Double?
  package var color: ColorPreference?
  package var mouse: Bool?
  package var threads: Int?

  package init() {}

  /// What holds where neither it nor the command line says anything.
  package static let standardColorMap = "coldnhot"

  /// `$XDG_CONFIG_HOME/lrp/config.yaml`.
  package static func path(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
    UserFolder.configuration.path(environment) + "/config.yaml"
  }

  /// The file's settings, none if there is no file.
  /// - Throws: ``YAMLFileError`` with line and key, or why the file cannot be read.
  package static func load(_ path: String = path()) throws -> Configuration {
    guard FileManager.default.fileExists(atPath: path) else { return Configuration() }
    return try Configuration(contentsOf: path)
  }
}
