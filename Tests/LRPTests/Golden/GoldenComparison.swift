import Synchronization
import Tensors
import Testing

/// Compares what we compute with what the reference computed.
enum GoldenComparison {
  /// How many elements of a large tensor the fixtures hold.
  static let samples = 1021

  /// `‖found − expected‖ / ‖expected‖` in double; 0 if both vanish.
  static func relativeError(_ found: [Float], _ expected: [Float]) -> Double {
    guard found.count == expected.count else { return .infinity }
    var difference = 0.0
    var norm = 0.0
    for (a, b) in zip(found, expected) {
      difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
      norm += Double(b) * Double(b)
    }
    if norm == 0 { return difference == 0 ? 0 : .infinity }
    return (difference / norm).squareRoot()
  }

  /// The largest of the errors of `found`: of its elements or the stored sample of them, of its norm, of its sum.
  static func error(_ found: Tensor, _ expected: Tensor, _ result: GoldenResult) -> Double {
    var elements = found.rowMajorElements()
    guard result.sampled == true else { return relativeError(elements, expected.rowMajorElements()) }
    let count = elements.count
    var (sum, squares) = (0.0, 0.0)
    for element in elements {
      sum += Double(element)
      squares += Double(element) * Double(element)
    }
    elements = (0..<samples).map { elements[$0 * count / samples] }
    var worst = relativeError(elements, expected.rowMajorElements())
    if let norm = result.norm, norm > 0 { worst = max(worst, abs(squares.squareRoot() - norm) / norm) }
    // A relative error e of the tensor moves its sum by at most e·‖R‖·√n; its size is that of Σ|R|.
    if let exact = result.sum, let absolute = result.absolute, absolute > 0 {
      worst = max(worst, abs(sum - exact) / absolute)
    }
    return worst
  }

  /// Records a failure that names the case, the node, the error and the bound; notes the error for the summary.
  /// - Returns: whether the error is within the bound.
  @discardableResult
  static func check(
    _ found: Tensor, _ expected: Tensor, _ result: GoldenResult, group: String, name: String,
    headings: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) -> Bool {
    let error = error(found, expected, result)
    GoldenReport.shared.note(group: group, name: name, error: error, reference: result.error, bound: result.bound)
    ParityFigures.shared.note(
      headings, name: "\(group)/\(name)", error: error, reference: result.error, bound: result.bound,
      single: result.singleBound)
    let good = error <= result.bound
    if !good {
      Issue.record(
        "\(group)/\(name): relative error \(error), bound \(result.bound) (reference in float32: \(result.error))",
        sourceLocation: sourceLocation)
    }
    return good
  }
}

/// The worst error of each group, printed when all golden tests are done.
final class GoldenReport: Sendable {
  private struct Line: Sendable {
    var count = 0
    var error = 0.0
    var reference = 0.0
    var name = ""
    /// Error over bound, which decides what is worst.
    var share = 0.0
  }
  static let shared = GoldenReport()
  private let lines = Mutex<[String: Line]>([:])

  func note(group: String, name: String, error: Double, reference: Double, bound: Double) {
    let share = error / bound
    lines.withLock { lines in
      var line = lines[group, default: Line()]
      line.count += 1
      if !(share <= line.share) || line.name.isEmpty {
        (line.error, line.reference, line.name, line.share) = (error, reference, name, share)
      }
      lines[group] = line
    }
  }

  var summary: String {
    let lines = lines.withLock { $0 }.sorted { $0.key < $1.key }
    let rows = lines.map { group, line in
      let share = (line.share * 1000).rounded() / 10
      return "  \(group): \(line.count) tensors, worst at \(share) % of its bound: error \(line.error), "
        + "reference \(line.reference), \(line.name)"
    }
    return "Golden tests, nearest to the bound per group:\n" + rows.joined(separator: "\n")
  }
}

/// Prints the summary when a suite and all that it contains are done.
struct GoldenSummary: SuiteTrait, TestScoping {
  var isRecursive: Bool { false }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await function()
    print(GoldenReport.shared.summary)
  }
}

/// All comparisons with the reference. One after another: each uses all cores by itself.
@Suite(.serialized, GoldenSummary(), .parityFigures("rule", "layer", "padding", "preset", "canonizer", "maps", "zoo"))
enum GoldenTests {}
