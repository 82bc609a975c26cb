/// All states the composite has been in, with what led to each: undo and redo without limit.
public struct EditHistory: Sendable {
  public struct Step: Sendable {
    public var composite: EditedComposite
    /// What was done to get here: `Gamma gamma=0.5 → 3 layers`.
    public var label: String
    /// Edits since the preset was taken, or since the file was read or written.
    public var edits: Int
    /// Unique in the history.
    public let revision: Int
  }

  public private(set) var past: [Step] = []
  public private(set) var present: Step
  /// The next one to redo is the last.
  public private(set) var future: [Step] = []
  private var lastRevision = 0

  /// - Parameter edits: edits since the preset or the file, where the history does not begin with it.
  public init(_ composite: EditedComposite, label: String, edits: Int = 0) {
    present = Step(composite: composite, label: label, edits: edits, revision: 0)
  }

  public var composite: EditedComposite { present.composite }
  public var revision: Int { present.revision }
  /// Whether there are edits that are in no file.
  public var isUnsaved: Bool { present.edits > 0 }

  /// Makes a new state; what could be redone is forgotten.
  /// - Parameter isBase: the composite is a preset or a file as it is, so nothing about it is unsaved.
  public mutating func commit(_ composite: EditedComposite, label: String, isBase: Bool = false) {
    lastRevision += 1
    past.append(present)
    present = Step(
      composite: composite, label: label, edits: isBase ? 0 : present.edits + 1, revision: lastRevision)
    future.removeAll()
  }

  /// - Returns: the label of what was undone, `nil` if there is nothing to undo.
  public mutating func undo() -> String? {
    guard let step = past.popLast() else { return nil }
    let label = present.label
    future.append(present)
    present = step
    return label
  }

  /// - Returns: the label of what was done again, `nil` if there is nothing to redo.
  public mutating func redo() -> String? {
    guard let step = future.popLast() else { return nil }
    past.append(present)
    present = step
    return step.label
  }

  /// All steps in the order they were made, and which of them is the present one.
  public var steps: (all: [Step], present: Int) { (past + [present] + future.reversed(), past.count) }

  /// Goes to a step of ``steps``.
  public mutating func go(to index: Int) {
    while past.count > index, undo() != nil {}
    while past.count < index, redo() != nil {}
  }

  /// Notes that a state has been written to a file.
  public mutating func markSaved(revision: Int, path: String, title: String) {
    func saved(_ step: Step) -> Step {
      guard step.revision == revision else { return step }
      var copy = step
      copy.edits = 0
      copy.composite.path = path
      copy.composite.title = title
      return copy
    }
    present = saved(present)
    past = past.map(saved)
    future = future.map(saved)
  }
}
