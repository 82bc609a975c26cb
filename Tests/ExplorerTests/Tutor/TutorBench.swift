import Explorer
import LRP
import TerminalUI
import Testing

/// An explorer with the tutor open, whose background answers at once and whose scripts are played.
struct TutorBench {
  var bench: Bench
  private var background = FakeBackground()
  /// All that was asked for.
  private(set) var asked: [ExplorerCommand] = []

  /// - Parameter isArrived: whether the first lesson is open.
  init(
    _ lessons: [Lesson]? = nil, place: LessonPlace = LessonPlace(lesson: 0), progress: TutorProgress = TutorProgress(),
    isLarge: Bool = false, notice: Notice? = nil, width: Int = 120, height: Int = 40,
    capabilities: DisplayCapabilities = .full, isArrived: Bool = true
  ) throws {
    var launch = LaunchOptions(models: Fixture.models, inputs: Fixture.inputs)
    launch.tutor = TutorLaunch(
      lessons: try lessons ?? Self.lessons(), place: place, progress: progress, isLarge: isLarge, notice: notice)
    bench = try Bench(
      width: width, height: height, capabilities: capabilities, launch: launch, isExplained: false)
    bench.state.showsTimes = false
    try perform(bench.commands)
    if isArrived { try settle() }
  }

  var state: ExplorerState { bench.state }
  var tutor: TutorState { get throws { try #require(bench.state.tutor) } }

  mutating func press(_ keys: Key...) throws {
    for key in keys {
      try perform(bench.state.update(.terminal(.key(key))))
      try settle()
    }
  }

  mutating func type(_ text: String) throws { for character in text { try press(.character(character)) } }

  mutating func send(_ event: Event) throws {
    try perform(bench.state.update(.terminal(event)))
    try settle()
  }

  /// Answers everything.
  mutating func settle() throws {
    while let message = background.next() { try perform(bench.state.update(.message(message))) }
  }

  private mutating func perform(_ commands: [ExplorerCommand]) throws {
    asked += commands
    for command in commands {
      if case .play(let script, _) = command { try play(script) } else { try background.take([command]) }
    }
  }

  private mutating func play(_ script: Script) throws {
    var player = ScriptPlayer(script)
    var end = PlayEnd.done
    do {
      while true {
        while let message = background.next() { player.receive([message]) }
        let progress = try player.advance(&bench.state)
        if case .did(let commands) = progress { try perform(commands) }
        if case .waits = progress { throw player.timeoutError(seconds: 0, bench.state) }
        if case .ended = progress { break }
      }
    } catch let error as ScriptError {
      end = .failed(error.description)
    }
    for message in player.takeMessages() { try perform(bench.state.update(.message(message))) }
    try perform(bench.state.update(.message(.playEnded(end))))
  }

  // MARK: - Lessons

  static func lesson(_ text: String, id: String = "01-first") throws -> Lesson {
    try LessonReader(path: "lessons/\(id).yaml").lesson(text, id: id)
  }

  /// Two lessons about the fixture's network.
  static func lessons() throws -> [Lesson] { [try lesson(first), try lesson(second, id: "02-second")] }

  static let first = """
    version: 1
    title: First things
    minutes: 5
    start: {model: tiny_net, composite: none}
    setup: |
      press j
    steps:
      - headline: Mark the linear layers
        text: Press *, type linear, and take it with ↵. The relevance at the input is {input}.
        key: "*"
        number: input
        check:
          - marked: Linear
        explain: Eight layers are marked; the class is {class}.
        solution: |
          press *
          type "linear"
          press enter
      - headline: Give them Epsilon
        text: Press ↵, choose Epsilon, ↵.
        key: "↵"
        check:
          - {rule: Epsilon, layers: Linear, epsilon: "<= 1e-6"}
          - explained: true
        explain: >
          Now {kept} of the logit arrives, and the rest is in the ledger. This explanation is longer than the text above
          it, so that the panel has to keep room for it from the beginning.
        solution: |
          press enter
          press home
          press enter
      - headline: Pin it
        text: Press c.
        check: [pinned: true, action: compare.pin]
        explain: It is pinned.
        solution: press c
    """

  /// Steps whose words have numbers.
  static let numbers = """
    version: 1
    title: Numbers
    minutes: 3
    start: {model: tiny_net, composite: epsilon_plus}
    steps:
      - headline: The strongest
        text: Look at the class, and press 4.
        check: [focus: classes]
        explain: The class is {class}.
        solution: press 4
      - headline: Another
        text: Press t, and take Persian cat.
        number: class
        check: [target: Persian cat, explained: true]
        explain: Now it is {class}.
        solution: |
          press t
          type "persian"
          press enter
      - headline: Another picture
        text: Press ].
        check: [other_input: true, explained: true]
        explain: Another picture it is.
        solution: press ]
    """

  static let second = """
    version: 1
    title: Second things
    minutes: 3
    start: {model: tiny_net, input: rocket.png, composite: epsilon_plus, target: cougar}
    steps:
      - headline: Undo nothing
        text: Press p, take a preset, and u.
        check: [action: rules.undo]
        explain: Done.
        solution: |
          press p
          press down
          press enter
          press u
    """
}
