import LRP
import Tensors

/// Both sides of a case.
struct Comparison {
  private(set) var ours = Times()
  private(set) var theirs = Times()
  /// Relative L2 distance of the two results.
  private(set) var difference: Double?

  /// Runs both in turn, so that a busy machine slows down either; the first run of each is not counted, but compared.
  init(_ item: Case, subject: Subject, reference: Reference?, patience: Patience) throws {
    let input = try subject.input(item)
    // Noise would differ: SmoothGrad is compared without.
    let quiet = try subject.attributor(item, noiseLevel: 0)
    let first = try quiet.attribute(input, .logit(.index(Case.target)))
    difference = try reference?.run(item, noiseLevel: 0).map { first.relevance.distance(from: $0.relevance) }
    let attributor = item.method == .smoothgrad ? try subject.attributor(item) : quiet
    while !patience.isOver(after: ours.count) {
      ours.add(try Times.measure { try attributor.attribute(input, .logit(.index(Case.target))) }.seconds)
      if let answer = try reference?.run(item)?.answer { theirs.add(answer.seconds) }
    }
  }

  func row(_ title: String, section: String, goal: Goal?) -> ResultRow {
    ResultRow(
      section: section, title: title, ours: ours.median, theirs: theirs.median, unit: .seconds, goal: goal,
      difference: difference, runs: ours.count)
  }
}

extension Tensor {
  /// Relative L2 distance.
  func distance(from other: Tensor) -> Double {
    let (a, b) = (rowMajorElements(), other.rowMajorElements())
    guard a.count == b.count else { return .infinity }
    var (difference, norm) = (0.0, 0.0)
    for (x, y) in zip(a, b) {
      difference += (Double(x) - Double(y)) * (Double(x) - Double(y))
      norm += Double(y) * Double(y)
    }
    return (difference / max(norm, .leastNormalMagnitude)).squareRoot()
  }
}
