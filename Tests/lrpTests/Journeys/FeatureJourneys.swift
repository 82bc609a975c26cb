import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// One short journey for each thing that a key does, on the small VGG.
  @Suite struct Features {
    /// What the user does, and what has to be seen then.
    enum Step: Sendable {
      case press(String)
      case type(String)
      case shows([String])
      /// Behind a step that shows something, so that it is not met too early.
      case hides(String)
    }

    struct Feature: Sendable, CustomTestStringConvertible {
      let name: String
      let steps: [Step]
      init(_ name: String, _ steps: [Step]) { (self.name, self.steps) = (name, steps) }
      var testDescription: String { name }
    }

    static let features = [
      Feature(
        "A, B and their difference",
        [
          .press("c"), .press("p"), .type("alpha2_beta1_flat"), .press("Enter"), .press("j"),
          .shows(["A epsilon_gamma_box", "B epsilon_alph", "B−A: out +0.3739"]),
          .press("x"), .shows(["A: Σ 1.7134"]), .press("x"), .shows(["B: Σ 2.0872"]), .press("x"),
          .shows(["B−A: Σ 0.3739"]),
          .press("x"), .press("c"), .shows(["││ Σ 2.0872"]),
        ]),
      Feature(
        "sweep",
        [
          .press("j"), .press("j"), .press("j"), .press("S"),
          .shows(["Sweep of gamma for features.4", "gamma 2      Σ at the input 1.6422"]),
          .press("Up"), .press("Enter"), .shows(["epsilon_gamma_box* (1 edit)", "Gamma 0.1", "Σ 1.7281"]),
        ]),
      Feature(
        "strongest channels",
        [
          .press("j"), .press("h"), .shows(["Relevance at features.0"]), .press("3"), .press("g"),
          .shows(["ch 17       ch 5", "ch 17: Σ 0.1988"]), .press("g"), .press("."), .shows(["ch 17 (no. 1 by"]),
          .press("i"), .shows(["Relevance at input"]),
        ]),
      Feature(
        "overlay and zoom",
        [
          .press("z"), .shows(["┌ Relevance at input"]), .hides("Layers"), .press("o"), .shows(["┌ Overlay at input"]),
          .press("o"), .shows(["┌ Picture at input"]), .press("Escape"), .shows(["Layers", "Ledger"]),
        ]),
      Feature(
        "colour maps and CMSL",
        [
          .press("C"), .type("bwr"), .press("Enter"), .shows(["±p99 · bwr"]), .press("C"), .press("C-u"),
          .type("00f,80:fff,f00"),
          .shows(["is used as a CMSL source"]), .press("Enter"), .shows(["00f,80:fff,f00"]), .press("C"), .press("C-u"),
          .type("00f,,"),
          .press("Enter"), .press("Escape"), .shows(["00f,80:fff,f00"]), .press("3"), .press("+"), .shows(["×1.50"]),
        ]),
      Feature(
        "scale",
        [
          .press("3"), .press("%"), .shows(["±p98", "0.0165 R/px"]), .press("n"), .shows(["|R| p98"]), .press("n"),
          .shows(["min…max p98"]), .press("n"), .press("L"), .shows(["locked"]),
        ]),
      Feature(
        "edits, undo and redo",
        [
          .press("j"), .press("d"), .shows(["(1 edit)"]), .press("j"), .press("j"), .press("b"), .shows(["(2 edits)"]),
          .press("e"),
          .shows(["preset epsilon_gamma_box", "gradient → features.0"]), .press("Home"), .press("Enter"),
          .shows(["epsilon_gamma_box      "]), .hides("edit)"), .press("C-r"), .shows(["(1 edit)"]), .press("u"),
          .hides("(1 edit)"),
        ]),
      Feature(
        "every command by its name",
        [
          .press(":"), .type("probe"), .shows(["Commands", "Move the probe"]), .press("C-u"), .type("two classes"),
          .shows(["Two classes side by side"]), .press("Enter"), .shows(["Compare with which class?"]),
        ]),
      Feature(
        "a folder to page through",
        [
          .press("]"), .shows(["fashion_t_shirt.png  → 0 T-shirt/top"]), .press("["),
          .shows(["fashion_sneaker.png  → 7 Sneaker"]),
        ]),
      Feature("probe", [.press("3"), .press("l"), .press("l"), .press("j"), .shows(["x 15 y 15  R -0.00623"])]),
      Feature(
        "marks by kind, pattern and range",
        [
          .press("j"), .press("K"), .shows(["3 marked"]), .press("U"), .hides("marked"), .press("*"),
          .type("classifier.*"),
          .press("Enter"), .shows(["4 marked"]), .press("U"), .press("g"), .press("j"), .press("v"), .press("G"),
          .press("v"),
          .shows(["8 marked"]),
        ]),
      Feature(
        "filter",
        [
          .press("/"), .type("classi"), .press("Enter"), .shows(["/classi", "classifier.3"]), .hides("features.0"),
          .press("Escape"), .shows(["features.0"]),
        ]),
      Feature(
        "another class, and what is said of it",
        [
          .press("t"), .type("bag"), .press("Enter"), .shows(["→ 8 Bag"]), .press("4"), .press("Home"), .press("Enter"),
          .shows(["→ 7 Sneaker"]), .press("!"), .shows(["Messages"]),
        ]),
    ]

    @Test(arguments: features) func onTheScreen(_ feature: Feature) throws {
      let journey = try Journey()
      try journey.waitForHeatmap()
      for step in feature.steps {
        switch step {
        case .press(let key): try journey.press(key)
        case .type(let text): try journey.type(text)
        case .shows(let texts):
          try journey.wait("\(feature.name): \(texts)") { screen in texts.allSatisfy(screen.contains) }
        case .hides(let text): try journey.wait("\(feature.name): no \(text)") { !$0.contains(text) }
        }
      }
    }
  }
}
