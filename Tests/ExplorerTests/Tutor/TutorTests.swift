import Explorer
import LRP
import TerminalUI
import Testing

/// The tutor on a pure state: each key, checks that are false and true, and what becomes of a learner who goes astray.
struct TutorTests {
  @Test func aLessonOpensItsModelAndPlaysItsSetup() throws {
    let bench = try TutorBench()
    #expect(try bench.tutor.phase == .working && bench.tutor.place == LessonPlace(lesson: 0))
    #expect(bench.state.composite.title == "gradient")
    #expect(bench.state.selectedRow?.index == 1, "the setup moves the cursor")
    #expect(try !bench.tutor.isDone && bench.tutor.missing == ["0 of 8 layers (Linear) are marked"])
    // The second begins with an input, a preset and a class.
    let other = try TutorBench(place: LessonPlace(lesson: 1))
    #expect(other.state.model?.opened.sample.entry.name == "rocket.png")
    #expect(other.state.composite.title == "epsilon_plus" && other.state.target == .index(5))
    let wrong = try TutorBench([try TutorBench.lesson(TutorBench.second.replacing("cougar", with: "puma"))])
    #expect(wrong.state.notice?.text.contains("'puma' found as the class to begin with") == true)
    #expect(wrong.state.target == .top1)
  }

  @Test func theLearnerDoesAStepAndGoesOn() throws {
    var bench = try TutorBench()
    try bench.press(.function(2))
    #expect(bench.state.refusal?.contains("0 of 8 layers") == true && bench.state.refusal?.contains("F4") == true)
    try bench.press(.character(" "))
    #expect(try bench.tutor.missing == ["1 of 8 layers (Linear) are marked"])
    try bench.press(.character("*"))
    try bench.type("linear")
    try bench.press(.enter)
    #expect(try bench.tutor.isDone && bench.tutor.missing.isEmpty)
    #expect(bench.state.view().plainText().contains("Eight layers are marked; the class is Egyptian cat."))
    // Done is done, also if it is undone.
    try bench.press(.character("U"))
    #expect(try bench.tutor.isDone)
    try bench.press(.control("n"))
    #expect(try bench.tutor.place == LessonPlace(lesson: 0, step: 1) && !bench.tutor.isDone)
    #expect(bench.state.composite.title == "gradient", "the state goes on as it is")
  }

  @Test func keysWorkInWindowsAndWhileTyping() throws {
    var bench = try TutorBench()
    try bench.press(.character("t"))
    try bench.press(.function(8))
    #expect(try bench.tutor.isLarge)
    #expect(bench.state.popup is TargetPicker, "the window stays")
    try bench.press(.escape, .character("/"))
    try bench.press(.function(9))
    #expect(try bench.tutor.isHidden && bench.state.layers.isFiltering && bench.state.panelRows == 0)
    try bench.press(.function(9), .escape, .character("d"), .function(6))
    #expect(bench.state.popup is LessonList)
    // An open picker is left as by Esc before another window comes.
    try bench.press(.escape, .character("p"), .up)
    #expect(bench.state.preview != nil)
    try bench.press(.function(6))
    #expect(bench.state.preview == nil && bench.state.popup is LessonList)
    try bench.press(.function(6))
    #expect(bench.state.popup is LessonList)
  }

  @Test func showMeDoesTheStepFromWhereItBegins() throws {
    var bench = try TutorBench()
    try bench.press(.function(4))
    #expect(try bench.tutor.isDone && bench.state.layers.marks.count == 8)
    try bench.press(.function(2))
    // Astray: a window, another preset, other marks.
    try bench.press(.character("p"), .down, .enter, .character("U"), .character("m"))
    try bench.press(.function(4))
    #expect(try bench.tutor.isDone && bench.tutor.place.step == 1)
    #expect(bench.state.popup == nil && bench.state.layers.marks.count == 8)
    #expect(bench.rule("conv_stem") == "Epsilon 1e-6")
    // Again: the step is not done until it is shown again.
    try bench.press(.function(4))
    #expect(try bench.tutor.isDone)
    #expect(bench.state.notice?.kind != .error)
  }

  @Test func skippingLeavesWhatTheNextStepNeeds() throws {
    var bench = try TutorBench()
    try bench.press(.function(5))
    #expect(try bench.tutor.place.step == 1 && !bench.tutor.isDone)
    #expect(bench.state.layers.marks.count == 8)
    #expect(try bench.tutor.done.isEmpty, "skipped is not done")
    try bench.press(.function(5), .function(5))
    #expect(try bench.tutor.place == LessonPlace(lesson: 1))
    #expect(bench.state.composite.title == "epsilon_plus" && bench.state.layers.marks.isEmpty)
    try bench.press(.function(5))
    #expect(try bench.tutor.isAtEnd)
    #expect(bench.state.notice?.text.contains("last lesson") == true)
    #expect(bench.state.view().plainText().contains("all lessons are over"))
  }

  @Test func backIsForReading() throws {
    var bench = try TutorBench()
    try bench.press(.function(3))
    #expect(bench.state.refusal?.contains("first step") == true)
    try bench.press(.function(4), .function(2), .function(3))
    #expect(try bench.tutor.place.step == 0 && bench.tutor.isDone)
    #expect(bench.state.layers.marks.count == 8, "nothing is changed by it")
    try bench.press(.function(2))
    #expect(try bench.tutor.place.step == 1 && !bench.tutor.isDone)
    // Into the lesson before: it is opened, and the steps before count as done.
    var second = try TutorBench(place: LessonPlace(lesson: 1))
    try second.press(.function(3))
    #expect(try second.tutor.place == LessonPlace(lesson: 0, step: 2) && !second.tutor.isDone)
    #expect(second.rule("conv_stem") == "Epsilon 1e-6")
    try second.press(.function(3))
    #expect(try second.tutor.place.step == 1 && second.tutor.isDone)
  }

  /// What a step had to say was true when it was done; later numbers are those of other steps.
  @Test(arguments: [false, true])
  func theNumbersOfAFinishedStepStay(_ isArrived: Bool) throws {
    var bench = try TutorBench(
      [try TutorBench.lesson(TutorBench.numbers)], place: LessonPlace(lesson: 0, step: isArrived ? 2 : 0))
    if !isArrived { try bench.press(.function(4), .function(2), .function(4), .function(2)) }
    // Another class is explained now.
    try bench.press(.character("t"), .home, .down, .down, .enter)
    #expect(bench.state.targetLabel == "1 tiger cat")
    try bench.press(.function(3), .function(3))
    #expect(bench.state.view().plainText().contains("The class is Egyptian cat."))
    try bench.press(.function(2))
    #expect(bench.state.view().plainText().contains("Now it is Persian cat."))
    try bench.press(.function(8))
    #expect(try bench.tutor.words?.number == "Persian cat", "in large type, too")
    // Done again, it speaks of what is then.
    try bench.press(.function(7), .function(4))
    #expect(bench.state.view().plainText().contains("The class is Egyptian cat.") || bench.state.tutor?.isLarge == true)
    #expect(try bench.tutor.said.count == 1)
  }

  /// No sentence speaks of another picture than the one shown.
  @Test func anotherPictureIsNoted() throws {
    var bench = try TutorBench([try TutorBench.lesson(TutorBench.numbers)])
    try bench.press(.character("]"))
    let text = bench.state.view().plainText()
    #expect(text.contains("This step is about chelsea.png, and coffee.png is shown."))
    #expect(!text.contains("Look at the class"))
    #expect(try bench.tutor.missing == ["this step is about chelsea.png, and coffee.png is shown"])
    try bench.press(.character("["), .function(4))
    #expect(try bench.tutor.isDone)
    // Done, it says which picture it is about.
    try bench.press(.character("]"))
    #expect(bench.state.view().plainText().contains("Of chelsea.png: The class is Egyptian cat."))
    // The step that asks for another picture lets it be chosen, from there on.
    try bench.press(.function(7), .function(5), .function(5))
    try bench.press(.character("]"))
    #expect(try bench.tutor.isDone)
    #expect(bench.state.view().plainText().contains("Another picture it is: coffee.png.") == false)
    #expect(bench.state.view().plainText().contains("Another picture it is."))
  }

  @Test func aLessonStartsAgain() throws {
    var bench = try TutorBench()
    try bench.press(.function(4), .function(2), .function(4), .function(2), .character("c"), .function(7))
    #expect(try bench.tutor.place == LessonPlace(lesson: 0) && !bench.tutor.isDone)
    #expect(bench.state.layers.marks.isEmpty && bench.state.heatmap.pinned == nil && bench.state.history.past.isEmpty)
    #expect(try bench.tutor.done.count == 3, "what was done stays noted")
  }

  @Test func theListGoesToAnyStep() throws {
    var bench = try TutorBench()
    try bench.press(.function(6))
    let text = bench.state.view().plainText()
    for word in ["1.1", "1.3", "Pin it", "2.1", "Second things", "5 min  0/3"] {
      #expect(text.contains(word), "\(word)")
    }
    try bench.type("1.3")
    try bench.press(.enter)
    #expect(try bench.tutor.place == LessonPlace(lesson: 0, step: 2) && !bench.tutor.isDone)
    #expect(bench.rule("conv_stem") == "Epsilon 1e-6", "the steps before were played")
    try bench.press(.character("c"))
    #expect(try bench.tutor.isDone)
  }

  /// What was done before its step comes up counts.
  @Test func aheadOfTheTutor() throws {
    var bench = try TutorBench()
    try bench.press(.function(4))
    // The rule is assigned, and A pinned, while the first step is still shown.
    try bench.press(.enter, .home, .enter, .character("c"))
    try bench.press(.function(2))
    #expect(try bench.tutor.isDone && bench.tutor.place.step == 1)
    try bench.press(.function(2))
    #expect(try !bench.tutor.isDone, "an action of the time before the step before was done does not count")
    try bench.press(.character("c"), .character("c"))
    #expect(try bench.tutor.isDone)
  }

  @Test func anotherModelDoesNotStopTheTutor() throws {
    var bench = try TutorBench()
    try bench.press(.character("m"), .down, .enter)
    #expect(try bench.tutor.phase == .working && !bench.tutor.isDone)
    try bench.press(.function(7))
    #expect(bench.state.model?.opened.entry.name == "tiny_net")
    // A lesson whose model cannot be opened says so, and others can be gone to.
    var lesson = try TutorBench.lessons()[0]
    lesson.start.model = "nothing"
    var broken = try TutorBench([lesson, try TutorBench.lessons()[1]], isArrived: false)
    broken.bench.send(.modelFailed(request: broken.state.lastRequest, "no such model"))
    #expect(try broken.tutor.phase == .working)
    #expect(broken.state.notice?.text.contains("no such model") == true)
  }

  /// Exercises are given up without a word; edits of one's own model are not.
  @Test func ownEditsAreAskedAbout() throws {
    var bench = try TutorBench()
    try bench.press(.character("d"), .function(7))
    #expect(bench.state.popup == nil && bench.state.history.past.isEmpty)
    try bench.press(.character("d"))
    try bench.press(.character("m"), .down, .enter, .character("d"))
    #expect(bench.state.model?.opened.entry.name == "vgg16")
    try bench.press(.character("1"), .down, .character("d"), .function(6))
    try bench.type("2.1")
    try bench.press(.enter)
    #expect(bench.state.popup is Question && bench.state.history.isUnsaved)
    try bench.press(.escape)
    #expect(bench.state.model?.opened.entry.name == "vgg16" && bench.state.history.isUnsaved)
    try bench.press(.function(4), .character("d"))
    #expect(bench.state.model?.opened.entry.name == "tiny_net")
    #expect(try bench.tutor.isDone && bench.tutor.place.lesson == 0)
  }

  @Test func aSolutionThatFailsIsANotice() throws {
    let text = TutorBench.second.replacing("press u", with: "press u u")
    var bench = try TutorBench([try TutorBench.lesson(text)])
    try bench.press(.function(4))
    #expect(bench.state.notice?.kind == .error)
    #expect(bench.state.notice?.text.contains("nothing to undo") == true)
    #expect(try bench.tutor.phase == .working)
  }

  @Test func aPlayThatIsStoppedLeavesTheLearnerInCharge() throws {
    var bench = try Bench(launch: launch(), isExplained: false)
    try bench.open()
    #expect(bench.state.tutor?.phase == .arriving)
    bench.send(.playEnded(.stopped))
    #expect(bench.state.tutor?.phase == .working)
    #expect(bench.state.notice?.kind == .information && bench.state.notice?.text.contains("F7") == true)
    try bench.finish()
    // What was stopped on its way is played from the beginning.
    bench.press(.function(4))
    let asked = bench.commands.contains { if case .openModel = $0 { true } else { false } }
    #expect(asked)
    bench.send(.playEnded(.done))
    #expect(bench.state.tutor?.isDone == false, "an answer that nobody waits for")
  }

  private func launch() throws -> LaunchOptions {
    var launch = Fixture.launch()
    launch.tutor = TutorLaunch(
      lessons: try TutorBench.lessons(), place: LessonPlace(lesson: 0), progress: TutorProgress())
    return launch
  }

  @Test func savedFilesAreNoticed() throws {
    let text = TutorBench.second.replacing("action: rules.undo", with: "saved: python")
    var bench = try TutorBench([try TutorBench.lesson(text)])
    try bench.press(.character("s"), .enter)
    #expect(try !bench.tutor.isDone, "that was YAML")
    try bench.press(.character("s"), .control("u"))
    try bench.type("a.py")
    try bench.press(.enter)
    #expect(try bench.tutor.isDone)
  }

  @Test func leavingGivesTheScreenBack() throws {
    var bench = try TutorBench()
    #expect(bench.state.panelRows > 0 && bench.state.height + bench.state.panelRows == 40)
    try bench.press(.function(12))
    #expect(bench.state.tutor == nil && bench.state.panelRows == 0 && bench.state.height == 40)
    try bench.press(.function(2))
    #expect(bench.state.refusal?.contains("lrp tutor") == true)
    var plain = try Bench()
    plain.press(.character(":"))
    plain.type("projector")
    #expect(plain.state.view().plainText().contains("No command is called that"))
  }

  @Test func clicksOnThePanelsKeys() throws {
    var bench = try TutorBench()
    let rows = bench.state.view().plainText().split(separator: "\n", omittingEmptySubsequences: false)
    let y = bench.state.height
    let line = Array(rows[y])
    let x = try #require((0..<line.count - 1).first { line[$0] == "F" && line[$0 + 1] == "6" })
    try bench.send(.mouse(MouseEvent(.press(.left), x: x, y: y)))
    #expect(bench.state.popup is LessonList)
    try bench.press(.escape)
    try bench.send(.mouse(MouseEvent(.press(.left), x: 2, y: y + 2)))
    try bench.send(.mouse(MouseEvent(.wheelDown, x: 2, y: y + 1)))
    #expect(bench.state.popup == nil)
  }

  @Test func hiddenItStillNotices() throws {
    var bench = try TutorBench()
    try bench.press(.function(9), .character("*"))
    try bench.type("linear")
    try bench.press(.enter)
    #expect(bench.state.notice?.text.contains("step 1.1 is done") == true)
  }

  // MARK: - Progress

  @Test func progressIsKeptAndReadAgain() throws {
    var bench = try TutorBench()
    try bench.press(.function(4), .function(2))
    var kept: TutorProgress?
    for case .keepProgress(let progress) in bench.asked { kept = progress }
    let progress = try #require(kept)
    #expect(progress.place == .init(lesson: "01-first", step: 1))
    #expect(progress.done == [.init(lesson: "01-first", step: 0)])
    let read = try TutorProgress(progress.text, path: "tutor.yaml")
    #expect(read == progress)
    let lessons = try TutorBench.lessons()
    #expect(read.place(in: lessons) == LessonPlace(lesson: 0, step: 1))
    #expect(read.place(in: lessons.reversed()) == LessonPlace(lesson: 1, step: 1), "lessons go by name")
    #expect(read.place(in: [lessons[1]]) == nil)
    #expect(try TutorProgress("", path: "x") == TutorProgress())
    #expect(try TutorProgress(TutorProgress().text, path: "x") == TutorProgress())
    var later = TutorProgress(place: .init(lesson: "02-second", step: 9))
    #expect(later.place(in: lessons) == LessonPlace(lesson: 1, step: 0), "a lesson may have become shorter")
    later.done = [.init(lesson: "02-second", step: 9), .init(lesson: "gone", step: 0)]
    let again = try TutorBench(progress: later, notice: Notice(.information, "on with step 2.1"))
    #expect(try again.tutor.done.isEmpty)
    #expect(again.state.notice?.text == "on with step 2.1")
  }

  @Test(arguments: [
    ("version: 7", ":1:10: version '7' found"), ("at: 5", ":1:5: '5' found"), ("done: [a.0]", ":1:8: 'a.0' found"),
    ("done: {a: b}", ":1:7: a mapping found"), ("bogus: 1", ":1:1: the key 'bogus'"), ("[", "no valid YAML"),
    ("at: a.99999999999999999999", "found"),
  ])
  func brokenProgressIsAnError(_ text: String, _ expected: String) {
    let error = #expect(throws: (any Error).self) { try TutorProgress(text, path: "tutor.yaml") }
    #expect(error.map { "\($0)" }?.contains(expected) == true, "\(String(describing: error))")
  }
}

extension TutorBench {
  /// The rule's name at a layer.
  func rule(_ path: String) -> String? { bench.rule(path) }
}
