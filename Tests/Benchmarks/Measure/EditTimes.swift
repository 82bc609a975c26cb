import LRP
import NeuralNetwork

/// What the explorer waits for when something is edited. The reference has to explain anew, whatever the edit.
struct EditTimes {
  private(set) var rows: [ResultRow] = []

  private static let composite = "epsilon_gamma_box"

  /// - Parameter goals: by the name of the edit.
  init(_ model: String, subject: Subject, reference: Reference?, patience: Patience, goals: [String: Goal]) throws {
    let item = Case(model: model, composite: Self.composite)
    guard let base = try subject.composite(item.composite) else { return }
    let session = AttributionSession(network: subject.network, input: try subject.input(item))
    func explain(_ composite: any Composite, target: Int = Case.target) throws -> Double {
      try waiting { try await session.attribute(composite: composite, output: .logit(.index(target))).seconds } ?? 0
    }
    let first = try explain(base)
    var theirs = Times()
    _ = try reference?.run(item)
    let linear = subject.network.nodes.filter { LayerType.linear.contains($0.layer.kind) }.map(\.path)
    let places = [("first", linear[0]), ("middle", linear[linear.count / 2]), ("last", linear[linear.count - 1])]
    var times: [String: Times] = [:]
    var round = 0
    /// The composite with another rule at one layer.
    func edited(_ path: String, _ rule: any Rule) -> any Composite {
      MixedComposite(composites: [NameMapComposite(nameMap: [NameMapEntry([path], rule)]), base])
    }
    func measure(_ name: String, _ composite: any Composite, target: Int = Case.target) throws {
      times[name, default: Times()].add(try explain(composite, target: target))
    }
    while !patience.isOver(after: round) {
      round += 1
      for (place, path) in places {
        // Each time another rule, so that nothing is known yet, and back again.
        try measure(
          "rule of the \(place) layer", edited(path, Epsilon(epsilon: Stabilizer(0.01 * Double(round)))))
        _ = try explain(base)
      }
      try measure(
        "gamma of the middle layer", edited(linear[linear.count / 2], try Gamma(gamma: 0.1 * Double(round))))
      _ = try explain(base)
      try measure("another target", base, target: round % 2 == 0 ? 1 : 2)
      _ = try explain(base)
      if let answer = try reference?.run(item)?.answer { theirs.add(answer.seconds) }
    }
    let names = places.map { "rule of the \($0.0) layer" } + ["gamma of the middle layer", "another target"]
    rows = [row("\(model): first explanation", first, nil, goal: nil, runs: 1)]
    for name in names {
      guard let own = times[name], let median = own.median else { continue }
      rows.append(row("\(model): \(name)", median, theirs.median, goal: goals[name], runs: own.count))
    }
  }

  private func row(_ title: String, _ ours: Double, _ theirs: Double?, goal: Goal?, runs: Int) -> ResultRow {
    ResultRow(
      section: "edits", title: title, ours: ours, theirs: theirs, unit: .seconds, goal: goal, difference: nil,
      runs: runs)
  }

  /// For VGG16.
  static let goals: [String: Goal] = [
    "rule of the first layer": .times(50), "rule of the middle layer": .times(8), "rule of the last layer": .times(8),
    "gamma of the middle layer": .times(8), "another target": .times(4),
  ]
}
