/// How far a task is: `▇▇▇▇▁▁▁▁  42 %  label`.
public struct ProgressBar: Sendable {
  /// 0…1; `nil` while it is unknown.
  public var fraction: Double?
  public var label: String
  /// Counts up while the task runs; moves the bar whose fraction is unknown.
  public var tick: Int
  public var theme: Theme

  public init(fraction: Double?, label: String = "", tick: Int = 0, theme: Theme = .standard) {
    self.fraction = fraction
    self.label = label
    self.tick = tick
    self.theme = theme
  }

  /// Draws into the first row of a rectangle; the bar gets a third of it, at least what is left of the label.
  public func draw(into buffer: inout CellBuffer, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let line = rect.row(0)
    let percentage = fraction.map { " \(Int((clamped($0) * 100).rounded())) %".leftPadded(to: 6) } ?? ""
    let text = percentage + (label.isEmpty ? "" : "  " + label)
    let barWidth = max(line.width / 3, line.width - text.displayWidth)
    let place = Rect(x: line.x, y: line.y, width: barWidth, height: line.height)
    let ground = theme.inactiveSelection
    let color = theme.accent.foreground
    if let fraction {
      Bar(value: clamped(fraction), color: color, style: ground).draw(into: &buffer, in: place)
    } else if barWidth > 0 {
      let length = Double(barWidth) / 5
      // Back and forth between both ends.
      let phase = abs(tick % (2 * barWidth))
      let start = min(Double(min(phase, 2 * barWidth - phase)), Double(barWidth) - length)
      let stretch = EighthBlocks.Stretch(from: start, to: start + length, color: color)
      for (index, x) in place.columns.enumerated() {
        buffer[x, line.y] = EighthBlocks.cell(index, of: [stretch], blocks: EighthBlocks.fromLeft, base: ground)
      }
    }
    buffer.draw(text, in: line.inset(left: barWidth), style: theme.dimmed)
  }

  private func clamped(_ value: Double) -> Double { value.isNaN ? 0 : min(1, max(0, value)) }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String { fitted(to: max(width, displayWidth), alignment: .trailing) }
}
