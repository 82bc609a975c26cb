import Tensors
import YAMLFiles

/// Makes a model's card of what its file, its card file and its architecture say, in the reverse of this order.
struct CardMerging {
  var name: String
  var summary: String
  /// What the model alone tells.
  var template: CardTemplate
  /// Its card file, if there is one.
  var file: CardFile?
  var architecture: String?
  var classes: Int
  /// Keys for which ``template`` only guesses, with what it guesses.
  var guesses: [String: String] = [:]
  /// The output of a file with several that is explained.
  var output: String?
  /// What else the user should know.
  var notices: [String] = []

  /// - Throws: ``ModelZooError/card(place:problem:)`` where the card file and the model disagree.
  func card() throws -> ModelCard {
    let preprocessing = try preprocessing()
    let (labels, source) = try labels()
    let side = preprocessing.crop
    return ModelCard(
      name: name, summary: file?.summary ?? summary, inputShape: [preprocessing.color.channels, side, side],
      preprocessing: preprocessing, labels: labels ?? (0..<classes).map { "class \($0)" }, hasLabels: labels != nil,
      defaultComposite: file?.composite ?? template.composite,
      defaultCanonizers: file?.canonizers ?? template.canonizers, defaultPicture: template.picture,
      architecture: architecture, output: output, layout: file?.layout, labelSource: source, source: file,
      guesses: guesses.filter { !(file?.says($0.key) ?? false) },
      notices: notices + [file?.scaleNotice].compactMap { $0 })
  }

  private func preprocessing() throws -> Preprocessing {
    let usual = template.preprocessing
    let side = file?.input?[1] ?? file?.crop ?? template.side
    let color = file?.color ?? (file?.input.map { $0[0] == usual.color.channels ? usual.color : .guessed($0[0]) })
    let channels = (color ?? usual.color).channels
    let resize = file?.resize ?? max(side, side * usual.resize / usual.crop)
    guard resize >= side else {
      throw file?.error("resize", "\(resize) found, at least \(side) expected, the side of the input")
        ?? ModelZooError.badOption(model: name, problem: "resized to \(resize), cut to \(side)")
    }
    let scale = try file?.whiteLevel ?? 1
    func perChannel(_ key: String, _ given: [Double]?, _ usual: [Float]) throws -> [Float] {
      guard let given else { return usual.count == channels ? usual : .init(repeating: 0.5, count: channels) }
      guard given.count == channels || given.count == 1 else {
        throw file?.error(key, "\(given.count) numbers found, 1 or \(channels) (one per channel) expected")
          ?? ModelZooError.badOption(model: name, problem: "\(given.count) numbers for \(key)")
      }
      return (0..<channels).map { Float(given[given.count == 1 ? 0 : $0] / scale) }
    }
    return Preprocessing(
      color: color ?? usual.color, resize: resize, filter: file?.filter ?? usual.filter, crop: side,
      mean: try perChannel("mean", file?.mean, usual.mean),
      deviation: try perChannel("std", file?.std, usual.deviation))
  }

  private func labels() throws -> ([String]?, CardFile.Labels) {
    guard let file, let given = file.labels else {
      let known = (try? AssetLocator().labels(template.labels)).flatMap { $0.count == classes ? $0 : nil }
      return (known, known == nil ? .numbers : .builtIn(template.labels))
    }
    let labels: [String]
    switch given {
    case .builtIn(let name): labels = try AssetLocator().labels(name)
    case .file(let path): labels = try LabelFile.read(path)
    case .list(let list): labels = list
    case .numbers: return (nil, .numbers)
    }
    guard labels.count == classes else {
      throw file.error("labels", "\(labels.count) found, \(classes) expected, one per class")
    }
    return (labels, given)
  }
}

extension Preprocessing.Color {
  static func guessed(_ channels: Int) -> Preprocessing.Color { channels == 1 ? .grey : .rgb }
}

extension CardFile {
  /// What white is in the units of mean and deviation: as the card says, else 255 where their numbers are too large for
  /// pixels of 0…1.
  /// - Throws: ``ModelZooError/card(place:problem:)`` if one is of 0…1 and the other of 0…255.
  var whiteLevel: Double {
    get throws {
      if let scale { return scale }
      let (mean, deviation) = (self.mean?.max() ?? 0, std?.max() ?? 0)
      guard mean > 1 || deviation > Self.largestUnitDeviation else { return 1 }
      if mean > 1, deviation > 0, deviation < 1 {
        throw error(
          "std",
          "\(NumberText.text(deviation)) is of pixels of 0…1, but mean (\(NumberText.text(mean))) is of 0…255;"
            + " write both in one scale")
      }
      if mean > 0, mean <= 1 {
        throw error(
          "mean",
          "\(NumberText.text(mean)) is of pixels of 0…1, but std (\(NumberText.text(deviation))) is of 0…255;"
            + " write both in one scale")
      }
      return 255
    }
  }

  /// Nobody divides pixels of 0…1 by more.
  private static let largestUnitDeviation = 2.0

  /// What to tell a user whose card leaves out the scale that its numbers are of.
  var scaleNotice: String? {
    guard scale == nil, let white = try? whiteLevel, white != 1 else { return nil }
    let key = (mean?.max() ?? 0) > 1 ? "mean" : "std"
    return "\(place(of: key)): \(key) has numbers above 1, so mean and std are taken as those of pixels of 0…255;"
      + " 'scale: 255' says so"
  }

  /// Whether the card has this key, or one that says as much.
  func says(_ key: String) -> Bool {
    if places[key] != nil { return true }
    return key == "color" && input.map { $0[0] == 1 } ?? false
  }
}
