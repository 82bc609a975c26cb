import YAMLFiles

/// Where a learner is and what was done, as it is kept from session to session. Lessons go by their files' names, so that
/// new ones in between change nothing.
public struct TutorProgress: Hashable, Sendable {
  public struct Step: Hashable, Sendable {
    public var lesson: String
    /// From 0.
    public var step: Int

    public init(lesson: String, step: Int) {
      self.lesson = lesson
      self.step = step
    }

    fileprivate var text: String { "\(lesson).\(step + 1)" }

    fileprivate init?(_ text: String) {
      guard let dot = text.lastIndex(of: "."), let number = Int(text[text.index(after: dot)...]), number > 0,
        number <= LessonReader.stepLimit, dot > text.startIndex
      else { return nil }
      self.init(lesson: String(text[..<dot]), step: number - 1)
    }
  }

  /// The step that was shown last.
  public var place: Step?
  public var done: Set<Step>

  public init(place: Step? = nil, done: Set<Step> = []) {
    self.place = place
    self.done = done
  }

  /// The step shown last, if its lesson is still there.
  public func place(in lessons: [Lesson]) -> LessonPlace? {
    guard let place, let index = lessons.firstIndex(where: { $0.id == place.lesson }) else { return nil }
    return LessonPlace(lesson: index, step: min(place.step, lessons[index].steps.count - 1))
  }

  func places(in lessons: [Lesson]) -> Set<LessonPlace> {
    var numbers: [String: Int] = [:]
    for (index, lesson) in lessons.enumerated() { numbers[lesson.id] = index }
    return Set(
      done.compactMap { step in
        guard let lesson = numbers[step.lesson], lessons[lesson].steps.indices.contains(step.step) else { return nil }
        return LessonPlace(lesson: lesson, step: step.step)
      })
  }

  // MARK: - File

  private static let version = 1

  /// As YAML.
  public var text: String {
    let steps = done.map(\.text).sorted()
    return "# How far the lessons of lrp tutor are; lrp tutor --restart forgets it.\nversion: \(Self.version)\n"
      + (place.map { "at: \(YAMLText.scalar($0.text))\n" } ?? "")
      + "done:\n" + steps.map { "- \(YAMLText.scalar($0))\n" }.joined()
  }

  /// Reads what ``text`` wrote.
  /// - Throws: what is wrong, with file, line and column.
  public init(_ text: String, path: String) throws {
    let source = YAMLSource(file: path, what: "progress of the tutor")
    self.init()
    guard let root = try source.root(of: text) else { return }
    for field in try source.fields(root, of: "progress (version: …)") {
      switch field.name {
      case "version":
        guard try source.integer(field.value, "a version number") == Self.version else {
          throw source.error(field.value, "version \(source.found(field.value)), \(Self.version) expected")
        }
      case "at": place = try Self.step(field.value, source)
      case "done":
        // Nothing is done: the list is empty.
        if case .scalar = field.value { continue }
        done = Set(try source.list(field.value, of: "a list of steps").map { try Self.step($0, source) })
      default:
        throw source.error(field.key, "the key '\(source.shown(field.name))' found, version, at or done expected")
      }
    }
  }

  /// Reads a file.
  /// - Throws: what is wrong with it, with file, line and column.
  public init(contentsOf path: String) throws {
    try self.init(YAMLSource(file: path, what: "progress of the tutor").text(ofFile: path), path: path)
  }

  private static func step(_ node: YAMLNode, _ source: YAMLSource) throws -> Step {
    let text = try source.text(node, "a step such as 03-epsilon.2")
    guard let step = Step(text) else {
      throw source.error(node, "'\(source.shown(text))' found, a step such as 03-epsilon.2 expected")
    }
    return step
  }
}
