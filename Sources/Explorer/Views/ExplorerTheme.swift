import TerminalUI

extension Theme {
  /// The explorer's own colours. It paints its ground itself, so that contrast is the same on dark and on light
  /// terminals.
  package static let explorer: Theme = {
    var theme = Theme()
    theme.text = Style(foreground: ground.text)
    theme.dimmed = Style(foreground: Color(0x949BA8))
    // Blue with 256 colours, too.
    theme.selection = Style(background: Color(0x24507A), bold: true)
    theme.inactiveSelection = Style(background: Color(0x3B414D))
    // Such that the nearest of sixteen colours is one of that name, too.
    theme.error = Style(foreground: Color(0xFF5C5C), bold: true)
    theme.success = Style(foreground: Color(0x48D048), bold: true)
    return theme
  }()

  package static let ground = (background: Color(0x15171C), text: Color(0xD7DAE0))

  /// Shares that biases, stabilizers and everything else take, in charts and tables.
  package static let keptColor = Color(0xE0A050)
  package static let biasColor = Color(0x6C7A92)
  package static let stabilizerColor = Color(0xB050D0)
  package static let otherColor = Color(0xE04848)
}
