import LRP

/// What the step view shows: one output unit of a layer, the steps computed so far, and where the reader is.
package struct StepsState: Sendable {
  /// How far the computation has been told, from the layer's numbers to the relevance of its inputs.
  package enum Stage: Int, Hashable, Sendable, CaseIterable {
    case given, forward, divide, backward, multiply
  }

  /// In which order the inputs are listed.
  package enum Order: Hashable, Sendable, CaseIterable {
    case contribution, relevance, place

    package var title: String {
      switch self {
      case .contribution: "contribution"
      case .relevance: "relevance"
      case .place: "place"
      }
    }
    var next: Order { self == .contribution ? .relevance : self == .relevance ? .place : .contribution }
  }

  package var node: Int
  /// The number of the newest request, and whether its answer is still to come.
  package var request: Int
  package var isWaiting = true
  /// What was found last; that of another unit while ``isWaiting``.
  package internal(set) var steps: UnitSteps?
  /// Why there are none.
  package internal(set) var problem: String?
  package var stage = Stage.given
  package private(set) var order = Order.contribution
  /// Numbers of the inputs in the order listed.
  package private(set) var listed: [Int] = []
  /// The rank of the unit by relevance, `nil` where it was chosen by its place.
  package var rank: Int? = 0

  init(node: Int, request: Int) {
    self.node = node
    self.request = request
  }

  mutating func take(_ steps: UnitSteps) {
    self.steps = steps
    problem = nil
    isWaiting = false
    sort()
  }

  mutating func nextOrder() {
    order = order.next
    sort()
  }

  private mutating func sort() {
    guard let steps else { return }
    switch order {
    case .contribution: listed = steps.order { steps.contribution($0) }
    case .relevance: listed = steps.order { steps.handedOn[$0] }
    case .place: listed = Array(steps.sources.indices)
    }
  }

  mutating func step(by count: Int) {
    stage = Stage(rawValue: min(max(0, stage.rawValue + count), Stage.allCases.count - 1)) ?? stage
  }
}

extension UnitSteps {
  /// Groups that hand relevance on; all of them where none does.
  package var shownGroups: [Group] {
    let open = groups.filter(\.isOpen)
    return open.isEmpty ? groups : open
  }

  /// What an input adds to the denominators: `Σ ± ã w̃` over the groups that are shown, largest by magnitude.
  package func contribution(_ index: Int) -> Double {
    shownGroups.map { contribution(index, in: $0) }.max { abs($0) < abs($1) } ?? 0
  }

  package func contribution(_ index: Int, in group: Group) -> Double {
    group.passes.reduce(0) { $0 + Double($1.term.sign) * $1.contribution(index) }
  }

  /// The passes of a group in which an input takes part: those whose modification leaves something of it.
  package func activePasses(_ index: Int, of group: Group) -> [Pass] {
    let active = group.passes.filter { $0.inputs[index] != 0 && $0.weights[index] != 0 }
    return active.isEmpty ? Array(group.passes.prefix(1)) : active
  }
}

extension ExplorerState {
  /// Why there are no steps to show, or `nil`.
  var objectionToSteps: String? {
    guard model != nil else { return "no model is open" }
    guard selectedRow != nil else { return "no layer is selected" }
    return nearestRowWithSteps == nil ? "there is no convolution or linear layer here" : nil
  }

  /// The selected layer; where it has no weights, the next that has.
  private var nearestRowWithSteps: LayerRow? {
    guard let selected = selectedRow?.index, let model else { return nil }
    let rows = model.rows.filter(StepsState.hasSteps)
    return rows.first { $0.index >= selected } ?? rows.last
  }

  mutating func openSteps() -> [ExplorerCommand] {
    guard let row = nearestRowWithSteps else { return [] }
    layers.select(node: row.index, height: layout.layerRows)
    popup = StepsPane()
    return showSteps(node: row.index, unit: .strongest(0), rank: 0)
  }

  /// Asks for the steps of a unit. What is on the screen stays there until the answer comes.
  mutating func showSteps(node: Int, unit: UnitChoice, rank: Int? = nil) -> [ExplorerCommand] {
    let request = nextRequest()
    if steps == nil { steps = StepsState(node: node, request: request) }
    guard var changed = steps else { return [] }
    if changed.node != node {
      changed.steps = nil
      changed.node = node
    }
    changed.request = request
    changed.isWaiting = true
    changed.rank = rank
    steps = changed
    guard let explanation = attributionRequest(id: request) else { return [] }
    return [.computeSteps(StepsRequest(id: request, explanation: explanation, node: node, unit: unit))]
  }

  /// The numbers belong to the model and input they were found with.
  mutating func endSteps() {
    guard steps != nil else { return }
    steps = nil
    if popup is StepsPane { popup = nil }
  }

  mutating func receiveSteps(_ request: Int, _ found: UnitSteps) {
    guard steps?.request == request else { return }
    steps?.take(found)
  }

  mutating func receiveSteps(_ request: Int, problem: String) {
    guard steps?.request == request else { return }
    steps?.isWaiting = false
    steps?.problem = problem
  }
}

extension StepsState {
  static func hasSteps(_ row: LayerRow) -> Bool { row.index > 0 && row.traits.isWeightedSum }
}
