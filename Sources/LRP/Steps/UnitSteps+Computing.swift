import NeuralNetwork
import Tensors

extension UnitSteps {
  /// Computes the steps of one output unit from a layer's activations.
  ///
  /// - Parameters:
  ///   - choice: which unit of the first sample.
  ///   - relevance: what arrives at the layer's output, `(N, …)`.
  ///   - rule: `nil` for the plain gradient.
  /// - Throws: ``LRPError/rule(layer:rule:problem:)`` where layer or rule has no such steps, or there is no such unit.
  public init(
    of choice: UnitChoice, relevance: Tensor, rule: (any Rule)?, in context: RuleContext
  ) throws {
    let outputExtents = Array(context.output.shape.dimensions.dropFirst())
    func problem(_ text: String) -> LRPError {
      .rule(layer: context.node.name, rule: rule?.name ?? "gradient", problem: text)
    }
    guard let element = Self.element(of: choice, relevance: relevance, extents: outputExtents) else {
      throw problem("there is no output unit \(choice); the output has the extents \(outputExtents)")
    }
    let unit = Self.coordinates(of: element, in: outputExtents)
    guard rule == nil || rule is any ShareRule else {
      throw problem("\(rule?.name ?? "") is not made of the four steps; Epsilon, Gamma, ZPlus and the like are")
    }
    let plan = (rule as? any ShareRule).map { context.plan(of: $0) }
    // A gradient is a share without a division.
    let gradient = Plan.Step(
      coefficient: 1, gate: .open, terms: [Term(.identity, .untouched)], passes: [], denominator: .output,
      fusion: .none, weights: nil)
    guard let connections = try Connections(of: unit, element: element, in: context) else {
      throw problem(
        "\(context.layer.kind.rawValue) has no weights; choose a convolution, a linear layer, a sum or an average pool")
    }
    layer = context.node.name
    self.rule = rule
    self.outputExtents = outputExtents
    inputExtents = context.inputs.map { Array($0.shape.dimensions.dropFirst()) }
    self.unit = unit
    activation = Double(context.output.element(element))
    let arriving = Double(relevance.element(element))
    self.relevance = arriving
    sources = connections.sources
    paddedCount = connections.paddedCount
    activations = connections.activations
    weights = connections.weights(.untouched)
    let stabilizer = (rule as? any ShareRule)?.stabilizer
    var computed: [Group] = []
    for step in plan?.steps ?? [gradient] {
      let passes = try step.terms.map { term in
        Pass(
          term: term, inputs: try connections.inputs(term.input, in: context),
          weights: connections.weights(term.parameters), bias: connections.bias(term.parameters))
      }
      let z = passes.reduce(0) { $0 + Double($1.term.sign) * $1.output }
      let isOpen = step.gate.isOpen(at: activation)
      let denominator =
        try stabilizer?.denominator(z, element: element) {
          try Self.fullDenominator(step, of: plan, in: context)
        } ?? 1
      computed.append(
        Group(
          coefficient: step.coefficient, gate: step.gate, isOpen: isOpen, passes: passes, z: z,
          denominator: denominator, s: isOpen ? arriving / denominator : 0))
    }
    self.groups = computed
    handedOn = connections.sources.indices.map { index in
      computed.reduce(0) { sum, group in
        guard group.s != 0 else { return sum }
        return group.passes.reduce(sum) { sum, pass in
          let factor = stabilizer == nil ? 1 : pass.inputs[index]
          return sum + group.coefficient * Double(pass.term.sign) * factor * pass.weights[index] * group.s
        }
      }
    }
  }

  /// `z` of all units, for stabilizers that look at more than one.
  private static func fullDenominator(
    _ step: Plan.Step, of plan: Plan?, in context: RuleContext
  ) throws -> Tensor {
    guard let plan else { return context.output }
    var denominators = Denominators(of: plan, in: context)
    return try denominators.denominator(of: step) { try context.passes(of: step).sum(like: context.output) }
  }

  private static func element(of choice: UnitChoice, relevance: Tensor, extents: [Int]) -> Int? {
    switch choice {
    case .at(let place): return element(at: place, in: extents)
    case .strongest(let rank):
      let size = extents.reduce(1, *)
      guard size > 0 else { return nil }
      return relevance.sample(0).strongestElements(min(max(0, rank), size - 1, 999) + 1).last
    }
  }
}

/// The weights of one output unit, in double, under any modification.
private struct Connections {
  let sources: [UnitSteps.Source]
  let paddedCount: Int
  let activations: [Double]
  private let original: [Double]
  /// `nil` where there are no parameters, and so nothing that a rule could modify.
  private let originalBias: Double?

  /// - Returns: `nil` if the layer's output is not a weighted sum of its inputs.
  init?(of unit: [Int], element: Int, in context: RuleContext) throws {
    let extents = context.inputs.first.map { Array($0.shape.dimensions.dropFirst()) } ?? []
    switch context.layer {
    case let layer as FullyConnected:
      self.init(ReceptiveField(of: layer, unit: unit, input: extents), layer, context)
    case let layer as Convolution:
      self.init(ReceptiveField(of: layer, unit: unit, input: extents), layer, context)
    default:
      guard context.layer.traits.isWeightedSum else {
        return nil
      }
      // No parameters: the weights are a row of the Jacobian.
      let size = context.output.shape.sampleCount
      var seed = [Float](repeating: 0, count: size)
      seed[element] = 1
      let rows = try context.layer.vjp(
        Tensor(context.output.shape.withBatch(1), rowMajor: seed), inputs: context.inputs.map { $0.sample(0) },
        output: context.output.sample(0)
      ).map { $0.rowMajorElements() }
      let inputs = context.inputs.map { $0.sample(0).rowMajorElements() }
      let sources = rows.enumerated().flatMap { slot, row in
        row.indices.filter { row[$0] != 0 }.map { UnitSteps.Source(slot: slot, element: $0) }
      }
      self.init(
        sources: sources, paddedCount: 0, activations: sources.map { Double(inputs[$0.slot][$0.element]) },
        original: sources.map { Double(rows[$0.slot][$0.element]) }, originalBias: nil)
    }
  }

  private init(_ field: ReceptiveField, _ layer: any ParameterizedLayer, _ context: RuleContext) {
    let input = context.inputs.first?.sample(0).rowMajorElements() ?? []
    let weight = layer.weight.rowMajorElements()
    self.init(
      sources: field.sources, paddedCount: field.paddedCount,
      activations: field.sources.map { Double(input[$0.element]) },
      original: field.weights.map { Double(weight[$0]) },
      originalBias: layer.bias.map { Double($0.rowMajorElements()[field.output]) } ?? 0)
  }

  private init(
    sources: [UnitSteps.Source], paddedCount: Int, activations: [Double], original: [Double], originalBias: Double?
  ) {
    self.sources = sources
    self.paddedCount = paddedCount
    self.activations = activations
    self.original = original
    self.originalBias = originalBias
  }

  func weights(_ modifier: ParameterModifier) -> [Double] {
    originalBias == nil ? original : original.map { modifier.apply(to: $0, as: .weight) }
  }
  func bias(_ modifier: ParameterModifier) -> Double {
    originalBias.map { $0 == 0 ? 0 : modifier.apply(to: $0, as: .bias) } ?? 0
  }

  func inputs(_ modifier: InputModifier, in context: RuleContext) throws -> [Double] {
    switch modifier {
    case .identity: return activations
    case .positive: return activations.map { max($0, 0) }
    case .negative: return activations.map { min($0, 0) }
    case .ones: return activations.map { _ in 1 }
    case .bound(let bound):
      let expanded = try context.inputs.map {
        try bound.expanded(to: $0.shape.withBatch(1), layer: context.node.name).rowMajorElements()
      }
      return sources.map { Double(expanded[$0.slot][$0.element]) }
    }
  }
}

extension Gate {
  fileprivate func isOpen(at output: Double) -> Bool {
    switch self {
    case .open: true
    case .positive: output > 0
    case .negative: output < 0
    }
  }
}

extension Stabilizer {
  /// `stab(z)` of one element.
  /// - Parameter full: `z` of all elements, for variants that look at them.
  fileprivate func denominator(_ z: Double, element: Int, of full: () throws -> Tensor) throws -> Double {
    if function != nil { return Double(try self(full()).element(element)) }
    let epsilon =
      switch normScale ? try scale(for: full()) : .uniform(Float(epsilon)) {
      case .uniform: self.epsilon
      case .elementwise(let scale): Double(scale.element(element))
      }
    if clip { return (z < 0 ? -1 : 1) * Swift.max(Swift.abs(z), epsilon) }
    return z + (z < 0 ? -epsilon : epsilon)
  }
}

extension Tensor {
  /// The element of a row-major number within the first sample.
  fileprivate func element(_ number: Int) -> Float {
    let (channels, positions) = (shape.channels, shape.spatialCount)
    let stored = layout == .channelsLast && shape.rank > 2 ? number % positions * channels + number / positions : number
    return withUnsafeBufferPointer { $0[stored] }
  }

  /// Row-major numbers of the elements that are largest in magnitude, the largest first.
  fileprivate func strongestElements(_ count: Int) -> [Int] {
    var best: [(magnitude: Float, element: Int)] = []
    for (element, value) in rowMajorElements().enumerated() {
      let magnitude = abs(value)
      if best.count == count, let last = best.last, !(magnitude > last.magnitude) { continue }
      let place = best.firstIndex { magnitude > $0.magnitude } ?? best.count
      best.insert((magnitude, element), at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map(\.element)
  }
}
