import TerminalUI

/// What the tutor is opened with.
public struct TutorLaunch: Sendable {
  public var lessons: [Lesson]
  public var place: LessonPlace
  /// What earlier sessions have done.
  public var progress: TutorProgress
  /// Whether the panel is in large type.
  public var isLarge: Bool
  /// Shown once the first lesson is open.
  public var notice: Notice?

  public init(
    lessons: [Lesson], place: LessonPlace, progress: TutorProgress, isLarge: Bool = false, notice: Notice? = nil
  ) {
    self.lessons = lessons
    self.place = place
    self.progress = progress
    self.isLarge = isLarge
    self.notice = notice
  }
}

/// The tutor in the explorer: which step is shown, whether it is done, and what was done before.
package struct TutorState: Sendable {
  /// What goes on.
  package enum Phase: Hashable, Sendable {
    /// The lesson's model is being opened; the number is that of the request.
    case opening(request: Int)
    /// The setup, and the steps before the one wanted, are being played.
    case arriving
    /// The learner's turn.
    case working
    /// The step's solution is being played.
    case showing
  }

  /// Something that leaves no mark in the explorer's state.
  package enum Event: Hashable, Sendable {
    /// By its identifier.
    case action(String)
    /// What a file was saved of: composite, python, heatmap, ledger, curves.
    case saved(String)
  }

  package let lessons: [Lesson]
  package internal(set) var place: LessonPlace
  package internal(set) var phase = Phase.working
  /// Whether the solution is to be played on arrival.
  var showsOnArrival = false
  /// Whether the explorer is as a script has left it: the solution fits as it is.
  var isAsPlayed = false
  /// Whether the step shown is done.
  package internal(set) var isDone = false
  /// Whether the last step of the last lesson has been left.
  package internal(set) var isAtEnd = false
  /// Steps of the open lesson that were done since it was opened.
  var doneHere: Set<Int> = []
  /// What they had to say when they were done: later the numbers are those of other steps.
  package internal(set) var said: [Int: StepWords] = [:]
  /// How many steps the way to the one wanted has done.
  var reached = 0
  /// Steps ever done.
  package internal(set) var done: Set<LessonPlace>
  /// What happened since the step before was done.
  package internal(set) var events: Set<Event> = []
  /// What the step shown still lacks.
  package internal(set) var missing: [String] = []
  package internal(set) var isLarge: Bool
  package internal(set) var isHidden = false
  /// The input that the lesson began with.
  var firstInput = ""
  /// Rows of the terminal; the panel takes some of them from the explorer.
  var screenHeight: Int
  var notice: Notice?

  init(_ launch: TutorLaunch, screenHeight: Int) {
    lessons = launch.lessons
    place = launch.place
    done = launch.progress.places(in: launch.lessons)
    isLarge = launch.isLarge
    notice = launch.notice
    self.screenHeight = screenHeight
  }

  package var lesson: Lesson? { lessons.indices.contains(place.lesson) ? lessons[place.lesson] : nil }
  package var step: LessonStep? { step(at: place) }

  func step(at place: LessonPlace) -> LessonStep? {
    guard lessons.indices.contains(place.lesson) else { return nil }
    let steps = lessons[place.lesson].steps
    return steps.indices.contains(place.step) ? steps[place.step] : nil
  }

  /// The step after a place, also in the next lesson; `nil` after the last.
  package func next(after place: LessonPlace) -> LessonPlace? {
    let inside = LessonPlace(lesson: place.lesson, step: place.step + 1)
    if step(at: inside) != nil { return inside }
    let outside = LessonPlace(lesson: place.lesson + 1)
    return step(at: outside) == nil ? nil : outside
  }

  /// The step before a place; `nil` before the first.
  package func previous(before place: LessonPlace) -> LessonPlace? {
    if place.step > 0 { return LessonPlace(lesson: place.lesson, step: place.step - 1) }
    guard place.lesson > 0, place.lesson <= lessons.count else { return nil }
    return LessonPlace(lesson: place.lesson - 1, step: lessons[place.lesson - 1].steps.count - 1)
  }

  /// What is to be kept for the next session.
  package var progress: TutorProgress {
    let names = done.compactMap { place in
      lessons.indices.contains(place.lesson)
        ? TutorProgress.Step(lesson: lessons[place.lesson].id, step: place.step) : nil
    }
    return TutorProgress(place: lesson.map { .init(lesson: $0.id, step: place.step) }, done: Set(names))
  }

  /// What comes next on the way to the step shown: the setup, then the solutions of the steps before it, one at a time.
  func wayToStep() -> Script {
    guard let lesson else { return Script(joining: [], path: "") }
    // First of all, what the opening of the model has set going has to come to its end.
    let setup = [Script(joining: [], path: lesson.path)] + (lesson.setup.map { [$0] } ?? [])
    return Script(joining: reached == 0 ? setup : [lesson.steps[reached - 1].solution], path: lesson.path)
  }

  /// What the step shown has to say, if it is done.
  package var words: StepWords? { isDone ? said[place.step] : nil }
}
