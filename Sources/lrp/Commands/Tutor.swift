import ArgumentParser
import CursesTerminal
import Explorer
import Foundation
import ModelZoo
import ProgramFiles
import TerminalUI

/// `lrp tutor`: lessons in the explorer.
struct Tutor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn LRP in lessons inside the explorer: a 90-minute workshop, for one or for a room.",
    discussion: """
      Each step says what to do, notices that it is done, and says what happened. F2 goes on, F4 shows how, F6 lists all \
      steps to go to, F8 is large type for a projector; '?' lists the rest. Progress is kept, and the next start goes on \
      where you were.

      Examples:
        lrp tutor                       go on, or begin
        lrp tutor 3                     begin with lesson 3
        lrp tutor 3.2 --large           a lecturer's start: step 2 of lesson 3, readable from the last row
        lrp tutor --list                all lessons and steps, and what is done
        lrp tutor 3 | less              a lesson as text, to read or to hand out
        lrp tutor --lessons mine        lessons of your own; the format is described with the program's sources
        lrp tutor --lessons mine --check  can they be done?

      Without a terminal the lesson is written as text. Progress is in $XDG_STATE_HOME/lrp (~/.local/state/lrp).
      """)

  @Argument(help: ArgumentHelp("A lesson by its number, or a step of it: 3, 3.2. (default: where you were)"))
  var lesson: String?

  @Flag(help: "List the lessons with their steps, and what is done.")
  var list = false

  @Flag(help: "Forget what was done and begin anew.")
  var restart = false

  @Flag(help: "Large type, for a projector; F8 switches.")
  var large = false

  @Option(help: ArgumentHelp("A folder of lessons in place of the program's own.", valueName: "folder"))
  var lessons: String?

  @Flag(help: "Play every step's solution without a terminal, and say which step is not done by it.")
  var check = false

  @OptionGroup var colors: ColorOptions

  mutating func validate() throws {
    if list, check { throw ValidationError("--list and --check found; one of them expected") }
    if list || check, restart { throw ValidationError("--restart found with --list or --check; it opens the lessons") }
  }

  func run() throws {
    let all = try LessonFolder.read(lessons ?? LessonFolder.shipped())
    let file = ProgressFile.path(lessons: all)
    let place = try lesson.map { try LessonFolder.place($0, in: all) }
    if check { return try checkLessons(all, place) }
    if restart { try ProgressFile.forget(file) }
    let (progress, problem) = ProgressFile.read(file)
    if list {
      if let problem { StandardError.warn(problem) }
      return print(LessonPrint.list(all, progress), terminator: "")
    }
    var launch = TutorLaunch(
      lessons: all, place: place ?? progress.place(in: all) ?? LessonPlace(lesson: 0), progress: progress,
      isLarge: large)
    if let problem {
      launch.notice = Notice(.warning, problem)
    } else if place == nil, progress.place(in: all) != nil {
      launch.notice = Notice(
        .information, "on with step \(launch.place); F6 lists all, lrp tutor --restart begins anew")
    }
    do {
      let settings = try Configuration.load()
      ThreadCount.apply(settings.threads)
      let start = Launch(tutor: launch, settings)
      let color = colors.color ?? settings.color ?? .auto
      try MainActor.assumeIsolated {
        var runtime = try ExplorerRuntime(
          launch: start.options, sources: start.sources, color: color, mouse: settings.mouse ?? true)
        try runtime.run()
      }
    } catch is TerminalError {
      // No terminal, or one that can only print lines.
      if let problem { StandardError.warn(problem) }
      print(LessonPrint.text(all[launch.place.lesson], number: launch.place.lesson), terminator: "")
    }
  }

  // MARK: - Checking

  private func checkLessons(_ all: [Lesson], _ place: LessonPlace?) throws {
    let launch = Launch(
      tutor: TutorLaunch(lessons: all, place: LessonPlace(lesson: 0), progress: TutorProgress()), Configuration())
    var count = 0
    for (number, lesson) in all.enumerated() where place == nil || place?.lesson == number {
      let problems = try LessonCheck.problems(of: number, launch, width: 80, height: 24)
      print("\(problems.isEmpty ? "✓" : "✗") \(number + 1)  \(lesson.title): \(lesson.headlines.count) steps")
      for problem in problems { print("    \(problem)") }
      count += problems.count
    }
    if count > 0 { throw CommandFailure("\(count) problem\(count == 1 ? "" : "s") found") }
  }
}

extension Launch {
  /// What the tutor starts with: its lessons name models and inputs.
  init(tutor: TutorLaunch, _ settings: Configuration) {
    let sources = LaunchSources(seed: 0)
    let listed = ModelZoo.list + ModelRegistry().list
    var options = LaunchOptions(
      models: listed.map { ModelEntry($0) }, inputs: sources.inputs,
      colorMap: settings.colorMap ?? Configuration.standardColorMap, level: settings.level ?? 1,
      norm: settings.norm ?? .symmetric, percentile: settings.percentile ?? 99)
    options.tutor = tutor
    self.init(options: options, sources: sources)
  }
}
