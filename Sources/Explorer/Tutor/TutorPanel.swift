import TerminalUI

/// The tutor below the explorer: which step this is, what to do and to see, what is still missing, and the keys.
struct TutorPanel {
  let state: ExplorerState
  let tutor: TutorState

  init(_ state: ExplorerState, _ tutor: TutorState) {
    self.state = state
    self.tutor = tutor
  }

  /// Longer lines are hard to read.
  private static let widestText = 116

  // MARK: - Room

  /// The rows it needs; none if it is hidden, or if the terminal is too small anyway.
  func rows(screenWidth width: Int, screenHeight height: Int) -> Int {
    guard !tutor.isHidden, width >= ExplorerState.minimumWidth, height >= ExplorerState.minimumHeight, tutor.step != nil
    else { return 0 }
    if tutor.isLarge { return max(10, height * 2 / 5) }
    return min(1 + textRows(width) + statusLines(width).count, height - 14)
  }

  /// As many as the longer of text and explanation, so that nothing moves when a step is done.
  private func textRows(_ width: Int) -> Int {
    guard let step = tutor.step else { return 1 }
    return [step.text.text(state), explanation, bodyText].map { lines($0, width).count }.max() ?? 1
  }

  private func lines(_ text: String, _ width: Int) -> [StyledText] {
    StyledText(text).wrapped(to: min(width - 2, Self.widestText))
  }

  // MARK: - Words

  /// What is shown of the step: what to do, or what was done.
  var bodyText: String {
    if tutor.isDone { return explanation }
    if let problem = state.objectionToInput {
      let sentence = "\(problem.prefix(1).uppercased())\(problem.dropFirst())"
      return sentence + ". [ and ] page through the pictures, F7 starts the lesson again."
    }
    return tutor.step?.text.text(state) ?? ""
  }

  /// What was done, in words that were true when it was.
  private var explanation: String {
    tutor.words?.explanation(besides: state.model?.opened.sample.entry.name) ?? tutor.step?.explain.text(state) ?? ""
  }

  /// How the step stands.
  var status: StyledText {
    let theme = Theme.explorer
    switch tutor.phase {
    case .opening, .arriving: return StyledText("… going to step \(tutor.place)", theme.accent)
    case .showing where !tutor.isDone: return StyledText("▶ watch", theme.accent)
    default: break
    }
    if tutor.isAtEnd { return StyledText("✓ all lessons are over; the explorer is yours", theme.success) }
    if tutor.isDone {
      let isLast = tutor.next(after: tutor.place) == nil
      return StyledText("✓ done – " + (isLast ? "this was the last step" : "F2 goes on"), theme.success)
    }
    let rest = tutor.missing.isEmpty ? "do this, or F4 shows how" : tutor.missing.joined(separator: " · ")
    return StyledText([.init("◦ ", theme.accent), .init(rest, theme.warning.with(bold: false))])
  }

  private func statusLines(_ width: Int) -> [StyledText] { status.wrapped(to: width - 2) }

  var heading: String { "\(tutor.place) " + (tutor.step?.headline ?? "") }

  /// `Lesson 3 of 8: LRP-0, then epsilon · step 2 of 5`.
  private var lessonText: String {
    guard let lesson = tutor.lesson else { return "" }
    return "Lesson \(tutor.place.lesson + 1) of \(tutor.lessons.count): \(lesson.title) · "
      + "step \(tutor.place.step + 1) of \(lesson.steps.count)"
  }

  private var shortLessonText: String {
    "Lesson \(tutor.place.lesson + 1) · step \(tutor.place.step + 1) of \(tutor.lesson?.steps.count ?? 0)"
  }

  // MARK: - Keys

  private var keys: KeyHints { KeyHints(Self.hints.map(\.hint), theme: .explorer) }

  private static let hints: [(action: Action, hint: KeyHints.Hint)] = ActionTable.tutorActions.compactMap { action in
    action.hint.map { (action, KeyHints.Hint(action.keys.first?.displayText ?? "", $0)) }
  }

  /// Where the keys are: at the right end of the first row.
  private func keyPlace(in place: Rect) -> Rect {
    let used = tutor.isLarge ? shortLessonText.displayWidth + 2 : heading.displayWidth + 2
    let room = max(0, place.width - used - 3)
    let width = keys.line(width: room).displayWidth
    return Rect(x: place.maxX - width - 1, y: place.y, width: width, height: 1)
  }

  /// The action whose key is at a cell.
  func action(atX x: Int, y: Int, in place: Rect) -> Action? {
    let keyPlace = keyPlace(in: place)
    guard keyPlace.contains(x: x, y: y) else { return nil }
    return keys.index(atColumn: x - keyPlace.x, width: keyPlace.width).map { Self.hints[$0].action }
  }

  // MARK: - Drawing

  static let ground = Style(foreground: Theme.ground.text, background: Color(0x20262F))
  private static let bar = Theme.explorer.selection.with(foreground: .white)
  private static let doneBar = Style(foreground: Color(0xFFFFFF), background: Color(0x245C33), bold: true)

  func draw(into buffer: inout CellBuffer, in place: Rect) {
    guard !place.isEmpty else { return }
    // Without colours a ground of its own would be shown in reverse.
    let ground = state.capabilities.colorMode > .monochrome ? Self.ground : .plain
    buffer.fill(place, with: Cell(glyph: .space, style: ground))
    drawBar(into: &buffer, in: place)
    let body = place.inset(left: 1, top: 1, right: 1)
    if tutor.isLarge {
      drawLarge(into: &buffer, in: body, ground: ground)
    } else {
      drawText(into: &buffer, in: body, ground: ground)
    }
  }

  private func drawBar(into buffer: inout CellBuffer, in place: Rect) {
    let bar = tutor.isDone ? Self.doneBar : Self.bar
    let line = place.row(0)
    buffer.fill(line, with: Cell(glyph: .space, style: bar))
    let keyPlace = keyPlace(in: place)
    let room = max(0, keyPlace.x - line.x - 2)
    let lesson = lessonText.displayWidth <= room ? lessonText : shortLessonText
    let title = StyledText(tutor.isLarge ? lesson : heading)
    buffer.write(
      title.truncated(to: room), x: line.x + 1, y: line.y, base: bar, clip: line)
    if !tutor.isLarge, keyPlace.x - line.x - title.displayWidth > lessonText.displayWidth + 4 {
      buffer.write(
        StyledText(lessonText), x: keyPlace.x - lessonText.displayWidth - 2, y: line.y, base: bar.with(bold: false),
        clip: line)
    }
    buffer.write(
      Theme.explorer.readable(keys.line(width: keyPlace.width), on: bar.background), x: keyPlace.x, y: line.y,
      base: bar.with(bold: false), clip: line)
  }

  private func drawText(into buffer: inout CellBuffer, in place: Rect, ground: Style) {
    let status = statusLines(place.width + 2)
    let parts = place.split(.vertical, [.fill, .fixed(status.count)])
    for (row, line) in lines(bodyText, place.width + 2).prefix(parts[0].height).enumerated() {
      buffer.draw(line, in: parts[0].row(row), base: ground)
    }
    for (row, line) in status.enumerated() { buffer.draw(line, in: parts[1].row(row), base: ground) }
  }
}

extension ExplorerState {
  /// A click on the panel: its keys can be clicked.
  mutating func clickTutor(_ event: MouseEvent) -> [ExplorerCommand] {
    guard event.kind == .press(.left), let tutor,
      let action = TutorPanel(self, tutor).action(atX: event.x, y: event.y, in: panelPlace)
    else { return [] }
    return perform(action)
  }
}
