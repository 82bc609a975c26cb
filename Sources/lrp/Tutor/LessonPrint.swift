import Explorer
import Foundation
import TerminalUI

/// Lessons as plain text: a list of all, or one to read or to hand out.
enum LessonPrint {
  /// A line per lesson, with how much of it is done.
  static func list(_ lessons: [Lesson], _ progress: TutorProgress) -> String {
    let here = progress.place(in: lessons)
    return lessons.enumerated().map { number, lesson in
      let done = lesson.headlines.indices.count { progress.done.contains(.init(lesson: lesson.id, step: $0)) }
      let mark = here?.lesson == number ? "▶" : " "
      let head =
        "\(mark) \(number + 1)  \(lesson.title)  (\(lesson.minutes) min, \(done) of \(lesson.headlines.count) done)\n"
      return head
        + lesson.headlines.enumerated().map { step, headline in
          let tick = progress.done.contains(.init(lesson: lesson.id, step: step)) ? "✓" : " "
          return "  \(tick) \(number + 1).\(step + 1)  \(headline)\n"
        }.joined()
    }.joined()
  }

  /// What a lesson asks for, with the keys that do it.
  static func text(_ lesson: Lesson, number: Int, width: Int = 78) -> String {
    func wrapped(_ text: String) -> String {
      StyledText("  " + text).wrapped(to: width).map { $0.text + "\n" }.joined()
    }
    let begin = [lesson.start.model, lesson.start.input].compactMap { $0 }.joined(separator: ", ")
    var result = "Lesson \(number + 1): \(lesson.title) (\(lesson.minutes) min; \(begin))\n"
    for (index, step) in lesson.steps.enumerated() {
      result += "\n\(number + 1).\(index + 1)  \(step.headline)\n\n" + wrapped(step.text.source)
      result += "\n" + step.solution.lines.map { "      \($0)\n" }.joined()
    }
    return result
  }
}
