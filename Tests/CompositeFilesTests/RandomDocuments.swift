import CompositeFiles
import LRP
import NeuralNetwork
import Tensors

/// Documents with every rule, odd numbers and odd names.
struct RandomDocuments {
  var generator: SplitMix64

  mutating func document(names: [String]? = nil) throws -> CompositeDocument {
    var document = CompositeDocument()
    if Bool.random(using: &generator) { document.model = name() }
    if Bool.random(using: &generator) { document.canonizers = canonizers() }
    var free = (names ?? (0..<12).map { "\(name())\($0)" }).shuffled(using: &generator)
    for _ in 0..<Int.random(in: 0..<5, using: &generator) {
      let count = min(free.count, Int.random(in: 1..<4, using: &generator))
      guard count > 0 else { break }
      document.nameMap.append(NameMapEntry(Array(free.prefix(count)), try rule()))
      free.removeFirst(count)
    }
    for _ in 0..<Int.random(in: 0..<3, using: &generator) { document.firstMap.append(try layerEntry()) }
    for _ in 0..<Int.random(in: 0..<4, using: &generator) { document.layerMap.append(try layerEntry()) }
    return document
  }

  mutating func rule() throws -> any Rule {
    let description = RuleCatalog.descriptions.randomElement(using: &generator) ?? RuleCatalog.descriptions[0]
    if description.name == "AlphaBeta" {
      let beta = number(0...8)
      return try AlphaBeta(alpha: beta + 1, beta: beta, stabilizer: stabilizer(), zeroParams: keys())
    }
    var values: [String: ParameterValue] = [:]
    for parameter in description.parameters where parameter.defaultValue == nil || Bool.random(using: &generator) {
      switch parameter.kind {
      case .count: values[parameter.name] = .number(number(0...100).rounded())
      case .number: values[parameter.name] = .number(number(0...100))
      case .stabilizer: values[parameter.name] = .stabilizer(stabilizer())
      case .bound: values[parameter.name] = .bound(bound(atLeast: values["low"]))
      case .keys: values[parameter.name] = .keys(keys())
      }
    }
    return try RuleCatalog.make(description.name, values)
  }

  private mutating func layerEntry() throws -> LayerMapEntry {
    let types = LayerType.all.filter(\.takesRules)
    return LayerMapEntry(Array(types.shuffled(using: &generator).prefix(2)), try rule())
  }

  private mutating func canonizers() -> [any Canonizer] {
    let named = NamedMergeBatchNorm(nameMap: [.init(linear: [name(), name()], batchNorm: name())])
    return ([named] + CanonizerCatalog.all).filter { _ in Bool.random(using: &generator) }
  }

  private mutating func name() -> String {
    let pieces = [
      "features", "layer1", "0", "conv", ".", "-", "_", " ", "\"", "'", "#", ": ", "é", "*", "&x", "\\", "\n", "{", "!",
      "true", "~", "1e5", "\u{2028}", "猫", "\u{7}", "\u{85}",
    ]
    return (0..<Int.random(in: 1..<5, using: &generator))
      .map { _ in pieces.randomElement(using: &generator) ?? "x" }.joined().replacing("..", with: ".")
      .replacing("*", with: generator.next() % 64 == 0 ? "x" : "+")
  }

  private mutating func keys() -> Set<ParameterKey> {
    Set(ParameterKey.allCases.filter { _ in generator.next() % 4 == 0 })
  }

  private mutating func number(_ range: ClosedRange<Double>) -> Double {
    switch generator.next() % 6 {
    case 0: return Double(Int.random(in: Int(range.lowerBound)...Int(range.upperBound), using: &generator))
    case 1: return max(range.lowerBound, range.upperBound * 1e-300 * Double.random(in: 0...1, using: &generator))
    case 2:
      return [0.25, 1e-6, 0.1, Double.leastNonzeroMagnitude, range.upperBound].randomElement(using: &generator) ?? 0
    default: return Double.random(in: range, using: &generator)
    }
  }

  private mutating func stabilizer() -> Stabilizer {
    var result = Stabilizer(number(0...1), clip: generator.next() % 4 == 0, normScale: generator.next() % 3 == 0)
    if result.normScale, Bool.random(using: &generator) {
      result.dim = (0...Int.random(in: 0..<3, using: &generator)).map { _ in Int.random(in: -4..<5, using: &generator) }
    }
    return result
  }

  /// - Parameter low: the lower bound, where there is one already: the upper one is of its kind and never below it.
  private mutating func bound(atLeast low: ParameterValue?) -> Bound {
    if case .bound(let low) = low {
      switch low {
      case .scalar(let value): return .scalar(max(value, number(-1e18...1e18)))
      case .perChannel(let values): return .perChannel(values.map { max($0, number(-3...3)) })
      case .tensor(let tensor): return .tensor(tensor.map { max($0, 0) })
      }
    }
    switch generator.next() % 3 {
    case 0: return .scalar(generator.next() % 5 == 0 ? -0.0 : number(-1e18...1e18))
    case 1: return .perChannel((0..<3).map { _ in number(-3...3) })
    default:
      let elements = (0..<12).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())) }
      return .tensor(Tensor([3, 2, 2], rowMajor: elements.map { $0.isFinite ? $0 : 1 }))
    }
  }
}
