import LRP
import ModelFormats
import NeuralNetwork
import Tensors

/// What a manifest says that we cannot make.
struct GoldenError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension ParameterValue {
  /// A parameter as written in a manifest: `0.25`, `{epsilon, clip, norm_scale, dim}`, `[weight]`, `[1, 2]`, `{tensor}`.
  init(_ value: JSONValue, _ tensors: SafetensorsFile?) throws {
    switch value {
    case .number(let number):
      self = .number(number)
    case .list(let list) where !list.isEmpty && list.allSatisfy { $0.text != nil }:
      self = .keys(Set(list.compactMap(\.text).compactMap(ParameterKey.init(rawValue:))))
    case .list:
      self = .bound(.perChannel(value.doubles ?? []))
    case .object(let members):
      if let key = members["tensor"]?.text {
        guard let tensors else { throw GoldenError("no tensors to take \(key) from") }
        self = .bound(.tensor(try tensors.tensor(key)))
      } else {
        self = .stabilizer(
          Stabilizer(
            members["epsilon"]?.double ?? 1e-6, clip: members["clip"]?.boolean ?? false,
            normScale: members["norm_scale"]?.boolean ?? false, dim: members["dim"]?.integers))
      }
    default:
      throw GoldenError("\(value) is no parameter")
    }
  }

  var stabilizer: Stabilizer? {
    switch self {
    case .number(let number): Stabilizer(number)
    case .stabilizer(let stabilizer): stabilizer
    default: nil
    }
  }

  var bound: Bound? {
    switch self {
    case .number(let number): .scalar(number)
    case .bound(let bound): bound
    default: nil
    }
  }
}

enum GoldenBuilding {
  /// A rule by name, `nil` for the plain gradient.
  static func rule(
    _ name: String?, _ parameters: [String: JSONValue], _ tensors: SafetensorsFile? = nil
  ) throws -> (any Rule)? {
    guard let name else { return nil }
    return try RuleCatalog.make(name, parameters.mapValues { try ParameterValue($0, tensors) })
  }

  /// The composite of a case, `nil` for the plain gradient.
  static func composite(_ golden: GoldenModelCase, canonizer: String) throws -> (any Composite)? {
    let canonizers = golden.canonised ? [try CanonizerCatalog.make(canonizer)] : []
    if let map = golden.map {
      let entries = try map.map { entry in
        guard let rule = try rule(entry.rule, entry.parameters) else { throw GoldenError("an entry without rule") }
        return NameMapEntry(entry.names, rule)
      }
      return NameMapComposite(nameMap: entries, canonizers: canonizers)
    }
    guard let name = golden.preset else { return nil }
    var options = PresetOptions()
    options.canonizers = canonizers
    for (key, json) in golden.parameters ?? [:] {
      if key == "residual", json.boolean == false {
        options.layerMap = [LayerMapEntry(.sum, SumSingle())]
        continue
      }
      let value = try ParameterValue(json, nil)
      switch (key, value) {
      case ("epsilon", _): options.epsilon = value.stabilizer ?? options.epsilon
      case ("stabilizer", _): options.stabilizer = value.stabilizer ?? options.stabilizer
      case ("low", _): options.low = value.bound
      case ("high", _): options.high = value.bound
      case ("gamma", .number(let gamma)): options.gamma = gamma
      case ("zero_params", .keys(let keys)): options.zeroParams = keys
      default: throw GoldenError("preset parameter \(key)")
      }
    }
    return try Preset.named(name).composite(options)
  }

  static func outputRelevance(_ golden: GoldenModelCase) throws -> OutputRelevance {
    switch golden.relevance {
    case "logit": .logit(.indices(golden.targets))
    case "one": .one(.indices(golden.targets))
    default: throw GoldenError("relevance \(golden.relevance)")
    }
  }
}
