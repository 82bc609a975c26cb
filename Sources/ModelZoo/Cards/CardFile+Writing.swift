import FileSystem
import Foundation
import YAMLFiles

extension CardFile {
  /// A card that says all there is to say about a model.
  /// - Parameter path: where it is going to be; files in its folder are named relative to it.
  public init(of model: Model, path: String) {
    self.init(path: path)
    let card = model.card
    let preprocessing = card.preprocessing
    name = card.source?.name
    summary = card.summary
    if case .file(let path) = model.weights { file = path }
    architecture = card.architecture
    classes = card.classes
    output = card.output
    meaning = model.network.outputMeaning
    input = card.inputShape.dimensions
    layout = card.layout
    color = preprocessing.color
    resize = preprocessing.resize
    filter = preprocessing.filter
    crop = preprocessing.crop
    // Pixels of 0…255 as they are, or nearly: no mean of 0…1 comes with such deviations.
    scale = preprocessing.deviation.allSatisfy { $0 < 0.02 } ? 255 : nil
    let white = scale ?? 1
    mean = preprocessing.mean.map { Self.shortest(Float(Double($0) * white)) }
    std = preprocessing.deviation.map { Self.shortest(Float(Double($0) * white)) }
    labels = card.labelSource
    composite = card.defaultComposite
    canonizers = card.defaultCanonizers
  }

  /// The decimal number a user would write for a float32.
  private static func shortest(_ number: Float) -> Double { Double("\(number)") ?? Double(number) }

  /// The card as YAML.
  /// - Parameter guessed: keys to be marked as guessed, for the user to check.
  public func yaml(guessed: some Collection<String> = [String]()) -> String {
    var lines: [(key: String, value: String)] = [("version", "\(Self.version)")]
    func add(_ key: String, _ value: String?) {
      if let value { lines.append((key, value)) }
    }
    func list(_ numbers: [Double]?) -> String? { numbers.map { YAMLText.list($0.map(NumberText.text)) } }
    add("name", name.map(YAMLText.scalar))
    add("summary", summary.map(YAMLText.scalar))
    add("file", file.map { YAMLText.scalar(written($0)) })
    add("architecture", architecture.map(YAMLText.scalar))
    add("classes", classes.map(String.init))
    add("output", output.map(YAMLText.scalar))
    add("output_meaning", meaning?.rawValue)
    add("input", input.map { YAMLText.list($0.map(String.init)) })
    add("layout", layout?.rawValue)
    add("color", color?.rawValue)
    add("resize", resize.map(String.init))
    add("filter", filter?.rawValue)
    add("crop", crop.map(String.init))
    add("scale", scale.map(NumberText.text))
    add("mean", list(mean))
    add("std", list(std))
    switch labels {
    case .builtIn(let name): add("labels", name)
    case .file(let path): add("labels", YAMLText.scalar(written(path)))
    case .list(let labels): add("labels", YAMLText.list(labels.map(YAMLText.scalar)))
    case .numbers: add("labels", "[]")
    case nil: break
    }
    add("composite", composite.map { YAMLText.scalar($0.contains("/") || $0.contains(".") ? written($0) : $0) })
    add("canonizers", canonizers.map { YAMLText.list($0.map(YAMLText.scalar)) })
    return lines.map { line in
      "\(line.key): \(line.value)" + (guessed.contains(line.key) ? "  # guessed" : "") + "\n"
    }.joined()
  }

  /// A path as it is written in the card: relative where the file is in its folder, else absolute.
  private func written(_ file: String) -> String {
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    let folder = Folder.containing(absolute(path))
    let target = absolute(file)
    let prefix = folder == "/" ? folder : folder + "/"
    return target.hasPrefix(prefix) ? String(target.dropFirst(prefix.count)) : target
  }
}
