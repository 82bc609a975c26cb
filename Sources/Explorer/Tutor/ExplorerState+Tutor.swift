import LRP
import TerminalUI

extension ExplorerState {
  // MARK: - Going places

  /// Opens the tutor at the place it was launched with.
  mutating func startTutor(_ launch: TutorLaunch) -> [ExplorerCommand] {
    tutor = TutorState(launch, screenHeight: height)
    defer { layOutTutor() }
    return goToLesson(launch.place)
  }

  /// Opens a lesson anew and brings it to one of its steps.
  /// - Parameters:
  ///   - showing: whether the step's solution is played then.
  ///   - isAgreed: whether edits of the learner's own model may be discarded. Those of a lesson's model are exercises.
  mutating func goToLesson(
    _ place: LessonPlace, showing: Bool = false, isAgreed: Bool = false
  ) -> [ExplorerCommand] {
    guard let lesson = tutor?.lessons[safe: place.lesson] else { return [] }
    if !isAgreed, history.isUnsaved, let model, model.opened.entry.name != tutor?.lesson?.start.model {
      let commands = closePopups()
      popup = Question.discard(goingTo: place, showing: showing, self)
      return commands
    }
    var commands = closePopups() + cancelFlipping()
    resetForLesson()
    tutor?.place = LessonPlace(lesson: place.lesson, step: min(max(0, place.step), lesson.steps.count - 1))
    tutor?.doneHere = []
    tutor?.said = [:]
    tutor?.isAtEnd = false
    tutor?.showsOnArrival = showing
    beginStep()
    commands += open(
      models.first { $0.name == lesson.start.model } ?? ModelEntry(name: lesson.start.model, summary: ""),
      input: lesson.start.input.map { input(named: $0, of: lesson) })
    tutor?.phase = .opening(request: opening?.request.id ?? 0)
    return commands + keepProgress()
  }

  private func input(named name: String, of lesson: Lesson) -> InputEntry {
    if let known = inputs.first(where: { $0.name == name }) { return known }
    let folder = lesson.path.lastIndex(of: "/").map { String(lesson.path[...$0]) } ?? ""
    return InputEntry(name: PathPrompt.fileName(name), path: name.hasPrefix("/") ? name : folder + name)
  }

  /// Leaves whatever windows are open, as Esc does.
  mutating func closePopups() -> [ExplorerCommand] {
    var commands: [ExplorerCommand] = []
    for _ in 0..<8 where popup != nil { commands += pass(.key(.escape)) }
    popup = nil
    return commands
  }

  /// The panes as they are at the start; the colour map and what the user set on the command line stay.
  private mutating func resetForLesson() {
    focus = .layers
    zoomed = nil
    steps = nil
    sweep = nil
    preview = nil
    contrast = nil
    attributor = AttributorSettings()
    attributorPreview = nil
    flipping = FlippingState()
    let map = (heatmap.colorMapName, heatmap.colorMap)
    heatmap = HeatmapPane()
    (heatmap.colorMapName, heatmap.colorMap) = map
    heatmap.level = launch.level
    heatmap.norm = launch.norm
    heatmap.percentile = launch.percentile
    layers.filter.set("")
    layers.isFiltering = false
  }

  /// What the lesson begins with, if it is its model that has been opened.
  func lessonStart(for request: OpenModelRequest?) -> LessonStart? {
    guard let tutor, let request, tutor.phase == .opening(request: request.id) else { return nil }
    return tutor.lesson?.start
  }

  /// Explains the class that the lesson begins with.
  mutating func begin(_ lesson: LessonStart, with opened: OpenedModel) {
    let found = lesson.target(opened.labels)
    target = found ?? .top1
    if found == nil {
      let problem = "'\(lesson.target ?? "")' found as the class to begin with, none of \(opened.entry.name)'s"
      notify(.error, "\(tutor?.lesson?.path ?? ""): \(problem)")
    }
  }

  /// Plays what leads to the step wanted, once the lesson's model is open.
  mutating func arriveAtLesson() -> [ExplorerCommand] {
    let commands = closePopups()
    tutor?.phase = .arriving
    tutor?.reached = 0
    tutor?.firstInput = model?.opened.sample.entry.name ?? ""
    return commands + (tutor.map { [.play($0.wayToStep(), isQuick: true)] } ?? [])
  }

  /// A script has come to its end.
  mutating func receivePlayed(_ end: PlayEnd) -> [ExplorerCommand] {
    guard let tutor, tutor.phase == .arriving || tutor.phase == .showing else { return [] }
    let phase = tutor.phase
    if phase == .arriving, end == .done {
      if tutor.reached > 0 { keepWords(ofStep: tutor.reached - 1) }
      if tutor.reached < tutor.place.step {
        self.tutor?.reached += 1
        return self.tutor.map { [.play($0.wayToStep(), isQuick: true)] } ?? []
      }
    }
    return arrive(after: phase, end)
  }

  private mutating func arrive(after phase: TutorState.Phase, _ end: PlayEnd) -> [ExplorerCommand] {
    tutor?.phase = .working
    tutor?.isAsPlayed = end == .done
    defer { if end == .stopped { notify(.information, "stopped; F7 starts this lesson again") } }
    if case .failed(let problem) = end { notify(.error, problem) }
    guard phase == .arriving, let place = tutor?.place else { return [] }
    tutor?.events = []
    tutor?.doneHere = Set(0..<place.step)
    // What the steps before had to say is no news.
    if notice?.kind == .information || notice?.kind == .success { notice = nil }
    if let note = tutor?.notice {
      notify(note.kind, note.text)
      tutor?.notice = nil
    }
    guard tutor?.showsOnArrival == true else { return [] }
    tutor?.showsOnArrival = false
    return end == .done ? showStep() : []
  }

  private mutating func beginStep() {
    guard var changed = tutor else { return }
    changed.isDone = changed.doneHere.contains(changed.place.step)
    changed.events = []
    changed.missing = []
    tutor = changed
  }

  // MARK: - Keys

  /// To the next step; in the same lesson everything stays as it is.
  mutating func nextStep() -> [ExplorerCommand] {
    guard let tutor else { return [] }
    guard let next = tutor.next(after: tutor.place) else {
      self.tutor?.isAtEnd = true
      notify(.success, "that was the last lesson; the explorer is yours (F6 lists the lessons)")
      return []
    }
    guard next.lesson == tutor.place.lesson else { return goToLesson(next) }
    keepWords(isLeft: true)
    // What was done since this step was done counts for the next.
    let events = tutor.events
    self.tutor?.place = next
    beginStep()
    self.tutor?.events = events
    return keepProgress()
  }

  /// To the step before, for reading; another lesson is opened.
  mutating func previousStep() -> [ExplorerCommand] {
    guard let tutor, let previous = tutor.previous(before: tutor.place) else { return [] }
    self.tutor?.isAtEnd = false
    guard previous.lesson == tutor.place.lesson else { return goToLesson(previous) }
    keepWords(isLeft: true)
    self.tutor?.place = previous
    beginStep()
    return keepProgress()
  }

  /// To the next step as if this one had been done.
  mutating func skipStep() -> [ExplorerCommand] {
    guard let tutor else { return [] }
    return tutor.next(after: tutor.place).map { goToLesson($0) } ?? nextStep()
  }

  /// Plays the solution, from the state that the step begins with.
  mutating func showStep() -> [ExplorerCommand] {
    guard let tutor, let step = tutor.step else { return [] }
    guard tutor.isAsPlayed, !tutor.isDone, tutor.phase == .working else {
      return goToLesson(tutor.place, showing: true)
    }
    self.tutor?.phase = .showing
    return [.play(Script(joining: [step.solution], path: tutor.lesson?.path ?? ""), isQuick: false)]
  }

  mutating func leaveTutor() -> [ExplorerCommand] {
    guard let tutor else { return [] }
    height = tutor.screenHeight
    panelRows = 0
    self.tutor = nil
    notify(.information, "the tutor is closed; lrp tutor goes on where you were")
    return []
  }

  private func keepProgress() -> [ExplorerCommand] { tutor.map { [.keepProgress($0.progress)] } ?? [] }

  // MARK: - Following

  /// Takes note of an action that was done.
  mutating func noteForTutor(_ action: Action) {
    guard tutor?.phase == .working || tutor?.phase == .showing else { return }
    tutor?.events.insert(.action(action.id))
  }

  /// After every event: what was saved, whether the step is done now, and how much room the panel needs.
  mutating func followTutor(_ event: ExplorerEvent) -> [ExplorerCommand] {
    guard let tutor else { return [] }
    defer { layOutTutor() }
    if tutor.phase == .working, isByTheLearner(event) { self.tutor?.isAsPlayed = false }
    if case .message(.saved(let request)) = event, tutor.phase != .arriving {
      self.tutor?.events.insert(.saved(Self.noun(request)))
    }
    // Another model has been asked for, or the lesson's could not be opened.
    if case .opening(let request) = tutor.phase, opening?.request.id != request { self.tutor?.phase = .working }
    defer { keepWords() }
    return checkStep()
  }

  private func isByTheLearner(_ event: ExplorerEvent) -> Bool {
    switch event {
    case .terminal(.key(let key)): ActionTable.tutorAction(for: key) == nil
    case .terminal(.mouse(let event)): event.y < height
    case .terminal(.paste): true
    default: false
    }
  }

  private static func noun(_ request: SaveRequest) -> String {
    if case .composite = request.content, request.path.lowercased().hasSuffix(".py") { return "python" }
    return request.content.noun
  }

  private mutating func checkStep() -> [ExplorerCommand] {
    guard let tutor, tutor.phase == .working || tutor.phase == .showing, let step = tutor.step, !tutor.isDone else {
      return []
    }
    var missing = step.check.compactMap { $0.missing(self, tutor) }
    if missing.count > 1 { missing.removeAll { $0 == LessonCondition.notReady } }
    if let problem = objectionToInput { missing = [problem] }
    self.tutor?.missing = missing
    guard missing.isEmpty else { return [] }
    self.tutor?.isDone = true
    self.tutor?.doneHere.insert(tutor.place.step)
    self.tutor?.done.insert(tutor.place)
    self.tutor?.events = []
    if tutor.isHidden { notify(.success, "step \(tutor.place) is done; F2 goes on, F9 shows the tutor") }
    return keepProgress()
  }

  // MARK: - Room

  /// Gives the panel the rows it needs, and the explorer the rest.
  mutating func layOutTutor() {
    guard let tutor else { return }
    let rows = TutorPanel(self, tutor).rows(screenWidth: width, screenHeight: tutor.screenHeight)
    panelRows = rows
    height = tutor.screenHeight - rows
  }

  /// Takes the size of the terminal.
  mutating func resize(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    panelRows = 0
    tutor?.screenHeight = max(0, height)
  }

  /// The panel below the explorer.
  var panelPlace: Rect { Rect(x: 0, y: height, width: width, height: panelRows) }
}

extension Question {
  /// Before a lesson replaces edits of a model that is not its own.
  fileprivate static func discard(goingTo place: LessonPlace, showing: Bool, _ state: ExplorerState) -> Question {
    Question(
      title: "Unsaved edits",
      message: "\(state.compositeLabel) has edits that are in no file; going to step \(place) discards them.",
      answers: [
        Answer(key: .character("s"), text: "save first…") { state in
          state.popup = PathPrompt(.saveComposite, state)
          return []
        },
        Answer(key: .character("d"), text: "discard and go") { state in
          state.goToLesson(place, showing: showing, isAgreed: true)
        },
      ])
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
