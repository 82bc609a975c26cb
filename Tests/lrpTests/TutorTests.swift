import Foundation
import Testing

/// `lrp tutor` without a terminal.
@Suite struct TutorTests {
  private func run(_ arguments: [String], state: String? = nil) throws -> Program.Result {
    let scratch = try Scratch()
    return try Program.run(["tutor"] + arguments, environment: ["XDG_STATE_HOME": state ?? scratch.folder])
  }

  private static let lesson = """
    version: 1
    title: Mine
    minutes: 5
    start: {model: fashion_mlp}
    steps:
      - headline: Pin
        text: Press c.
        check: [pinned: true]
        explain: Pinned; {kept} arrives.
        solution: press c
    """

  /// Each step of each shipped lesson, on the real models: its check is false before and true after its solution.
  @Test(arguments: 1...8)
  func everyStepCanBeDone(lesson: Int) throws {
    let result = try run(["\(lesson)", "--check"])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.hasPrefix("✓ \(lesson)  "), "\(result.output)")
  }

  @Test func theListHasAllSteps() throws {
    let result = try run(["--list"])
    #expect(result.status == 0 && result.errors.isEmpty)
    for word in ["1  Open, look, choose a class", "(10 min, 0 of 6 done)", "3.2  LRP-0: ε next to zero", "8.4  "] {
      #expect(result.output.contains(word), "\(word)")
    }
  }

  @Test func withoutATerminalALessonIsText() throws {
    let first = try run([])
    #expect(
      first.status == 0 && first.output.hasPrefix("Lesson 1: Open, look, choose a class (10 min; efficientnet_lite0"))
    let third = try run(["3.2"])
    #expect(third.output.hasPrefix("Lesson 3: ") && third.output.contains("      type \"1e-9\"\n"))
    #expect(third.output.split(separator: "\n").allSatisfy { $0.count <= 78 })
  }

  @Test(arguments: [
    (["9"], 1, "'9' found, a lesson from 1 to 8 expected"), (["3.99"], 1, "'3.99' found, a step from 3.1 to 3."),
    (["--", "-9223372036854775808"], 1, "'-9223372036854775808' found, a lesson"), (["0"], 1, "'0' found, a lesson"),
    (["9223372036854775807"], 1, "found, a lesson"), (["x"], 1, "'x' found, a lesson"), (["1.2.3"], 1, "found"),
    (["--lessons", "/nowhere"], 1, "/nowhere: no folder found"),
    (["--list", "--check"], 64, "one of them expected"), (["--list", "--restart"], 64, "--restart found"),
  ])
  func wrongUse(_ arguments: [String], _ status: Int32, _ message: String) throws {
    let result = try run(arguments)
    #expect(result.status == status && result.errors.contains(message), "\(result.errors)")
  }

  @Test func lessonsOfOnesOwn() throws {
    let scratch = try Scratch()
    _ = try scratch.write(Self.lesson, to: "a.yaml")
    let good = try run(["--lessons", scratch.folder, "--check"])
    #expect(good.status == 0 && good.output == "✓ 1  Mine: 1 steps\n", "\(good.output)\(good.errors)")
    #expect(try run(["--lessons", scratch.folder, "a"]).output.hasPrefix("Lesson 1: Mine (5 min; fashion_mlp)"))

    // What cannot be done, and what is done already, is said.
    _ = try scratch.write(Self.lesson.replacing("solution: press c", with: "solution: press o"), to: "a.yaml")
    let wrong = try run(["--lessons", scratch.folder, "--check"])
    #expect(
      wrong.status == 1 && wrong.output.contains("a.yaml: step 1.1: is not done by its solution: nothing is pinned"))
    _ = try scratch.write(Self.lesson.replacing("pinned: true", with: "explained: true"), to: "a.yaml")
    #expect(try run(["--lessons", scratch.folder, "--check"]).output.contains("is done before anything was done"))
    _ = try scratch.write(Self.lesson.replacing("{kept}", with: "{area A}"), to: "a.yaml")
    #expect(try run(["--lessons", scratch.folder, "--check"]).output.contains("a number that is not there: Pinned; –"))

    // A bad file is named with line and column.
    _ = try scratch.write(Self.lesson.replacing("pinned", with: "pined"), to: "b.yaml")
    for arguments in [[], ["--list"], ["--check"]] {
      let bad = try run(["--lessons", scratch.folder] + arguments)
      #expect(bad.status == 1 && bad.errors.contains("b.yaml:8:13: the condition 'pined' found"), "\(bad.errors)")
      #expect(bad.errors.contains("did you mean 'pinned'?"))
    }
    _ = try scratch.write(Self.lesson.replacing("fashion_mlp", with: "fashion_mpl"), to: "b.yaml")
    #expect(try run(["--lessons", scratch.folder]).errors.contains("b.yaml: start: model:"))
    let empty = try Scratch()
    #expect(try run(["--lessons", empty.folder]).errors.contains("no lessons found"))
  }

  @Test func progressIsReadAndForgottenAndSurvivesDamage() throws {
    let scratch = try Scratch()
    let file = scratch.path("lrp/tutor.yaml")
    try FileManager.default.createDirectory(atPath: scratch.path("lrp"), withIntermediateDirectories: true)
    let text = "version: 1\nat: 03-lrp-0-then-epsilon.2\ndone:\n- 01-open-look-choose.1\n- no-such-lesson.1\n"
    _ = try scratch.write(text, to: "lrp/tutor.yaml")
    let list = try run(["--list"], state: scratch.folder)
    #expect(list.output.contains("▶ 3  ") && list.output.contains("✓ 1.1") && list.output.contains("1 of 6 done"))
    #expect(try run([], state: scratch.folder).output.hasPrefix("Lesson 3: "))
    #expect(try run(["--restart"], state: scratch.folder).output.hasPrefix("Lesson 1: "))
    #expect(!FileManager.default.fileExists(atPath: file))

    _ = try scratch.write("version: 1\nat: [", to: "lrp/tutor.yaml")
    let broken = try run([], state: scratch.folder)
    #expect(broken.status == 0 && broken.output.hasPrefix("Lesson 1: "))
    #expect(broken.errors.contains("tutor.yaml:") && broken.errors.contains("start anew"))
    #expect(FileManager.default.fileExists(atPath: file + ".broken"), "nothing is lost")
  }
}
