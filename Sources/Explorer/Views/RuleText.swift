import LRP

extension Rule {
  /// The name with the numbers that matter: `Gamma 0.25`, `Epsilon 1e-6`, `AlphaBeta 2 1`, `ZPlus -bias`.
  package var shortText: String {
    var text = name
    for parameter in parameters {
      switch parameter.value {
      case .number(let number): text += " " + ParameterValue.short(number)
      case .stabilizer(let stabilizer):
        if parameter.name == "epsilon" {
          text += " " + ParameterValue.short(stabilizer.epsilon) + (stabilizer.isPlain ? "" : "*")
        }
      case .keys(let keys): text += keys.sorted().map { " -" + $0.rawValue }.joined()
      case .bound: break
      }
    }
    return text
  }
}

extension RuleMatch {
  /// Where the rule came from, for the column `from`: `edited`, `layer_map: Convolution`.
  package var isEdited: Bool { reason == RuleMatch.editedReason }
  package static let editedReason = "edited"
}
