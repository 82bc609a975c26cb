/// One line that tells what happened.
public struct Notice: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case information, success, warning, error
  }

  public var kind: Kind
  public var text: String

  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  /// The sign before the text, so that the kind does not hang on a colour.
  public var sign: String {
    switch kind {
    case .information: "·"
    case .success: "✓"
    case .warning: "!"
    case .error: "✗"
    }
  }

  public func draw(into buffer: inout CellBuffer, in rect: Rect, theme: Theme = .standard) {
    let style =
      switch kind {
      case .information: theme.text
      case .success: theme.success
      case .warning: theme.warning
      case .error: theme.error
      }
    buffer.draw(sign + " " + text, in: rect, style: style)
  }
}
