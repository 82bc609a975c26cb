import Foundation
import Heatmaps
import LRP
import ModelZoo
import TerminalUI
import YAMLFiles

/// A key of the configuration file: declared once; the reader, `lrp config` and the manual are made from it.
package struct Setting: Sendable {
  package let name: String
  let summary: String
  /// What holds where nothing is set, as it stands in the file.
  let standard: String
  /// Takes the value from a node.
  let read: @Sendable (YAMLSource, YAMLNode, inout Configuration) throws -> Void
  /// The value as it stands in the file, `nil` where nothing is set.
  let text: @Sendable (Configuration) -> String?

  package static let all: [Setting] = [
    model, input, composite, colorMap, level, norm, percentile, color, mouse, threads,
  ]

  static let model = Setting(
    name: "model", summary: "opened when the command line names none ('lrp models' lists them), or a model file",
    standard: ModelZoo.defaultModel
  ) { source, node, settings in
    settings.model = try source.text(node, "a model's name")
  } text: {
    $0.model.map(quoted)
  }

  static let input = Setting(
    name: "input", summary: "a picture, an array (.npy) or a folder to page through; ~ is the home folder",
    standard: "the model's own"
  ) { source, node, settings in
    let path = (try source.text(node, "a path") as NSString).expandingTildeInPath
    guard FileManager.default.fileExists(atPath: path) else {
      throw source.error(node, "input: there is no file or folder \(source.shown(path))")
    }
    settings.input = path
  } text: {
    $0.input.map(quoted)
  }

  static let composite = Setting(
    name: "composite", summary: "a preset ('lrp composites' lists them), a composite file, or none",
    standard: "what suits the model"
  ) { source, node, settings in
    let name = (try source.text(node, "a preset or a file") as NSString).expandingTildeInPath
    let known = Preset.all.map(\.name) + ["none"]
    guard known.contains(name) || FileManager.default.fileExists(atPath: name) else {
      throw source.error(
        node,
        "composite: '\(source.shown(name))' found, a preset or a composite file expected"
          + source.suggestion(for: name, among: known))
    }
    settings.composite = name
  } text: {
    $0.composite.map(quoted)
  }

  static let colorMap = Setting(
    name: "color_map", summary: "a colour map ('lrp cmaps' lists them), or CMSL source in quotes",
    standard: Configuration.standardColorMap
  ) { source, node, settings in
    let text = try source.text(node, "a colour map")
    do {
      _ = try ColorMap(text)
    } catch {
      throw source.error(node, "color_map: \(error)")
    }
    settings.colorMap = text
  } text: {
    $0.colorMap.map(quoted)
  }

  static let level = number(
    "level", summary: "below 1 only the middle of the colour map is used, above 1 its ends come earlier",
    standard: "1", expected: "a number above 0", at: \.level
  ) { $0 > 0 }

  static let norm = choice(
    "norm", summary: "what is laid onto the colour map", standard: RelevanceNorm.symmetric, at: \.norm)

  static let percentile = number(
    "percentile", summary: "of the absolute relevance, at which the colours end; 100 is the largest value",
    standard: "99", expected: "a number above 50, at most 100", at: \.percentile
  ) { $0 > 50 && $0 <= 100 }

  static let color = choice(
    "color", summary: "whether to use colours", standard: ColorPreference.auto, at: \.color)

  static let mouse = Setting(
    name: "mouse", summary: "false leaves the mouse to the terminal, for selecting text", standard: "true"
  ) { source, node, settings in
    settings.mouse = try source.flag(node, "mouse")
  } text: {
    $0.mouse.map { String($0) }
  }

  static let threads = Setting(
    name: "threads", summary: "how many threads compute; OMP_NUM_THREADS goes first", standard: "one per core"
  ) { source, node, settings in
    let count = try source.integer(node, "threads: a whole number")
    guard (1...4096).contains(count) else {
      throw source.error(node, "threads: \(source.found(node)), a whole number of 1 to 4096 expected")
    }
    settings.threads = count
  } text: {
    $0.threads.map { String($0) }
  }

  // MARK: - Reading and writing

  /// A setting that takes a number.
  private static func number(
    _ name: String, summary: String, standard: String, expected: String,
    at path: WritableKeyPath<Configuration, Double?> & Sendable, _ isValid: @escaping @Sendable (Double) -> Bool
  ) -> Setting {
    Setting(name: name, summary: summary, standard: standard) { source, node, settings in
      let number = try source.number(node, "\(name): \(expected)")
      guard isValid(number) else { throw source.error(node, "\(name): \(source.found(node)), \(expected) expected") }
      settings[keyPath: path] = number
    } text: {
      $0[keyPath: path].map(ParameterValue.short)
    }
  }

  /// A setting that takes one of a few words.
  private static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, summary: String, standard: Value, at path: WritableKeyPath<Configuration, Value?> & Sendable
  ) -> Setting where Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    let choices = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    return Setting(name: name, summary: "\(summary): \(choices)", standard: standard.rawValue) {
      source, node, settings in
      let text = try source.text(node, "\(name): \(choices)")
      guard words.contains(text) else {
        throw source.error(
          node,
          "\(name): '\(source.shown(text))' found, \(choices) expected" + source.suggestion(for: text, among: words))
      }
      settings[keyPath: path] = Value(rawValue: text)
    } text: {
      $0[keyPath: path]?.rawValue
    }
  }

  private static func quoted(_ text: String) -> String {
    text.allSatisfy { $0.isLetter || $0.isNumber || "_-./".contains($0) }
      ? text : "'" + text.replacing("'", with: "''") + "'"
  }
}

extension Configuration {
  /// Reads a file.
  /// - Throws: ``YAMLFileError`` with line and key, or why the file cannot be read.
  package init(contentsOf path: String) throws {
    let source = YAMLSource(file: path, what: "a configuration file")
    guard let root = try source.root(of: source.text(ofFile: path)) else { return }
    let names = Setting.all.map(\.name)
    for field in try source.fields(root, of: "settings (\(names[0]): …)") {
      guard let setting = Setting.all.first(where: { $0.name == field.name }) else {
        throw source.error(
          field.key,
          "the key '\(source.shown(field.name))' found, one of \(names.joined(separator: ", ")) expected"
            + source.suggestion(for: field.name, among: names))
      }
      try setting.read(source, field.value, &self)
    }
  }

  /// A file with every setting explained; those that are not set are comments.
  package var annotated: String {
    Setting.all.map { setting in
      let line = setting.text(self).map { "\(setting.name): \($0)" } ?? "# \(setting.name): \(setting.standard)"
      return "# \(setting.summary)\n\(line)\n"
    }.joined(separator: "\n")
  }
}
