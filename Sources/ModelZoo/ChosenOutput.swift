import FileSystem
import ModelFormats
import NeuralNetwork

/// Which output of an ONNX file is explained: the one that is named, or the one that is clearly the classifier's.
struct ChosenOutput {
  let output: ONNXOutput
  /// What to tell a user who has not chosen.
  let notice: String?

  /// Whether other outputs are computed from it, but not as probabilities are from logits.
  var isInner: Bool { output.isInner && !output.feedsActivation }

  /// - Throws: ``ModelZooError`` for an output that is not there, or if none is named and it is not clear which is meant.
  init(of file: ONNXFile, card: CardFile?, options: ModelZoo.Options) throws {
    let all = file.outputs
    if let name = options.output ?? card?.output {
      guard let named = all.first(where: { $0.name == name }) else {
        let nearest = Spelling.nearest(to: name, among: all.map(\.name)).map { "; did you mean '\($0.shown())'?" } ?? ""
        let problem = "there is no output '\(name.shown())' among \(Self.listed(all))" + nearest
        guard options.output == nil, let card else { throw ModelZooError.badOption(model: file.path, problem: problem) }
        throw card.error("output", problem)
      }
      self.init(output: named, notice: nil)
    } else if all.count == 1 {
      self.init(output: all[0], notice: nil)
    } else if let found = Self.classifier(among: all, classes: card?.statedClasses ?? options.classes) {
      self.init(
        output: found,
        notice:
          "\(file.path) has \(all.count) outputs: \(Self.listed(all)); '\(found.name.shown())' is explained, because it"
          + " looks like the classifier's (--output-node chooses another)")
    } else {
      throw ModelZooError.badOption(
        model: file.path,
        problem:
          "it has \(all.count) outputs, and it is not clear which of them scores the classes: \(Self.listed(all));"
          + " choose one with --output-node, or with 'output: …' in a card")
    }
  }

  private init(output: ONNXOutput, notice: String?) {
    self.output = output
    self.notice = notice
  }

  private static func listed(_ outputs: [ONNXOutput]) -> String {
    outputs.prefix(12).map(\.title).joined(separator: ", ") + (outputs.count > 12 ? ", …" : "")
  }

  /// The only one that can be a classifier's.
  private static func classifier(among all: [ONNXOutput], classes: Int?) -> ONNXOutput? {
    // What others are computed from comes before the classifier's end; boxes, maps and numbers of classes are no scores.
    let ends = all.filter { $0.isFloating && !$0.isInner && $0.canHoldScores }
    if ends.count == 1 { return ends[0] }
    if let classes {
      let fitting = ends.filter { ($0.extents?.count ?? 0) > 1 && $0.extents?[1] == classes }
      if fitting.count == 1 { return fitting[0] }
    }
    let named = ends.filter { output in
      let name = output.name.lowercased()
      return ["logit", "score", "prob", "class", "pred", "softmax"].contains { name.contains($0) }
        && !["aux", "embed", "feature"].contains { name.contains($0) }
    }
    return named.count == 1 ? named[0] : nil
  }
}

extension ONNXOutput {
  /// `(N, classes)`, perhaps with axes of one, `(N)` or a shape that the file does not tell.
  fileprivate var canHoldScores: Bool {
    guard let extents else { return true }
    return !extents.isEmpty && extents.dropFirst(2).allSatisfy { $0 == 1 }
  }
}

extension CardFile {
  /// The number of classes that the card speaks of.
  fileprivate var statedClasses: Int? {
    if let classes { return classes }
    if case .list(let labels)? = labels { return labels.count }
    return nil
  }
}
