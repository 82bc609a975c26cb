import TerminalUI

/// The lessons with their steps, each a checkpoint to go to; done ones are ticked.
package struct LessonList: ModalPane {
  private struct Item: Sendable {
    var place: LessonPlace
    var isLesson: Bool
    var number: String
    var text: String
    var note: String
    var isDone: Bool
  }

  private let items: [Item]
  private var search: SearchableList

  init(_ tutor: TutorState) {
    items = tutor.lessons.enumerated().flatMap { number, lesson in
      let places = lesson.steps.indices.map { LessonPlace(lesson: number, step: $0) }
      let done = places.count(where: tutor.done.contains)
      let head = Item(
        place: LessonPlace(lesson: number), isLesson: true, number: "\(number + 1)", text: lesson.title,
        note: "\(lesson.minutes) min  \(done)/\(places.count)", isDone: done == places.count)
      return [head]
        + places.map { place in
          Item(
            place: place, isLesson: false, number: place.description, text: lesson.steps[place.step].headline, note: "",
            isDone: tutor.done.contains(place))
        }
    }
    search = SearchableList(
      items.map { "\($0.number) \($0.text)" },
      selected: items.firstIndex { !$0.isLesson && $0.place == tutor.place } ?? 0)
  }

  package var hints: [KeyHints.Hint] { [.init("↵", "go there"), .init("↑↓", "choose"), .init("Esc", "back")] }

  private var shape: PickerShape { PickerShape(count: items.count, width: 72) }
  package func frame(_ state: ExplorerState) -> Rect? { shape.frame(in: state.screen) }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch search.answer(input, shape, in: state.screen) {
    case .cancelled: return .close
    case .chosen:
      guard let index = search.selected else { return .stay([.beep]) }
      return .close(state.goToLesson(items[index].place))
    case .stays: return .stay
    }
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    let theme = Theme.explorer
    PickerWindow(
      title: "Lessons", placeholder: "number or word", list: search,
      columns: [
        .init(width: .fixed(2)), .init(width: .fixed(5)), .init(), .init(width: .fixed(14), alignment: .trailing),
      ], hints: hints, empty: "No step is called that.", shape: shape
    ) { index in
      let item = items[index]
      let style = item.isLesson ? theme.title.with(bold: true) : Style.plain
      return Table.Row([
        StyledText(item.isDone ? "✓" : "", theme.success), StyledText(item.number, style), StyledText(item.text, style),
        StyledText(item.note, theme.dimmed),
      ])
    }.draw(into: &buffer, in: screen)
  }
}

extension ExplorerState {
  /// Opens the list in place of any other window.
  mutating func openLessonList() -> [ExplorerCommand] {
    guard let tutor else { return [] }
    if popup is LessonList { return [] }
    let commands = closePopups()
    popup = LessonList(tutor)
    return commands
  }
}
