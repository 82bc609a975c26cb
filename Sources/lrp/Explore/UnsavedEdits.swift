import CompositeFiles
import Explorer
import FileSystem
import Foundation
import LRP
import NeuralNetwork
import ProgramFiles

/// Edits that are in no file yet, kept for the case that the session ends unexpectedly: a ``SessionFolder`` for each
/// session in `$XDG_STATE_HOME/lrp`, with a composite file for each state that can be undone.
actor UnsavedEdits {
  typealias MakeDocument = @Sendable (UnsavedWork.Step) async -> CompositeDocument

  private let folder = UserFolder.state.path()
  /// Of this session, once there is something to keep.
  private var own: SessionFolder?
  /// Those of sessions that are gone, by path.
  private var left: [String: SessionFolder] = [:]

  // MARK: - Writing

  /// Writes the states that are not there yet, and removes those that are no longer wanted.
  func keep(_ work: UnsavedWork, document: MakeDocument) async throws {
    let folder = try own ?? SessionFolder(in: self.folder)
    own = folder
    for step in work.steps {
      let heading = UnsavedHeading(label: step.label, title: step.title, edits: step.edits)
      if folder.holds(step.revision, heading) { continue }
      try folder.write(await document(step).yaml(), step.revision, heading)
    }
    folder.keepOnly(work.steps.map(\.revision))
  }

  /// There is nothing to be kept any more: all is in a file, or was given up.
  func forget() {
    own?.remove()
    own = nil
  }

  /// Keeps what an earlier session has left as this session's; it goes there only when it is here.
  func adopt(_ recovered: RecoveredWork, as work: UnsavedWork, document: MakeDocument) async throws {
    forget()
    try await keep(work, document: document)
    forget(recovered)
  }

  /// Removes what an earlier session has left.
  func forget(_ recovered: RecoveredWork) { left.removeValue(forKey: recovered.path)?.remove() }

  // MARK: - Reading

  /// What sessions that are gone have left, the latest first.
  func recovered() -> [RecoveredWork] {
    let works = SessionFolder.left(in: folder).compactMap { session -> (Date, RecoveredWork)? in
      guard let last = session.files.last, let document = try? CompositeDocument(contentsOf: last),
        let heading = try? UnsavedHeading(contentsOf: last)
      else { return nil }
      left[session.path] = session
      let attributes = try? FileManager.default.attributesOfItem(atPath: last)
      let date = attributes?[.modificationDate] as? Date ?? .distantPast
      let format = DateFormatter()
      format.dateFormat = "yyyy-MM-dd HH:mm"
      let edits = "\(heading.edits) edit\(heading.edits == 1 ? "" : "s")"
      let summary = "\(edits) of \(heading.title), \(format.string(from: date))"
      return (date, RecoveredWork(path: session.path, model: document.model, summary: summary))
    }
    return works.sorted { $0.0 > $1.0 }.map(\.1)
  }

  /// The states of an earlier session.
  /// - Throws: what is wrong with a file.
  func read(
    _ work: RecoveredWork, network: Network?, defaultCanonizers: [any Canonizer]
  ) throws -> UnsavedWork {
    let steps = try (left[work.path]?.files ?? []).enumerated().map { number, file in
      let document = try CompositeDocument(contentsOf: file, network: network, defaultCanonizers: defaultCanonizers)
      let heading = try UnsavedHeading(contentsOf: file)
      return UnsavedWork.Step(
        label: heading.label, title: heading.title, revision: number, edits: heading.edits,
        composite: document.composite(defaultCanonizers: defaultCanonizers))
    }
    guard !steps.isEmpty else { throw CommandFailure("\(work.path): no composite files found, the edits are gone") }
    return UnsavedWork(steps: steps)
  }
}
