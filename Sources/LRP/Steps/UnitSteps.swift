import NeuralNetwork
import Tensors

/// The four steps of relevance propagation at one output unit `j` of a layer, with every number in double precision
/// (Montavon et al. 2019, section 10.2): forward `z_j = Σ_i ã_i w̃_ij + b̃_j`, divide `s_j = R_j / stab(z_j)`, backward
/// `c_i = w̃_ij s_j`, multiply `R_i←j = ã_i c_i`.
///
/// A rule is a sum of shares, each of such passes with their own inputs `ã` and weights `w̃`; see ``Share``. Summed
/// over all output units, `R_i←j` is the relevance that the rule hands to input `i`.
public struct UnitSteps: Sendable {
  /// Where an input of the unit is.
  public struct Source: Hashable, Sendable {
    /// Which of the layer's inputs; 0 but for sums.
    public let slot: Int
    /// Row-major number within one sample.
    public let element: Int
  }

  /// One modified pass: what step by step happens to each input, in the order of ``UnitSteps/sources``.
  public struct Pass: Sendable {
    public let term: Term
    /// `ã_i`.
    public let inputs: [Double]
    /// `w̃_ij`.
    public let weights: [Double]
    /// `b̃_j`.
    public let bias: Double

    /// `ã_i w̃_ij`, without the term's sign.
    public func contribution(_ index: Int) -> Double { inputs[index] * weights[index] }
    /// The pass's output, without the term's sign.
    public var output: Double { inputs.indices.reduce(bias) { $0 + contribution($1) } }
  }

  /// Passes that share a denominator.
  public struct Group: Sendable {
    public let coefficient: Double
    public let gate: Gate
    /// Whether the gate lets the unit's relevance through.
    public let isOpen: Bool
    public let passes: [Pass]
    /// `z_j`.
    public let z: Double
    /// `stab(z_j)`.
    public let denominator: Double
    /// `s_j`; 0 where the gate is closed.
    public let s: Double
  }

  /// The layer's name.
  public let layer: String
  /// `nil` for the plain gradient, which has no division: `s_j = R_j`, `R_i←j = w_ij R_j`.
  public let rule: (any Rule)?
  /// Of one sample, without N.
  public let outputExtents: [Int]
  /// Of one sample of each input, without N.
  public let inputExtents: [[Int]]
  /// The unit's place in ``outputExtents``: channel, row, column.
  public let unit: [Int]
  /// The layer's own output there.
  public let activation: Double
  /// `R_j`.
  public let relevance: Double
  /// The inputs that the unit sees.
  public let sources: [Source]
  /// Positions of the receptive field that lie outside the input, where there are zeros.
  public let paddedCount: Int
  /// `a_i`, as the layer sees them.
  public let activations: [Double]
  /// `w_ij`, as they are in the layer.
  public let weights: [Double]
  public let groups: [Group]
  /// `R_i←j`.
  public let handedOn: [Double]

  /// `c_i` of a pass, with the signs of term and group.
  public func backward(_ group: Group, _ pass: Pass, _ index: Int) -> Double {
    group.coefficient * Double(pass.term.sign) * pass.weights[index] * group.s
  }

  /// `Σ_i R_i←j`.
  public var incoming: Double { handedOn.reduce(0, +) }
  /// What falls to the bias; nothing where there is no division, because a gradient never meets it.
  public var bias: Double {
    guard rule != nil else { return 0 }
    return groups.reduce(0) { sum, group in
      sum + group.coefficient * group.s * group.passes.reduce(0) { $0 + Double($1.term.sign) * $1.bias }
    }
  }
  /// What the stabilizer absorbs.
  public var stabilizer: Double {
    rule == nil ? 0 : groups.reduce(0) { $0 + $1.coefficient * $1.s * ($1.denominator - $1.z) }
  }
  /// What none of these explains: relevance of a unit that no gate lets through.
  public var other: Double { relevance - incoming - bias - stabilizer }

  /// The place of an input in its ``inputExtents``: channel, row, column.
  public func place(of source: Source) -> [Int] {
    Self.coordinates(of: source.element, in: inputExtents[source.slot])
  }

  /// Numbers of ``sources`` in descending order of the magnitude of a value each has.
  public func order(by value: (Int) -> Double) -> [Int] {
    let magnitudes = sources.indices.map { abs(value($0)) }
    return sources.indices.sorted { (magnitudes[$0], -$0) > (magnitudes[$1], -$1) }
  }

  static func coordinates(of element: Int, in extents: [Int]) -> [Int] {
    var rest = element
    var result = [Int](repeating: 0, count: extents.count)
    for axis in extents.indices.reversed() {
      result[axis] = rest % extents[axis]
      rest /= extents[axis]
    }
    return result
  }

  /// - Returns: `nil` if the place is outside, or has another number of axes.
  static func element(at place: [Int], in extents: [Int]) -> Int? {
    guard place.count == extents.count, zip(place, extents).allSatisfy({ $0 >= 0 && $0 < $1 }) else { return nil }
    return zip(place, extents).reduce(0) { $0 * $1.1 + $1.0 }
  }
}

/// Which output unit of a layer is looked at.
public enum UnitChoice: Hashable, Sendable {
  /// By magnitude of relevance, the strongest first, from 0.
  case strongest(Int)
  /// By its place in the output of one sample: `[channel]` or `[channel, row, column]`.
  case at([Int])
}
