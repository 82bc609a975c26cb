import TerminalUI

/// The first line: model and input, what is explained, the composite, and how the attribution is doing.
enum TitleBar {
  static func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in line: Rect) {
    let theme = Theme.explorer
    let ground = theme.inactiveSelection
    buffer.fill(line, with: Cell(glyph: .space, style: ground))
    let status = status(state)
    let statusWidth = status.displayWidth + 1
    buffer.write(status, x: line.maxX - statusWidth, y: line.y, base: ground, clip: line)
    var x = buffer.write(" lrp ", x: line.x, y: line.y, style: ground.merged(under: theme.accent), clip: line)
    let room = line.maxX - statusWidth - x - 2
    // The probability is the first to go: the list of classes shows it too; then the input's name.
    var parts: [StyledText] = []
    for shortening in Shortening.allCases {
      parts = Self.parts(state, shortening)
      if parts.reduce(0, { $0 + $1.displayWidth + 2 }) <= room { break }
    }
    let widths = Self.widths(parts.map(\.displayWidth), room: room)
    for (part, width) in zip(parts, widths) where width > 0 {
      x += 2
      buffer.write(part.truncated(to: width - 2), x: x, y: line.y, base: ground, clip: line)
      x += width - 2
    }
  }

  private enum Shortening: Int, CaseIterable { case none, noProbability, noInput, noNames }

  private static func parts(_ state: ExplorerState, _ shortening: Shortening) -> [StyledText] {
    let theme = Theme.explorer
    guard let model = state.model else { return [StyledText("no model", theme.text)] }
    let input = state.openingInput?.entry.name ?? model.opened.sample.entry.name
    let place = shortening.rawValue >= Shortening.noInput.rawValue ? "" : " · \(input)"
    var parts = [StyledText(model.opened.entry.name + place, theme.text.with(bold: true))]
    if let index = state.targetClass, let label = state.targetLabel {
      let probability =
        shortening != .none ? nil : state.classes.entry(ofClass: index).map { " " + $0.text }
      let second = state.contrast.map { " vs " + state.label(ofClass: $0.target) }
      // Of two classes that do not fit, the numbers say which they are.
      let numbers = shortening == .noNames ? state.contrast.map { "\(index) vs \($0.target)" } : nil
      parts.append(StyledText("→ \(numbers ?? label + (second ?? probability ?? ""))", theme.text))
    }
    let explanation = shortening == .noNames ? state.shortExplanationLabel : state.explanationLabel
    parts.append(
      StyledText(explanation, state.history.isUnsaved || state.preview != nil ? theme.warning : theme.text))
    return parts
  }

  /// Columns for each part (two of them free): what they want, or less of the longest.
  private static func widths(_ wanted: [Int], room: Int) -> [Int] {
    var widths = wanted.map { $0 + 2 }
    var excess = widths.reduce(0, +) - max(0, room)
    while excess > 0, let longest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[longest] > 2 {
      widths[longest] -= 1
      excess -= 1
    }
    return widths
  }

  private static func status(_ state: ExplorerState) -> StyledText {
    let theme = Theme.explorer
    if let opening = state.opening {
      let share = opening.progress.fraction.map { " \(Int(($0 * 100).rounded())) %" } ?? "…"
      return StyledText("opening \(opening.request.entry.name)\(share)", theme.accent)
    }
    switch state.attribution.status {
    case .idle: return ""
    case .running(let progress):
      guard let progress else { return StyledText("… running", theme.accent) }
      return StyledText("… \(Int(progress.share * 100)) % \(NumberText.duration(progress.elapsed))", theme.accent)
    case .finished where state.contrast?.isRunning == true: return StyledText("… second class", theme.accent)
    case .finished where state.heatmap.pinned?.isRunning == true: return StyledText("… A", theme.accent)
    case .finished:
      guard state.showsTimes else { return StyledText("✓ done", theme.success) }
      return StyledText("✓ \(NumberText.duration(state.attribution.outcome?.seconds ?? 0))", theme.success)
    case .cancelled: return StyledText("✗ cancelled", theme.warning)
    case .failed: return StyledText("✗ failed", theme.error)
    }
  }
}
