/// How many colours a terminal shows; less is further down the ladder.
public enum ColorMode: Int, Hashable, Sendable, Comparable, CaseIterable {
  case monochrome, ansi16, indexed256, trueColor

  public static func < (left: ColorMode, right: ColorMode) -> Bool { left.rawValue < right.rawValue }

  /// The name used by `lrp doctor` and in messages.
  public var displayText: String {
    switch self {
    case .monochrome: "monochrome"
    case .ansi16: "16 colours"
    case .indexed256: "256 colours"
    case .trueColor: "24-bit colour"
    }
  }
}
