import FileSystem
import Foundation
import NeuralNetwork
import YAMLFiles

/// Reads model cards, strictly: every key is known, every value is of its kind and in its range.
struct CardReader {
  let source: YAMLSource
  /// Whether paths may be absolute.
  let isRegistered: Bool

  private static let largestSide = 4096
  static let classRange = 1...100_000

  /// Whether the text is a composite file, which may have any name, also that of a card.
  func isComposite(_ text: String) throws -> Bool {
    guard case .mapping(let mapping)? = try source.root(of: text) else { return false }
    return mapping.keys.contains { key in
      guard case .scalar(let scalar) = key else { return false }
      return ["name_map", "first_map", "layer_map"].contains(scalar.string)
    }
  }

  func read(_ text: String, path: String) throws -> CardFile {
    let what = "a model card (version: \(CardFile.version), …)"
    guard let root = try source.root(of: text) else {
      throw YAMLFileError.invalid(file: source.file, line: 1, column: 1, problem: "nothing found, \(what) expected")
    }
    var card = CardFile(path: path)
    var versions: [YAMLNode] = []
    for field in try source.fields(root, of: what) {
      guard CardFile.keys.contains(field.name) else {
        throw source.error(
          field.key,
          "the key '\(source.shown(field.name))' found, one of \(CardFile.keys.joined(separator: ", ")) expected"
            + source.suggestion(for: field.name, among: CardFile.keys))
      }
      if let mark = field.value.mark { card.places[field.name] = .init(line: mark.line, column: mark.column) }
      if field.name == "version" {
        versions.append(field.value)
      } else {
        try read(field, into: &card)
      }
    }
    guard let version = versions.first else {
      throw source.error(root, "no version found, 'version: \(CardFile.version)' expected")
    }
    guard try source.integer(version, "a version number") == CardFile.version else {
      throw source.error(
        version, "version \(source.found(version)), \(CardFile.version) expected; a newer program may read it")
    }
    try checkTogether(card)
    return card
  }

  private func read(_ field: YAMLSource.Field, into card: inout CardFile) throws {
    let node = field.value
    switch field.name {
    case "name": card.name = try line(node, "a name for the model")
    case "summary": card.summary = try line(node, "a few words about the model")
    case "file": card.file = try file(node, "the model's file (ONNX, safetensors or .pth)")
    case "architecture":
      let text = try source.text(node, "an architecture")
      card.architecture =
        try Architectures.named(text) != nil
        ? text : choice(node, "an architecture", among: Architectures.all.map(\.name))
    case "classes": card.classes = try integer(node, "a number of classes", Self.classRange)
    case "output": card.output = try line(node, "the name of an output")
    case "output_meaning":
      card.meaning = OutputMeaning(
        rawValue: try choice(node, "what the output means", among: OutputMeaning.allCases.map(\.rawValue)))
    case "input": card.input = try input(node)
    case "layout":
      card.layout = CardFile.Layout(
        rawValue: try choice(node, "a layout", among: CardFile.Layout.allCases.map(\.rawValue)))
    case "color":
      card.color = Preprocessing.Color(
        rawValue: try choice(node, "a kind of colour", among: Preprocessing.Color.allCases.map(\.rawValue)))
    case "resize": card.resize = try integer(node, "pixels of the shortest side", 1...Self.largestSide)
    case "filter":
      card.filter = ResizeFilter(
        rawValue: try choice(node, "a filter", among: ResizeFilter.allCases.map(\.rawValue)))
    case "crop": card.crop = try integer(node, "pixels of the square that is kept", 1...Self.largestSide)
    case "scale": card.scale = try positive(node, "what white is, 1 or 255")
    case "mean": card.mean = try numbers(node, "a number or one per channel") { try source.number($0, $1) }
    case "std": card.std = try numbers(node, "a positive number or one per channel", positive)
    case "labels": card.labels = try labels(node)
    case "composite": card.composite = try composite(node)
    case "canonizers":
      card.canonizers = try source.list(node, of: "a list of canonizers ([] for none)").map {
        try line($0, "a canonizer's name")
      }
    default: break
    }
  }

  /// What several keys say has to agree.
  private func checkTogether(_ card: CardFile) throws {
    if let input = card.input, let crop = card.crop, crop != input[1] {
      throw card.error("crop", "\(crop) found, \(input[1]) expected, the side of the input")
    }
    if let resize = card.resize, let crop = card.crop ?? card.input?[1], resize < crop {
      throw card.error("resize", "\(resize) found, at least \(crop) expected, the side of the square that is kept")
    }
    if let input = card.input, let color = card.color, input[0] != color.channels {
      throw card.error("color", "\(color.rawValue) found, which has \(color.channels) channels; input has \(input[0])")
    }
    let channels = card.input?[0] ?? card.color?.channels
    for (key, numbers) in [("mean", card.mean), ("std", card.std)] {
      guard let numbers, let channels, numbers.count != 1, numbers.count != channels else { continue }
      throw card.error(key, "\(numbers.count) numbers found, 1 or \(channels) (one per channel) expected")
    }
    if let scale = card.scale, let mean = card.mean?.max(), mean > scale {
      throw card.error(
        "mean",
        "\(mean) is brighter than white, which 'scale: \(NumberText.text(scale))' makes"
          + " \(NumberText.text(scale)); write 'scale: 255' for numbers of 0…255")
    }
    _ = try card.whiteLevel
    if case .list(let labels)? = card.labels, let classes = card.classes, labels.count != classes {
      throw card.error("labels", "\(labels.count) found, \(classes) expected, one per class")
    }
  }

  // MARK: Values

  private func integer(_ node: YAMLNode, _ what: String, _ range: ClosedRange<Int>) throws -> Int {
    let expected = "\(what), \(range.lowerBound) to \(range.upperBound),"
    let value = try source.integer(node, expected)
    guard range.contains(value) else { throw source.error(node, "\(value) found, \(expected) expected") }
    return value
  }

  /// A float32 number above 0.
  private func positive(_ node: YAMLNode, _ what: String) throws -> Double {
    let value = try source.number(node, what)
    guard value > 0, Float(value) > 0, (1 / Float(value)).isFinite, Float(value).isFinite else {
      throw source.error(node, "\(value) found, \(what) (above 0) expected")
    }
    return value
  }

  private func numbers(
    _ node: YAMLNode, _ what: String, _ number: (YAMLNode, String) throws -> Double
  ) throws -> [Double] {
    func checked(_ node: YAMLNode) throws -> Double {
      let value = try number(node, what)
      guard Float(value).isFinite else { throw source.error(node, "\(value) found, a float32 number expected") }
      return value
    }
    guard case .sequence = node else { return [try checked(node)] }
    let values = try source.list(node, of: what).map(checked)
    guard [1, 3].contains(values.count) else {
      throw source.error(node, "\(values.count) numbers found, 1 or 3 (one per channel) expected")
    }
    return values
  }

  private func input(_ node: YAMLNode) throws -> [Int] {
    let what = "the input's shape [channels, height, width]"
    let items = try source.list(node, of: what)
    guard items.count == 3 else { throw source.error(node, "\(items.count) numbers found, \(what) expected") }
    let shape = try items.enumerated().map { index, item in
      try integer(item, index == 0 ? "channels" : "pixels", 1...Self.largestSide)
    }
    guard [1, 3].contains(shape[0]) else {
      throw source.error(items[0], "\(shape[0]) channels found, 1 (grey) or 3 (colours) expected")
    }
    guard shape[1] == shape[2] else {
      throw source.error(node, "\(shape[1])x\(shape[2]) pixels found, a square expected")
    }
    return shape
  }

  /// Text on one line, fit for a terminal.
  private func line(_ node: YAMLNode, _ what: String) throws -> String {
    let text = try source.text(node, what)
    guard text.count <= 200, source.shown(text) == text || text.count > 80, !Self.hasControls(text) else {
      throw source.error(
        node, "'\(source.shown(text))' found, \(what) expected: up to 200 characters without control characters")
    }
    return text
  }

  static func hasControls(_ text: String) -> Bool {
    text.unicodeScalars.contains {
      [.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
    }
  }

  private func choice(_ node: YAMLNode, _ what: String, among names: [String]) throws -> String {
    let text = try source.text(node, what)
    guard !names.contains(text) else { return text }
    let suggestion = source.suggestion(for: text, among: names)
    let known = names.count <= 6 ? " (\(names.joined(separator: ", ")))" : ""
    throw source.error(node, "'\(source.shown(text))' found, \(what)\(known) expected" + suggestion)
  }

  private func labels(_ node: YAMLNode) throws -> CardFile.Labels {
    if case .sequence = node {
      let labels = try source.list(node, of: "a list of labels").map { try line($0, "a label") }
      guard !labels.isEmpty else { return .numbers }
      return .list(labels)
    }
    let what = "a list of labels, a file with one per line, imagenet, fashion_mnist, or [] for none"
    let text = try source.text(node, what)
    if ["imagenet", "fashion_mnist"].contains(text) { return .builtIn(text) }
    guard text.contains(".") || text.contains("/") else {
      throw source.error(
        node,
        "'\(source.shown(text))' found, \(what) expected"
          + source.suggestion(for: text, among: ["imagenet", "fashion_mnist"]))
    }
    return .file(try file(node, "a file with a label per line"))
  }

  private func composite(_ node: YAMLNode) throws -> String {
    let text = try line(node, "a preset or a composite file")
    return text.contains("/") || text.contains(".") ? try file(node, "a preset or a composite file") : text
  }

  /// A path in the card's folder, as one that can be opened from here.
  private func file(_ node: YAMLNode, _ what: String) throws -> String {
    let text = try line(node, what)
    if isRegistered, text.hasPrefix("/") { return text }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard !text.hasPrefix("/"), !text.hasPrefix("~"), !parts.contains("..") else {
      throw source.error(
        node, "'\(source.shown(text))' found, \(what) in the card's own folder expected; move the file there")
    }
    let folder = Folder.containing(source.file)
    return folder.isEmpty ? text : folder + "/" + text
  }
}
