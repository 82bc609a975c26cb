extension CellBuffer {
  /// The rows as lines with escape sequences for colours and attributes; what `lrp` prints where there is no
  /// interactive terminal but colours are wanted. Every line ends in the plain style.
  public func ansiText(_ capabilities: DisplayCapabilities = .full) -> String {
    (0..<height).map { ansiLine($0, capabilities) + "\n" }.joined()
  }

  private func ansiLine(_ y: Int, _ capabilities: DisplayCapabilities) -> String {
    let cells = row(y).map(capabilities.shown)
    let end = (cells.lastIndex { $0 != .blank }).map { $0 + 1 } ?? 0
    var line = ""
    var current = ANSIStyle(.plain, capabilities.colorMode)
    for cell in cells.prefix(end) {
      let style = ANSIStyle(cell.style, capabilities.colorMode)
      if style != current {
        line += style.sequence
        current = style
      }
      line += cell.text
    }
    if current != ANSIStyle(.plain, capabilities.colorMode) { line += "\u{1B}[0m" }
    return line
  }
}

/// A style as the parameters of "select graphic rendition" (ECMA-48, 8.3.117).
private struct ANSIStyle: Equatable {
  private let parameters: [String]

  init(_ style: Style, _ mode: ColorMode) {
    var parameters = ["0"]
    if style.bold { parameters.append("1") }
    if style.dim { parameters.append("2") }
    if style.underline { parameters.append("4") }
    if style.reverse { parameters.append("7") }
    parameters += ANSIStyle.parameters(of: mode.nearest(style.foreground), mode, isBackground: false)
    parameters += ANSIStyle.parameters(of: mode.nearest(style.background), mode, isBackground: true)
    self.parameters = parameters
  }

  var sequence: String { "\u{1B}[" + parameters.joined(separator: ";") + "m" }

  private static func parameters(of color: TerminalColor, _ mode: ColorMode, isBackground: Bool) -> [String] {
    let base = isBackground ? 40 : 30
    switch color {
    case .default: return []
    case .index(let index) where mode == .ansi16:
      return [String(index < 8 ? base + Int(index) : base + 60 + Int(index) - 8)]
    case .index(let index): return ["\(base + 8)", "5", "\(index)"]
    case .rgb(let rgb): return ["\(base + 8)", "2", "\(rgb >> 16)", "\(rgb >> 8 & 255)", "\(rgb & 255)"]
    }
  }
}
