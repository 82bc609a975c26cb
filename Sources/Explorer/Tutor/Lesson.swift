import LRP

/// A lesson of the tutor: what it begins with, and the steps that the learner does. Read from a file by
/// ``LessonReader``; the format is described in <doc:Lessons>.
public struct Lesson: Sendable {
  /// The file's name without its ending: what progress is kept by.
  public let id: String
  /// For messages.
  public let path: String
  public var title: String
  /// How long it is meant to take.
  public var minutes: Int
  /// What it begins with.
  package var start: LessonStart
  /// What is done before the learner begins.
  package var setup: Script?
  package var steps: [LessonStep]

  /// The headlines of the steps, in order.
  public var headlines: [String] { steps.map(\.headline) }
}

/// The model, input, composite and class that a lesson begins with.
package struct LessonStart: Sendable {
  package var model: String
  /// The name of a picture, or a path relative to the lesson's file; `nil` takes the model's own.
  package var input: String?
  package var composite: LaunchOptions.InitialComposite
  /// A class by its number or label; `nil` is the most probable.
  package var target: String?

  /// The class in a model's labels, `nil` if there is none of that name.
  func target(_ labels: [String]) -> Target? {
    guard let target else { return .top1 }
    if let number = Int(target) { return .index(number) }
    return labels.firstIndex { $0.lowercased() == target.lowercased() }.map { .index($0) }
  }
}

/// Something for the learner to do.
package struct LessonStep: Sendable {
  /// Short enough for large type.
  package var headline: String
  /// What to do and what to see.
  package var text: LessonText
  /// The key that matters, as help shows it.
  package var key: String?
  /// The number that matters.
  package var number: LessonQuantity?
  /// What has to hold, all of it.
  package var check: [LessonCondition]
  /// What just happened; shown when the step is done.
  package var explain: LessonText
  /// Does the step.
  package var solution: Script
}

/// A step of a lesson, both counted from 0.
public struct LessonPlace: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var lesson: Int
  public var step: Int

  public init(lesson: Int, step: Int = 0) {
    self.lesson = lesson
    self.step = step
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.lesson, left.step) < (right.lesson, right.step)
  }

  /// As people count: `3.2`.
  public var description: String { "\(lesson + 1).\(step + 1)" }
}

/// Text with the numbers of the state it is shown for: `Only {kept} of the logit arrives.`
package struct LessonText: Hashable, Sendable {
  package enum Part: Hashable, Sendable {
    case text(String)
    case quantity(LessonQuantity)
  }

  package var parts: [Part]

  package func text(_ state: ExplorerState) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .quantity(let quantity): quantity.value(state) ?? "–"
      }
    }.joined()
  }

  var hasQuantities: Bool { parts.contains { if case .quantity = $0 { true } else { false } } }

  /// With the names of the quantities in braces.
  package var source: String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .quantity(let quantity): "{\(quantity.source)}"
      }
    }.joined()
  }
}
