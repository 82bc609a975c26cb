import LRP
import TerminalUI

/// How the terms of a rule are written: `a⁺·w⁺`, `h·w⁻`, `w²`.
package enum StepsFormula {
  /// One colour for each quantity, the same in formula, numbers and table.
  package static let input = Style(foreground: Color(0x7FC8A9))
  package static let weight = Style(foreground: Color(0xC9A6E4))
  package static let sum = Style(foreground: Color(0xE3C75F))
  package static let quotient = Style(foreground: Color(0x6CB6E8))
  package static let backward = Style(foreground: Color(0xE39A6C))
  package static let relevance = Style(foreground: Color(0xF2E3C6), bold: true)

  package static func inputSymbol(_ term: Term) -> String {
    switch term.input {
    case .identity: "a"
    case .positive: "a⁺"
    case .negative: "a⁻"
    case .ones: "1"
    // The lower bound meets the positive weights.
    case .bound: term.parameters.change == .positive ? "l" : "h"
    }
  }

  package static func weightSymbol(_ term: Term) -> String {
    symbol("w", term.parameters.change, isZero: term.parameters.zero.contains(.weight))
  }

  /// `nil` where the rule leaves the bias out.
  package static func biasSymbol(_ term: Term) -> String? {
    term.parameters.zero.contains(.bias) ? nil : symbol("b", term.parameters.change, isZero: false)
  }

  private static func symbol(_ letter: String, _ change: ParameterModifier.Change, isZero: Bool) -> String {
    if isZero { return "0" }
    switch change {
    case .none: return letter
    case .positive: return letter + "⁺"
    case .negative: return letter + "⁻"
    case .magnitude: return "|\(letter)|"
    case .weighed(_, negative: 1): return "(\(letter)+γ\(letter)⁺)"
    case .weighed(positive: 1, _): return "(\(letter)+γ\(letter)⁻)"
    case .weighed(let positive, let negative):
      return "(\(ParameterValue.short(positive))\(letter)⁺+\(ParameterValue.short(negative))\(letter)⁻)"
    case .squared: return letter + "²"
    case .ones: return "1"
    }
  }

  /// `a⁺·w⁺`; a factor of 1 is not written.
  static func product(_ term: Term) -> StyledText {
    let (left, right) = (inputSymbol(term), weightSymbol(term))
    if left == "1" { return StyledText(right, weight) }
    return StyledText(left, input) + StyledText("·") + StyledText(right, weight)
  }

  /// `Σ a⁺·w⁺ + Σ a⁻·w⁻ + b⁺`.
  static func forward(_ group: UnitSteps.Group) -> StyledText {
    var text = StyledText()
    for pass in group.passes {
      let sign = pass.term.sign < 0 ? " − " : text.isEmpty ? "" : " + "
      text = text + StyledText(sign + "Σ ") + product(pass.term)
    }
    for pass in group.passes where pass.bias != 0 {
      guard let bias = biasSymbol(pass.term) else { continue }
      text = text + StyledText(pass.term.sign < 0 ? " − " : " + ") + StyledText(bias, weight)
    }
    return text
  }

  /// The name of a group's denominator: `z`, or what tells several apart.
  package static func sumSymbol(_ group: UnitSteps.Group, of steps: UnitSteps) -> String {
    guard steps.shownGroups.count > 1 else { return "z" }
    return group.coefficient < 0 ? "z⁻" : "z⁺"
  }

  static func quotientSymbol(_ group: UnitSteps.Group, of steps: UnitSteps) -> String {
    "s" + sumSymbol(group, of: steps).dropFirst()
  }

  /// `α·`, `−β·`, or nothing.
  static func coefficient(_ group: UnitSteps.Group, _ pass: UnitSteps.Pass) -> String {
    let value = group.coefficient * Double(pass.term.sign)
    if value == 1 { return "" }
    if value == -1 { return "−" }
    return (value < 0 ? "−" : "") + ParameterValue.short(abs(value)) + "·"
  }

  /// What is added to `z`: `ε`, or the variant's own name.
  static func stabilized(_ symbol: String, _ rule: (any Rule)?) -> String {
    guard let stabilizer = (rule as? any ShareRule)?.stabilizer else { return symbol }
    return stabilizer.clip || stabilizer.function != nil ? "stab(\(symbol))" : "(\(symbol) ± ε)"
  }

  /// A number coloured by its sign.
  static func signed(_ value: Double, decimals: Int = 4, theme: Theme = .explorer) -> StyledText {
    let text = NumberText.fixed(value, decimals: decimals)
    return StyledText(text, value == 0 ? theme.dimmed : value < 0 ? theme.negative : theme.positive)
  }

  /// A number as a factor: negative ones in brackets.
  static func factor(_ value: Double, _ style: Style) -> StyledText {
    let text = NumberText.fixed(value, decimals: 4)
    return StyledText(value < 0 ? "(\(text))" : text, style)
  }

  /// `channel 17 · row 4 · column 5`.
  static func place(_ place: [Int]) -> String {
    switch place.count {
    case 1: return "unit \(place[0])"
    case 2: return "channel \(place[0]) · position \(place[1])"
    case 3: return "channel \(place[0]) · row \(place[1]) · column \(place[2])"
    default: return "(" + place.map(String.init).joined(separator: ", ") + ")"
    }
  }
}
