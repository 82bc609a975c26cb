import ArgumentParser
import LRP
import ModelZoo

/// Which relevance is put in at the output.
enum OutputRelevanceChoice: String, CaseIterable, ExpressibleByArgument {
  /// The target's output.
  case logit
  /// One at the target.
  case one
  /// Every output as it is.
  case output
}

extension ModelCard {
  /// What `--target` names: `top1`, a class number, or a label.
  func target(_ text: String?) throws -> Target {
    guard let text, text != "top1" else { return .top1 }
    return .index(try classIndex(text))
  }

  /// The name of a class for people: `285 Egyptian cat`.
  func title(ofClass index: Int) -> String {
    hasLabels && labels.indices.contains(index) ? "\(index) \(labels[index])" : "class \(index)"
  }
}
