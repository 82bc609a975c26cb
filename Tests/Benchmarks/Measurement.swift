import Dispatch
import LRP
import NeuralNetwork
import Tensors

/// Seconds of several runs.
struct Times {
  private(set) var seconds: [Double] = []

  var median: Double {
    let sorted = seconds.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }

  mutating func add(_ value: Double) { seconds.append(value) }

  static func measure<R>(_ body: () throws -> R) rethrows -> (result: R, seconds: Double) {
    let began = DispatchTime.now().uptimeNanoseconds
    let result = try body()
    return (result, Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9)
  }
}

/// Both sides of a case.
struct Comparison {
  let item: Case
  var ours = Times()
  var theirs = Times()
  /// Relative L2 distance of the two results.
  var difference: Double?
  var theirPeak: Double?

  var ratio: Double { theirs.median / ours.median }

  /// Runs both in turn, so that a busy machine slows down either; the first run of each is not counted.
  init(_ item: Case, subject: Subject, reference: Reference?, repeats: Int) throws {
    self.item = item
    let attributor = try Gradient(subject.network, composite: subject.composite(item.composite))
    let input = subject.input(batch: item.batch)
    for round in 0...repeats {
      let (result, seconds) = try Times.measure { try attributor.attribute(input, .logit(.index(Case.target))) }
      let theirs = try reference?.run(item)
      if round == 0 {
        difference = theirs.map { Self.distance(result.relevance, $0.relevance) }
        continue
      }
      ours.add(seconds)
      if let theirs {
        self.theirs.add(theirs.answer.seconds)
        theirPeak = theirs.answer.peak
      }
    }
  }

  private static func distance(_ a: Tensor, _ b: Tensor) -> Double {
    let (a, b) = (a.rowMajorElements(), b.rowMajorElements())
    var (difference, norm) = (0.0, 0.0)
    for (x, y) in zip(a, b) {
      difference += (Double(x) - Double(y)) * (Double(x) - Double(y))
      norm += Double(y) * Double(y)
    }
    return a.count == b.count ? (difference / max(norm, .leastNormalMagnitude)).squareRoot() : .infinity
  }
}

/// What the explorer waits for when something is edited.
struct EditTimes {
  private(set) var rows: [(name: String, seconds: Double)] = []

  init(_ model: String, composite: String, repeats: Int) async throws {
    let subject = try Subject(model)
    guard let base = try subject.composite(composite) else { return }
    let session = AttributionSession(network: subject.network, input: subject.input(batch: 1))
    let first = try await session.attribute(composite: base, output: .logit(.index(0)))
    rows.append(("\(model): first explanation", first.seconds))
    let linear = subject.network.nodes.filter { LayerType.linear.contains($0.layer.kind) }.map(\.path)
    for (place, path) in [
      ("first", linear[0]), ("middle", linear[linear.count / 2]), ("last", linear[linear.count - 1]),
    ] {
      var times = Times()
      for round in 0...repeats {
        let rule = Epsilon(epsilon: Stabilizer(0.01 * Double(round + 1)))
        let edited = MixedComposite(composites: [NameMapComposite(nameMap: [NameMapEntry([path], rule)]), base])
        let result = try await session.attribute(composite: edited, output: .logit(.index(0)))
        if round > 0 { times.add(result.seconds) }
      }
      rows.append(("\(model): rule of the \(place) layer", times.median))
    }
    var times = Times()
    for round in 1...repeats {
      times.add(try await session.attribute(composite: base, output: .logit(.index(round % Case.classes))).seconds)
    }
    rows.append(("\(model): another target", times.median))
  }
}
