import Explorer
import Foundation
import LRP
import Tensors
import TerminalUI
import Testing

/// Reading lessons, good ones and bad ones.
struct LessonReaderTests {
  private static let assets = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "assets/lessons")

  static let shipped: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: assets.path)) ?? []).filter { $0.hasSuffix(".yaml") }
    .sorted()

  static func text(_ name: String) throws -> String {
    try String(contentsOf: assets.appending(path: name), encoding: .utf8)
  }

  @Test func aLessonIsWhatItsFileSays() throws {
    let lesson = try TutorBench.lesson(TutorBench.first)
    #expect(lesson.id == "01-first" && lesson.title == "First things" && lesson.minutes == 5)
    #expect(lesson.start.model == "tiny_net" && lesson.start.input == nil && lesson.start.target == nil)
    #expect(lesson.setup?.lines == ["press j"])
    #expect(lesson.headlines == ["Mark the linear layers", "Give them Epsilon", "Pin it"])
    let step = lesson.steps[0]
    #expect(step.key == "*" && step.number == .input)
    #expect(step.text.parts.last == .text("."))
    #expect(step.text.source.hasSuffix("at the input is {input}."))
    #expect(step.check == [.marked(LayerSelection(["Linear"]))])
    #expect(step.solution.lines == ["press *", "type \"linear\"", "press enter"])
    let rule = LessonCondition.rule(
      "Epsilon", LayerSelection(["Linear"]), [ParameterTest(name: "epsilon", comparison: .atMost, value: 1e-6)])
    #expect(lesson.steps[1].check == [rule, .explained])
    #expect(lesson.steps[2].check == [.pinned, .action(["compare.pin"])])
    // A mistake in a script is found where it is.
    #expect(lesson.setup?.steps.first?.line == 6)
    #expect(step.solution.steps.map(\.line) == [16, 17, 18])
  }

  @Test func everyConditionIsRead() throws {
    let checks: [(String, LessonCondition)] = [
      ("action: [rules.undo, rules.redo]", .action(["rules.undo", "rules.redo"])), ("window: rules", .window(.rules)),
      ("marked: [features.*, a..b]", .marked(LayerSelection(["features.*", "a..b"]))),
      (
        "{rule: Gamma, layers: Convolution, gamma: 0.25}",
        .rule(
          "Gamma", LayerSelection(["Convolution"]), [ParameterTest(name: "gamma", comparison: .equal, value: 0.25)])
      ), ("{rule: none, layers: fc}", .rule(nil, LayerSelection(["fc"]), [])),
      ("preset: epsilon_plus", .preset("epsilon_plus")), ("selected: fc", .selected("fc")),
      ("focus: ledger", .focus(.ledger)), ("target: other", .target(nil)), ("target: 3", .target("3")),
      ("target: top", .target("top")), ("second: any", .second(nil)), ("second: Bag", .second("Bag")),
      ("shown: layer", .shown(nil)), ("shown: input", .shown("input")), ("steps: open", .steps(nil, nil)),
      ("{steps: divide, layers: fc}", .steps(LayerSelection(["fc"]), .divide)), ("pinned: true", .pinned),
      ("compared: difference", .comparison(.difference)), ("content: overlay", .content(.overlay)),
      ("channels: true", .channels), ("sweep: gamma", .sweep("gamma")),
      ("{canonizer: ResidualSums, is: off}", .canonizer("ResidualSums", isOn: false)),
      ("flag: softmax", .flag(.softmax)),
      ("no_flag: addition", .noFlag(.addition)), ("curves: insertion", .curves(.insertion, block: nil)),
      ("saved: python", .saved("python")), ("explained: true", .explained), ("other_input: true", .otherInput),
    ]
    for (text, condition) in checks {
      let lesson = try TutorBench.lesson(Self.lesson(check: "- \(text)"))
      #expect(lesson.steps[0].check == [condition], "\(text)")
    }
  }

  private static func lesson(check: String = "- pinned: true", step: String = "", head: String = "") -> String {
    """
    version: 1
    title: T
    minutes: 5
    start: {model: tiny_net}
    \(head)
    steps:
      - headline: H
        text: Text
        check:
          \(check)
        explain: E
        solution: press c
        \(step)
    """
  }

  @Test(arguments: [
    ("", ":1:1: nothing found, a lesson"), ("- a", ":1:1: a list found"), ("title: [", "no valid YAML"),
    ("title: T", ":1:1: no 'version' found"), ("version: 2\nsteps: []", ":1:10: version '2' found, 1 expected"),
    (lesson(head: "titel: x"), ":5:1: the key 'titel' found"), (lesson(head: "titel: x"), "did you mean 'title'?"),
    (lesson(head: "setup: prees j"), ":5:1: “prees” found"),
    (lesson(head: "setup: start --model x"), "“start” or “size”"),
    (lesson(head: "setup: |\n  press j\n\n  press jj"), ":8:1: “jj” found"),
    (lesson(step: "number: kep"), ":13:13: 'kep' found"), (lesson(step: "number: kep"), "did you mean 'kept'?"),
    (lesson(step: "sulution: x"), ":13:5: the key 'sulution' found"),
    (lesson(step: "key: \(String(repeating: "k", count: 20))"), ":13:10: 20 characters found"),
    (lesson(check: "- pined: true"), ":10:9: the condition 'pined' found"),
    (lesson(check: "- pinned: false"), ":10:17: 'false' found, 'pinned: true' expected"),
    (lesson(check: "- pinned: maybe"), ":10:17: 'maybe' found"),
    (lesson(check: "- window: rule"), "did you mean 'rules'?"),
    (lesson(check: "- {rule: Epsilon}"), ":10:9: no 'layers' found"),
    (lesson(check: "- {rule: Epsilonn, layers: Linear}"), ":10:16: 'Epsilonn' found"),
    (lesson(check: "- {rule: Epsilon, layers: Linear, gamma: 1}"), ":10:41: the key 'gamma' found"),
    (lesson(check: "- {rule: Epsilon, layers: Linear, epsilon: '< 1'}"), ":10:50: the text \"< 1\" found"),
    (lesson(check: "- {canonizer: ResidualSums}"), "no 'is' found"),
    (lesson(check: "- action: rules.und"), "did you mean 'rules.undo'?"),
    (lesson(check: "- flag: bogus"), ":10:15: 'bogus' found"),
    (lesson(check: "[]"), ":10:7: 0 conditions found"), (lesson(check: "- marked: []"), ":10:17: 0 words found"),
    (lesson(check: "- []"), ":10:9: a list found"), (lesson(check: "- {}"), ":10:9: nothing found"),
    ("version: 1\ntitle: T\nminutes: 0\nstart: {model: x}\nsteps: [{}]", ":5:9: no 'check' found"),
    ("version: 1\ntitle: T\nminutes: 5\nstart: {model: x}\nsteps: []", ":5:8: 0 steps found"),
    ("version: 1\ntitle: T\nminutes: 5\nstart: {model: x, composite: epsilon_plas}\nsteps: [{}]", "no 'check'"),
  ])
  func errorsNameThePlace(_ text: String, _ expected: String) {
    do {
      _ = try TutorBench.lesson(text)
      Issue.record("read: \(text)")
    } catch {
      #expect("\(error)".hasPrefix("lessons/01-first.yaml:") && "\(error)".contains(expected), "\(error)")
    }
  }

  @Test func otherErrorsNameThePlaceToo() throws {
    let good = Self.lesson()
    for (from, to, expected) in [
      ("minutes: 5", "minutes: 0", ":3:10: minutes: '0' found"), ("minutes: 5", "minutes: 5.5", ":3:10: '5.5' found"),
      ("model: tiny_net", "model: tiny_net, composite: epsilon_plas", "did you mean 'epsilon_plus'?"),
      ("headline: H", "headline: \(String(repeating: "H", count: 60))", ":7:15: 60 characters found"),
      ("text: Text", "text: Text {kept", ":8:11: '{' without '}' found"),
      ("text: Text", "text: Text {}", ":8:11: '' found, one of logit"),
      ("text: Text", "text: \"Te\\x07xt\"", ":8:11: the text"),
      ("explain: E", "explain: ''", ":11:14: an empty text found"),
      ("solution: press c", "solution: ''", ":12:15: an empty text"),
      ("solution: press c", "solution: '# c'", "0 steps of a script"),
    ] {
      let error = #expect(throws: (any Error).self) { try TutorBench.lesson(good.replacing(from, with: to)) }
      #expect("\(try #require(error))".contains(expected), "\(String(describing: error))")
    }
  }

  // MARK: - The program's own

  @Test func thereIsALessonForEachRowOfTheWorkshop() {
    #expect(Self.shipped.count == 8)
    for (number, name) in Self.shipped.enumerated() { #expect(name.hasPrefix("0\(number + 1)-")) }
  }

  /// Headlines fit one line of large type on the smallest screen, and texts fit that screen whole.
  @Test(arguments: shipped)
  func theyFitTheSmallestScreen(name: String) throws {
    let lesson = try LessonReader(path: name).lesson(Self.text(name), id: name)
    for (index, step) in lesson.steps.enumerated() {
      let fit = BigText("8.8 " + step.headline).fit(width: 78, height: 4)
      #expect(fit.size != .plain, "\(index + 1) \(step.headline)")
      for text in [step.text, step.explain] {
        #expect(StyledText(text.source).wrapped(to: 78).count <= 4, "\(text.source)")
      }
    }
  }

  /// Damaged files are errors, never the end of the program.
  @Test func mutatedLessonsNeverTrap() throws {
    var numbers = SplitMix64(seed: 7)
    let texts = try Self.shipped.map { Array(try Self.text($0).utf8) } + [Array(TutorBench.first.utf8)]
    let pieces = [
      "{", "}", "[", "]", ": ", "- ", "\n", "\"", "|", ">", "&a", "*a", "{kept}", "1e999", "-1", "\u{0}", "é", "#",
    ]
    var wrong = 0
    for round in 0..<4000 {
      var bytes = texts[round % texts.count]
      for _ in 0..<Int.random(in: 1...6, using: &numbers) {
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: Array((pieces.randomElement(using: &numbers) ?? "").utf8), at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &numbers)))
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      do {
        _ = try TutorBench.lesson(String(decoding: bytes, as: UTF8.self))
      } catch {
        wrong += 1
        #expect("\(error)".hasPrefix("lessons/01-first.yaml"), "\(error)")
      }
    }
    #expect(wrong > 500)
  }
}
