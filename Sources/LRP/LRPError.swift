/// What can be wrong with a rule, a composite or an attribution.
public enum LRPError: Error, CustomStringConvertible, Sendable {
  case unknownRule(name: String, nearest: String?)
  case unknownComposite(name: String, nearest: String?)
  case unknownCanonizer(name: String, nearest: String?)
  case unknownType(name: String, nearest: String?)
  case unknownParameter(rule: String, name: String, known: [String])
  case parameter(rule: String, name: String, problem: String)
  case missingParameter(rule: String, name: String)
  case rule(layer: String, rule: String, problem: String)
  case noRulePossible(layer: String, problem: String)
  case canonizer(name: String, problem: String)
  case target(String)
  case attributor(String)
  case metric(String)

  public var description: String {
    func suggestion(_ nearest: String?) -> String { nearest.map { "; did you mean '\($0)'?" } ?? "" }
    switch self {
    case .unknownRule(let name, let nearest):
      return "no rule '\(name)'" + suggestion(nearest) + " ('lrp rules' lists them)"
    case .unknownComposite(let name, let nearest):
      let known = Preset.all.map(\.name).joined(separator: ", ")
      return "no composite '\(name)'" + suggestion(nearest) + " (known: \(known), or the path of a file)"
    case .unknownCanonizer(let name, let nearest):
      let known = CanonizerCatalog.all.map(\.name) + [CanonizerCatalog.automatic]
      return "no canonizer '\(name)'" + suggestion(nearest) + " (known: \(known.joined(separator: ", ")))"
    case .unknownType(let name, let nearest):
      return "no layer type '\(name)'" + suggestion(nearest)
    case .unknownParameter(let rule, let name, let known):
      return "\(rule) has no parameter '\(name)'; it has " + (known.isEmpty ? "none" : known.joined(separator: ", "))
    case .parameter(let rule, let name, let problem):
      return "\(rule): \(name): \(problem)"
    case .missingParameter(let rule, let name):
      return "\(rule) needs the parameter '\(name)'"
    case .rule(let layer, let rule, let problem):
      return "layer \(layer), rule \(rule): \(problem)"
    case .noRulePossible(let layer, let problem):
      return "layer \(layer): \(problem)"
    case .canonizer(let name, let problem):
      return "canonizer \(name): \(problem)"
    case .target(let problem):
      return "target: \(problem)"
    case .attributor(let problem):
      return "attributor: \(problem)"
    case .metric(let problem):
      return "metric: \(problem)"
    }
  }
}
