import CompositeFiles
import Explorer
import FileSystem
import Foundation
import LRP
import NeuralNetwork
import ProgramFiles

/// Edits that are in no file yet, kept for the case that the session ends unexpectedly: a folder for each session in
/// `$XDG_STATE_HOME/lrp`, with a composite file for each state that can be undone.
enum UnsavedEdits {
  /// Of this session: `unsaved-4711`, where 4711 is the process.
  static var path: String { folder + "/\(prefix)\(getpid())" }

  private static let prefix = "unsaved-"

  /// `$XDG_STATE_HOME/lrp`.
  static var folder: String {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? NSHomeDirectory()
    let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.local/state"
    return state + "/lrp"
  }

  static func forget(_ path: String = path) { try? FileManager.default.removeItem(atPath: path) }

  // MARK: - Writing

  /// Writes the states that are not there yet, and removes those that are no longer wanted.
  static func keep(_ work: UnsavedWork, document: (UnsavedWork.Step) async throws -> CompositeDocument) async throws {
    let files = FileManager.default
    try Folder.make(path)
    let names = work.steps.map { fileName($0.revision) }
    for (name, step) in zip(names, work.steps) where !files.fileExists(atPath: path + "/" + name) || step.edits == 0 {
      let heading = UnsavedHeading(label: step.label, title: step.title, edits: step.edits)
      let text = try heading.text + (await document(step)).yaml()
      try AtomicFile.write(text, to: path + "/" + name, overwriting: true)
    }
    for name in try files.contentsOfDirectory(atPath: path) where name.hasSuffix(".yaml") && !names.contains(name) {
      try? files.removeItem(atPath: path + "/" + name)
    }
  }

  private static func fileName(_ revision: Int) -> String {
    let digits = String(revision)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".yaml"
  }

  // MARK: - Reading

  /// What sessions that are gone have left, the latest first.
  static func recovered() -> [RecoveredWork] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { name in
      guard name.hasPrefix(prefix), let process = pid_t(name.dropFirst(prefix.count)), process > 0 else { return false }
      return process == getpid() || (kill(process, 0) != 0 && errno == ESRCH)
    }
    let works = names.compactMap { name -> (Date, RecoveredWork)? in
      let path = folder + "/" + name
      guard let last = files(of: path).last, let document = try? CompositeDocument(contentsOf: last),
        let heading = try? UnsavedHeading(contentsOf: last)
      else { return nil }
      let attributes = try? FileManager.default.attributesOfItem(atPath: last)
      let date = attributes?[.modificationDate] as? Date ?? .distantPast
      let format = DateFormatter()
      format.dateFormat = "yyyy-MM-dd HH:mm"
      let edits = "\(heading.edits) edit\(heading.edits == 1 ? "" : "s")"
      let summary = "\(edits) of \(heading.title), \(format.string(from: date))"
      return (date, RecoveredWork(path: path, model: document.model, summary: summary))
    }
    return works.sorted { $0.0 > $1.0 }.map(\.1)
  }

  /// The states of an earlier session.
  /// - Throws: what is wrong with a file.
  static func read(
    _ work: RecoveredWork, network: Network?, defaultCanonizers: [any Canonizer]
  ) throws -> UnsavedWork {
    let steps = try files(of: work.path).enumerated().map { number, file in
      let document = try CompositeDocument(contentsOf: file, network: network, defaultCanonizers: defaultCanonizers)
      let heading = try UnsavedHeading(contentsOf: file)
      return UnsavedWork.Step(
        label: heading.label, title: heading.title, revision: number, edits: heading.edits,
        composite: document.composite(defaultCanonizers: defaultCanonizers))
    }
    guard !steps.isEmpty else { throw CommandFailure("\(work.path): no composite files found, the edits are gone") }
    return UnsavedWork(steps: steps)
  }

  private static func files(of path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
      .map { path + "/" + $0 }
  }
}
