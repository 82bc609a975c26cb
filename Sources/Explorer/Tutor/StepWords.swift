/// What a finished step has to say, with the numbers of the moment when it was done.
package struct StepWords: Hashable, Sendable {
  /// The explanation.
  package var explain: String
  /// Whether numbers are in it.
  var hasNumbers: Bool
  /// The number that matters.
  package var number: String?
  /// The input that it is about.
  package var input: String

  init(_ step: LessonStep, _ state: ExplorerState) {
    explain = step.explain.text(state)
    hasNumbers = step.explain.hasQuantities
    number = step.number?.value(state)
    input = state.model?.opened.sample.entry.name ?? ""
  }

  /// The explanation, beside an input that may be another than its own.
  func explanation(besides shown: String?) -> String {
    hasNumbers && shown != input ? "Of \(input): \(explain)" : explain
  }
}

extension ExplorerState {
  /// Keeps what the step shown has to say once it is done and its numbers are there.
  /// - Parameter isLeft: whether it is left now: what is not there by then does not come any more.
  mutating func keepWords(isLeft: Bool = false) {
    guard let tutor, tutor.isDone, tutor.said[tutor.place.step] == nil else { return }
    let isSettled = isExplained && opening == nil && openingInput == nil && contrast?.isRunning != true
    if isSettled || isLeft { keepWords(ofStep: tutor.place.step) }
  }

  mutating func keepWords(ofStep index: Int) {
    guard let step = tutor?.step(at: LessonPlace(lesson: tutor?.place.lesson ?? 0, step: index)) else { return }
    let words = StepWords(step, self)
    tutor?.said[index] = words
  }

  /// Why the step shown has nothing to say of what is on the screen; `nil` if it has.
  ///
  /// A lesson speaks of the input it began with, until a step lets the learner choose another.
  var objectionToInput: String? {
    guard let tutor, let lesson = tutor.lesson, tutor.phase == .working || tutor.phase == .showing else { return nil }
    let changes = lesson.steps.prefix(tutor.place.step + 1).contains { $0.check.contains(where: \.mayChangeInput) }
    guard !changes, let shown = model?.opened.sample.entry.name, shown != tutor.firstInput else { return nil }
    return "this step is about \(tutor.firstInput), and \(shown) is shown"
  }
}

extension LessonCondition {
  /// Whether a step that asks for it lets the learner go to another input.
  fileprivate var mayChangeInput: Bool {
    switch self {
    case .otherInput, .window(.models): true
    case .action(let ids): !Set(ids).isDisjoint(with: ["explain.input", "explain.model"])
    default: false
    }
  }
}
