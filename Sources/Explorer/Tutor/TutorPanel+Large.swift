import TerminalUI

extension TutorPanel {
  /// For projectors: the headline, the key and the number that matters in large type, and the text where it has room.
  func drawLarge(into buffer: inout CellBuffer, in place: Rect, ground: Style) {
    let theme = Theme.explorer
    let status = status.truncated(to: place.width)
    let room = place.inset(bottom: 1)
    buffer.draw(status, in: place.row(place.height - 1), base: ground)

    let style = tutor.isDone ? theme.success : Style(foreground: Color(0xFFFFFF), bold: true)
    let headline = BigText(
      heading, style: ground.merged(under: style), capabilities: state.capabilities, largest: .large)
    let facts = facts
    // The headline comes first; key and number have four rows where both have room in large type.
    let whole = headline.fit(width: room.width, height: room.height)
    let beside = headline.fit(width: room.width, height: max(0, room.height - Self.factRows))
    let hasFacts = !facts.isEmpty && (beside.size == .plain ? whole.size == .plain : true)
    let fit = hasFacts ? beside : whole
    let headPlace = Rect(x: room.x, y: room.y, width: room.width, height: fit.height)
    headline.draw(into: &buffer, in: headPlace)

    let rest = room.inset(top: fit.height)
    let text = BigText(
      bodyText, style: ground.merged(under: theme.text), capabilities: state.capabilities, largest: .narrow)
    // What to do is said by key and number, too; what was done is not.
    let hasBoth = !text.fit(width: rest.width, height: rest.height - Self.factRows).isCut
    let factHeight = hasFacts && (hasBoth || !tutor.isDone) ? min(Self.factRows, rest.height) : 0
    let textPlace = rest.inset(bottom: factHeight)
    if factHeight > 0 { drawFacts(facts, into: &buffer, in: rest.inset(top: rest.height - factHeight), ground: ground) }
    // A part of the text would be worse than none.
    if !text.fit(width: textPlace.width, height: textPlace.height).isCut { text.draw(into: &buffer, in: textPlace) }
  }

  private static let factRows = 4

  /// A label in usual type, and what is to be read from afar.
  private struct Fact {
    var label: String
    var text: String
    var style: Style
  }

  /// The key to press while the step is not done, and the number that matters.
  private var facts: [Fact] {
    guard let step = tutor.step else { return [] }
    var facts: [Fact] = []
    if let key = step.key, !tutor.isDone {
      facts.append(Fact(label: "press", text: key, style: Theme.explorer.accent))
    }
    if let number = step.number {
      let value = tutor.words == nil ? number.value(state) : tutor.words?.number
      facts.append(
        Fact(
          label: number.label, text: value ?? "–",
          style: Theme.explorer.warning.with(bold: true)))
    }
    return facts
  }

  private func drawFacts(_ facts: [Fact], into buffer: inout CellBuffer, in place: Rect, ground: Style) {
    var left = place
    for fact in facts {
      let label = left.inset(top: 1)
      buffer.draw(StyledText(fact.label, Theme.explorer.dimmed), in: label.row(0), base: ground)
      let text = BigText(
        fact.text, style: ground.merged(under: fact.style), capabilities: state.capabilities, largest: .large)
      let fit = text.draw(into: &buffer, in: left.inset(left: fact.label.displayWidth + 1))
      left = left.inset(left: fact.label.displayWidth + 1 + fit.width + 4)
    }
  }
}
