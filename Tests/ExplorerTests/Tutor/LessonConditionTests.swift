import Explorer
import LRP
import TerminalUI
import Testing

/// Every condition, false before and true after what it asks for.
struct LessonConditionTests {
  private static let cases: [(check: String, keys: [Key])] = [
    ("window: rules", [.character("1"), .home, .down, .enter]), ("window: presets", [.character("p")]),
    ("window: canonizers", [.character("B")]), ("window: target", [.character("t")]),
    ("window: second", [.character("T")]), ("window: methods", [.character("M")]),
    ("window: models", [.character("m")]),
    ("window: palette", [.character(":")]), ("window: help", [.character("?")]), ("window: save", [.character("s")]),
    ("window: edits", [.character("e")]), ("window: marks", [.character("*")]), ("window: curves", [.character("P")]),
    ("marked: conv_stem", [.character("1"), .home, .down, .character(" ")]),
    (
      "marked: blocks.0.depthwise..blocks.0.project", [.character("*")] + "blocks.0.*".map { .character($0) } + [.enter]
    ),
    ("{rule: none, layers: conv_stem}", [.character("1"), .home, .down, .character("d")]),
    ("preset: epsilon_plus", [.character("p")] + "epsilon_plus".map { .character($0) } + [.enter]),
    ("selected: classifier", [.character("1"), .end]), ("focus: ledger", [.character("2")]),
    ("target: other", [.character("t"), .down, .down, .enter]), ("target: 1", [.character("t"), .down, .down, .enter]),
    ("target: tiger cat", [.character("t"), .down, .down, .enter]), ("second: any", [.character("T"), .enter]),
    ("shown: layer", [.character("1"), .home, .down, .character("h")]),
    ("shown: conv_stem", [.character("1"), .home, .down, .character("h")]), ("pinned: true", [.character("c")]),
    ("compared: A", [.character("c"), .character("x")]), ("content: overlay", [.character("o")]),
    ("channels: true", [.character(".")]),
    ("{canonizer: SequentialMergeBatchNorm, is: off}", [.character("B"), .character(" "), .enter]),
    ("{curves: deletion, block: 4}", [.character("P"), .character("-")]),
    ("curves: insertion", [.character("P"), .character("m")]),
    ("saved: heatmap", [.character("w"), .enter]), ("saved: ledger", [.character("W"), .enter]),
    ("other_input: true", [.character("]")]), ("action: [move.zoom, move.zoomPane]", [.character("Z")]),
  ]

  private static func lesson(_ check: String, start: String = "model: tiny_net") throws -> Lesson {
    try TutorBench.lesson(
      """
      version: 1
      title: T
      minutes: 1
      start: {\(start)}
      steps:
        - {headline: H, text: T, check: [\(check.hasPrefix("{") ? check : "{\(check)}")], explain: E, solution: press c}
      """)
  }

  @Test(arguments: cases.indices)
  func falseThenTrue(_ index: Int) throws {
    let (check, keys) = Self.cases[index]
    var bench = try TutorBench([Self.lesson(check)])
    #expect(try !bench.tutor.isDone && bench.tutor.missing.count == 1, "\(check)")
    for key in keys { try bench.press(key) }
    #expect(try bench.tutor.missing == [] && bench.tutor.isDone, "\(check)")
  }

  /// A rule's parameters are compared, and only what is assigned counts, not what an open picker tries.
  @Test func rulesAndTheirParameters() throws {
    var bench = try TutorBench([
      Self.lesson(
        "{rule: Gamma, layers: [conv_stem, classifier], gamma: '>= 0.5'}", start: "model: tiny_net, composite: none")
    ])
    #expect(try bench.tutor.missing == ["0 of 2 layers (conv_stem and classifier) have Gamma, gamma ≥ 0.5"])
    try bench.press(.home, .down, .character(" "), .enter, .home, .down, .down, .down)
    try bench.type("1")
    #expect(bench.rule("conv_stem") == "Gamma 1")
    #expect(try bench.tutor.missing.first?.hasPrefix("0 of 2") == true, "it is only tried")
    try bench.press(.enter)
    #expect(try bench.tutor.missing.first?.hasPrefix("1 of 2") == true)
    try bench.press(.character("U"), .end, .enter, .home, .down, .down, .down)
    try bench.type("0.25")
    try bench.press(.enter)
    #expect(bench.rule("classifier") == "Gamma 0.25")
    #expect(try !bench.tutor.isDone)
    try bench.press(.enter)
    try bench.type("0.5")
    try bench.press(.enter)
    #expect(try bench.tutor.isDone)
  }

  @Test func flagsComeAndGo() throws {
    // The fixture's second block has an unhooked addition.
    var bench = try TutorBench([Self.lesson("no_flag: addition")])
    #expect(try bench.tutor.missing == ["still 1 flag about additions"])
    bench = try TutorBench([Self.lesson("flag: softmax")])
    #expect(try bench.tutor.missing == ["no flag about softmax"])
    bench = try TutorBench([Self.lesson("flag: addition")])
    #expect(try bench.tutor.isDone)
  }

  @Test func aSweepHasToComeToItsEnd() throws {
    var bench = try TutorBench([Self.lesson("sweep: gamma")])
    try bench.press(.character("1"), .home, .down, .down)
    #expect(bench.rule("blocks.0.depthwise")?.hasPrefix("Gamma") == true)
    try bench.press(.character("S"))
    #expect(try bench.tutor.isDone)
  }

  @Test func layersThatAreNotThereAreNamed() throws {
    let bench = try TutorBench([Self.lesson("marked: features.*")])
    #expect(try bench.tutor.missing == ["this model has no layers features.*"])
  }
}
