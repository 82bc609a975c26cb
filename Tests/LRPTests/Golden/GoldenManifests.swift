import Foundation
import Testing

/// A tensor that the reference computed in float64, and how far its own float32 run was from it.
struct GoldenResult: Decodable, Sendable {
  let key: String
  let error: Double
  /// Whether only a sample of the elements is stored; then the three figures below are of the whole tensor.
  var sampled: Bool?
  var sum: Double?
  /// Sum of magnitudes.
  var absolute: Double?
  var norm: Double?
  /// Errors of further float32 runs of the reference, by how they differ from the first: on inputs that are moved by one
  /// float32, or with another order of addition. Where a denominator lies at zero or an activation at its kink, a single
  /// run says little about what float32 does to the case.
  var draws: [String: [Double]]?

  /// The largest relative L2 error that is good enough: 1e-4, or three times the reference's own in float32.
  var bound: Double { max(1e-4, 3 * (draws ?? [:]).values.joined().reduce(error, max)) }
  /// The same, from a single run.
  var singleBound: Double { max(1e-4, 3 * error) }
}

/// `golden/rules.json`: every rule on every layer kind.
struct GoldenRules: Decodable, Sendable {
  let layers: [GoldenLayer]
}

struct GoldenLayer: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let kind: String
  let options: [String: JSONValue]
  let shape: [Int]
  /// Parameter name to tensor key.
  let parameters: [String: String]
  /// `mixed`, and perhaps `rectified`, to tensor key.
  let inputs: [String: String]
  let output: String
  let relevance: String
  let cases: [GoldenRuleCase]

  var testDescription: String { name }
}

struct GoldenRuleCase: Decodable, Sendable, CustomStringConvertible {
  /// `nil` is the plain gradient.
  let rule: String?
  let parameters: [String: JSONValue]
  let input: String
  let result: GoldenResult

  var description: String { "\(rule ?? "gradient") \(JSONValue.object(parameters)) on \(input) input" }
}

/// `golden/models_*.json`, `zoo_*.json`, `residual_*.json` and `maps_*.json`: whole networks.
struct GoldenModel: Decodable, Sendable {
  struct Parameters: Decodable, Sendable {
    /// Parameters are drawn from the counter.
    var seed: UInt64?
    /// Or the network is one of those that come with the program.
    var embedded: String?
  }
  let group: String
  let model: String
  let shape: [Int]
  let parameters: Parameters
  let canonizer: String
  /// Tensor key of the input.
  let input: String
  /// Tensor key of the network's output.
  var output: String?
  let cases: [GoldenModelCase]
}

struct GoldenModelCase: Decodable, Sendable {
  struct Entry: Decodable, Sendable {
    let names: [String]
    let rule: String
    let parameters: [String: JSONValue]
  }
  let name: String
  /// Either a preset with its parameters, or a map, or neither: the plain gradient.
  var preset: String?
  var parameters: [String: JSONValue]?
  var map: [Entry]?
  let canonised: Bool
  /// `logit` or `one`.
  let relevance: String
  let targets: [Int]
  /// Node name to what arrives at its output.
  let results: [String: GoldenResult]
}

/// One case of one group, as an argument of a test.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  let folder: URL
  let group: String
  let index: Int
  let name: String

  var testDescription: String { "\(group)/\(name)" }
}
