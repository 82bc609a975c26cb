import LRP

/// Edits that are in no file yet, with the states before them, as they are kept for the case of a crash.
public struct UnsavedWork: Sendable {
  public struct Step: Sendable {
    /// As in ``EditHistory/Step``.
    public var label: String
    public var title: String
    public var revision: Int
    /// Edits since a preset was taken, or since a file was read or written.
    public var edits: Int
    public var composite: any Composite

    public init(label: String, title: String, revision: Int, edits: Int, composite: any Composite) {
      self.label = label
      self.title = title
      self.revision = revision
      self.edits = edits
      self.composite = composite
    }
  }

  /// The oldest first; the last is the present state.
  public var steps: [Step]

  public init(steps: [Step]) { self.steps = steps }

  /// How many states can be undone after a crash.
  static let stepLimit = 50
}

/// What an earlier session that ended unexpectedly has left.
public struct RecoveredWork: Hashable, Sendable {
  /// Where it is kept.
  public var path: String
  /// The model it was made for, if that is known.
  public var model: String?
  /// In a few words: `3 edits of epsilon_plus, 2026-11-23 18:02`.
  public var summary: String

  public init(path: String, model: String?, summary: String) {
    self.path = path
    self.model = model
    self.summary = summary
  }
}

extension ExplorerState {
  /// What is to be kept for the case of a crash: nothing if everything is in a file.
  func keepUnsaved() -> [ExplorerCommand] { model == nil ? [] : [.keepUnsaved(unsavedWork)] }

  private var unsavedWork: UnsavedWork? {
    guard let model, history.isUnsaved else { return nil }
    let steps = (history.past + [history.present]).suffix(UnsavedWork.stepLimit).map { step in
      UnsavedWork.Step(
        label: step.label, title: step.composite.title, revision: step.revision, edits: step.edits,
        composite: step.composite.expanded(over: model.paths))
    }
    return UnsavedWork(steps: steps)
  }

  /// Asks about what earlier sessions have left, one after the other, once there is a model and nothing else is asked.
  /// What is restored takes the place of the present edits: while these are in no file, nothing is offered.
  mutating func offerRecovered() {
    guard popup == nil, model != nil, !history.isUnsaved, opening == nil, !isTooSmall, let work = recovered.first else {
      return
    }
    recovered.removeFirst()
    popup = Question.restore(work)
  }

  /// Opens the model that the edits were made for, if it is another, and then reads them.
  mutating func restore(_ work: RecoveredWork) -> [ExplorerCommand] {
    let isOpen = work.model == nil || work.model == model?.opened.entry.name || work.model == model?.opened.network.name
    guard !isOpen, let entry = models.first(where: { $0.name == work.model }) else { return [.readRecovered(work)] }
    restoring = work
    return open(entry)
  }

  /// Takes over the states of an earlier session, the last of them as the present one.
  mutating func take(_ work: UnsavedWork, from recovered: RecoveredWork) -> [ExplorerCommand] {
    do {
      var steps = try work.steps.map { step in
        var composite = try read(step.composite, path: step.title)
        composite.path = nil
        return (step, composite)
      }
      guard let (first, base) = steps.first else { return [] }
      steps.removeFirst()
      history = EditHistory(base, label: first.label, edits: first.edits)
      for (step, composite) in steps { history.commit(composite, label: step.label, isBase: step.edits == 0) }
      preview = nil
      notify(.success, "restored: \(recovered.summary)")
      return (unsavedWork.map { [ExplorerCommand.adoptRecovered(recovered, $0)] } ?? []) + requestAttribution()
    } catch {
      notify(.error, "\(recovered.path): \(error)")
      return []
    }
  }
}

extension Question {
  /// At the start, about edits that an earlier session could not save.
  static func restore(_ work: RecoveredWork) -> Question {
    let model = work.model.map { "\nmade for \($0)" } ?? ""
    return Question(
      title: "Edits of an earlier session",
      message: "A session ended unexpectedly. Its edits are in no file:\n\(work.summary)\(model)",
      answers: [
        Answer(key: .character("r"), text: "restore") { state in state.restore(work) },
        Answer(key: .character("d"), text: "discard") { _ in [.forgetRecovered(work)] },
      ], no: "keep for later")
  }
}
