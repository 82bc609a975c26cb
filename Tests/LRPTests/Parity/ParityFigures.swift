import Foundation
import Synchronization
import Testing

/// The worst error seen under one heading: the case that came nearest to its bar.
struct ParityFigure: Codable, Equatable, Sendable {
  /// Tensors compared.
  var cases = 0
  /// Our relative L2 error against the reference in float64.
  var error = 0.0
  /// The reference's own in float32.
  var reference = 0.0
  /// Error over bar; 1 is as much as is allowed.
  var share = 0.0
  /// Which case it was.
  var of = ""
  /// Cases that are within the bar only because further float32 runs of the reference differ as much: see
  /// ``GoldenResult/draws``.
  var uncertain: Int?

  mutating func add(_ name: String, error: Double, reference: Double, bound: Double, single: Double) {
    cases += 1
    if error > single { uncertain = (uncertain ?? 0) + 1 }
    let share = error / bound
    if !(share <= self.share) || of.isEmpty {
      (self.error, self.reference, self.share, of) = (error, reference, share, name)
    }
  }

  /// Three digits, so that a second recording gives the same file.
  var rounded: ParityFigure {
    func short(_ number: Double) -> Double { Double(String(format: "%.3g", number)) ?? number }
    var result = self
    (result.error, result.reference, result.share) = (short(error), short(reference), short(share))
    return result
  }
}

/// What the comparisons with the reference of this run came to, by heading: `rule/Epsilon`, `layer/Conv2d`, `preset/…`.
final class ParityFigures: Sendable {
  static let shared = ParityFigures()
  private let figures = Mutex<[String: ParityFigure]>([:])

  /// `Tests/Fixtures/parity/figures.json`: what was recorded, for the page and as the limit from then on.
  static let file = ParityFiles.folder.appending(path: "figures.json")

  static func recorded() throws -> [String: ParityFigure] {
    try JSONDecoder().decode([String: ParityFigure].self, from: Data(contentsOf: file))
  }

  /// - Parameters:
  ///   - reference: the reference's own error in float32.
  ///   - bound: the largest error that is good enough.
  ///   - single: the same, if the reference were run once in float32.
  func note(
    _ headings: [String], name: String, error: Double, reference: Double, bound: Double, single: Double? = nil
  ) {
    figures.withLock { figures in
      for heading in headings {
        figures[heading, default: ParityFigure()].add(
          name, error: error, reference: reference, bound: bound, single: single ?? bound)
      }
    }
  }

  /// Compares what was found under `groups` with what is recorded, or records it.
  fileprivate func settle(_ groups: [String], areLimits: Bool) throws {
    let found = figures.withLock { $0 }.filter { groups.contains(String($0.key.prefix { $0 != "/" })) }
    guard !found.isEmpty else { return }
    if ParityFiles.isRecording {
      try Self.record(found.mapValues(\.rounded))
      Issue.record("recorded \(found.count) headings in figures.json; run again without RECORD_PARITY")
      return
    }
    guard areLimits else { return }
    let recorded = try Self.recorded()
    for (heading, figure) in found.sorted(by: { $0.key < $1.key }) {
      // What was added since the last recording has its bar, but no figure yet.
      guard let limit = recorded[heading] else { continue }
      // Another processor adds up in another order; what is far from the bar may move, but not come near it.
      let allowed = max(1.5 * limit.share, limit.share + 0.1)
      #expect(
        figure.share <= allowed || !(figure.share <= 1),  // beyond the bar the comparison itself has failed
        "\(heading): \(figure.of) is at \(figure.share) of its bar, \(limit.share) was recorded (\(limit.of))")
    }
  }

  private static let recording = Mutex(())

  private static func record(_ figures: [String: ParityFigure]) throws {
    try recording.withLock { _ in
      let groups = Set(figures.keys.map { $0.prefix { $0 != "/" } })
      // Whole groups are replaced, so that headings that are no longer used go away.
      let kept = ((try? recorded()) ?? [:]).filter { !groups.contains($0.key.prefix { $0 != "/" }) }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try encoder.encode(kept.merging(figures) { $1 }).write(to: file, options: .atomic)
    }
  }
}

/// Compares the figures of the named groups with the recorded ones when a suite and all that it contains are done.
/// With `RECORD_PARITY=1` in the environment they are written anew, and the run fails so that nobody records by accident.
struct ParityFiguresTrait: SuiteTrait, TestScoping {
  let groups: [String]
  /// Whether what is recorded is a limit: not for cases that are made anew.
  var areLimits = true
  var isRecursive: Bool { false }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await function()
    try ParityFigures.shared.settle(groups, areLimits: areLimits)
  }
}

extension Trait where Self == ParityFiguresTrait {
  /// The groups of headings that a suite fills.
  static func parityFigures(_ groups: String..., areLimits: Bool = true) -> Self {
    ParityFiguresTrait(groups: groups, areLimits: areLimits)
  }
}

enum ParityFiles {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let folder = root.appending(path: "Tests/Fixtures/parity")
  static let isRecording = ProcessInfo.processInfo.environment["RECORD_PARITY"] != nil
}
