/// What terminfo says about a terminal, as far as it matters for colours.
public struct TerminalFacts: Hashable, Sendable {
  /// The name of the entry in use; not necessarily `TERM`.
  public var name: String
  /// The capability `colors`; 0 if it is missing.
  public var colors: Int
  /// The extended capability `RGB` or `Tc`: 24-bit colours.
  public var declaresTrueColor: Bool

  public init(name: String, colors: Int, declaresTrueColor: Bool = false) {
    self.name = name
    self.colors = colors
    self.declaresTrueColor = declaresTrueColor
  }
}
