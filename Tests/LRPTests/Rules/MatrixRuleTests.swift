import Compute
import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

/// Each rule once more in its plainest form: the layer as a matrix, in double, straight from the papers' formulas.
struct MatrixRuleTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    let layer: any ParameterizedLayer
    let shape: Shape
    var testDescription: String { "\(layer.summary), \(layer.bias == nil ? "no bias" : "bias")" }
  }

  /// Linear, and convolutions over one to three axes in either direction, with and without bias.
  static let settings: [Setting] = {
    var made: [Setting] = []
    do {
      for biased in [true, false] {
        made.append(Setting(layer: try TestNetworks.fullyConnected(16, 15, seed: 3, biased: biased), shape: [4, 16]))
        for rank in 1...3 {
          for transposed in [false, true] {
            for (inputs, outputs, kernel) in [(1, 1, 2), (1, 3, 3), (3, 1, 3), (3, 3, 2)] {
              let extents = [Int](repeating: kernel, count: rank)
              let channels = transposed ? [inputs, outputs] : [outputs, inputs]
              let layer = try Convolution(
                geometry: ConvolutionGeometry(rank: rank, isTransposed: transposed),
                weight: .random(Shape(channels + extents), seed: UInt64(made.count), layout: .rowMajor),
                bias: biased ? .random([outputs], seed: 99) : nil)
              made.append(Setting(layer: layer, shape: Shape([4, inputs] + extents.map { _ in 4 })))
            }
          }
        }
      }
      for biased in [true, false] {
        // Steps, padding, dilation, groups, a kernel for each channel; enough channels that little cancels.
        for (stride, padding, dilation, groups) in [(2, 1, 1, 1), (1, 2, 2, 1), (3, 0, 1, 4), (1, 1, 1, 16)] {
          let layer = try Convolution(
            geometry: ConvolutionGeometry(
              rank: 2, stride: stride, dilation: dilation, padding: padding, groups: groups),
            weight: .random([32, 16 / groups, 3, 3], seed: UInt64(made.count), layout: .rowMajor),
            bias: biased ? .random([32], seed: 98) : nil)
          made.append(Setting(layer: layer, shape: [2, 16, 6, 5]))
        }
      }
    } catch {
      return []
    }
    return made
  }()

  typealias Row = [Double]

  /// `weight[output][input]` and `bias[output]` of the layer as a matrix.
  struct Matrix {
    let weight: [Row]
    let bias: Row

    init(_ setting: Setting) throws {
      let size = setting.shape.sampleCount
      let probes = Tensor(
        setting.shape.withBatch(size), rowMajor: (0..<size * size).map { $0 / size == $0 % size ? 1 : 0 })
      let plain = setting.layer.replacing(weight: setting.layer.weight, bias: nil)
      let columns = try plain.forward([probes])
      let count = columns.shape.sampleCount
      let elements = columns.rowMajorElements()
      weight = (0..<count).map { output in (0..<size).map { Double(elements[$0 * count + output]) } }
      let zero = try setting.layer.forward([.zeros(setting.shape.withBatch(1))])
      bias = zero.rowMajorElements().map { Double($0) }
    }

    init(_ weight: [Row], _ bias: Row) { (self.weight, self.bias) = (weight, bias) }

    /// Both, changed in the same way; `bias: false` leaves none.
    func map(bias keepsBias: Bool = true, _ change: (Double) -> Double) -> Matrix {
      Matrix(weight.map { $0.map(change) }, bias.map { keepsBias ? change($0) : 0 })
    }

    func forward(_ x: Row) -> Row {
      zip(weight, bias).map { row, bias in zip(row, x).reduce(bias) { $0 + $1.0 * $1.1 } }
    }

    /// `x · wᵀ s`
    func shares(_ x: Row, _ seed: Row) -> Row {
      x.indices.map { i in x[i] * weight.indices.reduce(0) { $0 + weight[$1][i] * seed[$1] } }
    }
  }

  private static func quotient(_ relevance: Row, _ z: Row, _ epsilon: Double = 1e-6) -> Row {
    zip(relevance, z).map { $0 / ($1 + ($1 < 0 ? -epsilon : epsilon)) }
  }

  private static func sum(_ rows: [Row]) -> Row { rows[0].indices.map { i in rows.reduce(0) { $0 + $1[i] } } }

  /// The relevance of one sample.
  static func expected(_ rule: any Rule, _ matrix: Matrix, _ x: Row, _ relevance: Row) -> Row? {
    let (up, down) = (x.map { max($0, 0) }, x.map { min($0, 0) })
    let keeps: Bool
    /// The two passes that share a denominator: positive inputs with the bias, negative ones without.
    func pair(_ first: Matrix, _ second: Matrix, where counts: (Int) -> Bool = { _ in true }) -> Row {
      let z = sum([first.forward(up), second.map(bias: false) { $0 }.forward(down)])
      let seed = quotient(relevance, z).enumerated().map { counts($0) ? $1 : 0 }
      return sum([first.shares(up, seed), second.shares(down, seed)])
    }
    switch rule {
    case let rule as Epsilon:
      keeps = !rule.zeroParams.contains(.bias)
      let z = matrix.map(bias: keeps) { $0 }.forward(x)
      return matrix.shares(x, quotient(relevance, z, rule.stabilizer.epsilon))
    case is Norm:
      return matrix.shares(x, quotient(relevance, matrix.forward(x)))
    case let rule as ZPlus:
      keeps = !rule.zeroParams.contains(.bias)
      return pair(matrix.map(bias: keeps) { max($0, 0) }, matrix.map(bias: keeps) { min($0, 0) })
    case let rule as AlphaBeta:
      keeps = !rule.zeroParams.contains(.bias)
      let (positive, negative) = (matrix.map(bias: keeps) { max($0, 0) }, matrix.map(bias: keeps) { min($0, 0) })
      return zip(pair(positive, negative), pair(negative, positive)).map { rule.alpha * $0 - rule.beta * $1 }
    case let rule as Gamma:
      keeps = !rule.zeroParams.contains(.bias)
      let z = matrix.forward(x)
      let more = matrix.map(bias: keeps) { $0 + rule.gamma * max($0, 0) }
      let less = matrix.map(bias: keeps) { $0 + rule.gamma * min($0, 0) }
      return sum([pair(more, less) { z[$0] > 0 }, pair(less, more) { z[$0] < 0 }])
    case let rule as ZBox:
      guard case .scalar(let low) = rule.low, case .scalar(let high) = rule.high else { return nil }
      // The three biases cancel.
      let (positive, negative) = (matrix.map { max($0, 0) }, matrix.map { min($0, 0) })
      let (lows, highs) = (x.map { _ in low }, x.map { _ in high })
      let z = sum([
        matrix.forward(x), positive.forward(lows).map { -$0 }, negative.forward(highs).map { -$0 },
      ])
      let seed = quotient(relevance, z)
      return sum([
        matrix.shares(x, seed), positive.shares(lows, seed).map { -$0 }, negative.shares(highs, seed).map { -$0 },
      ])
    case let rule as WSquare:
      let squares = matrix.map(bias: !rule.zeroParams.contains(.bias)) { $0 * $0 }
      let ones = x.map { _ in 1.0 }
      return squares.shares(ones, quotient(relevance, squares.forward(ones)))
    default: return nil
    }
  }

  static let rules: [any Rule] = {
    let bias: Set<ParameterKey> = [.bias]
    var rules: [any Rule] = [
      Epsilon(epsilon: 1e-6), Epsilon(epsilon: 1e-6, zeroParams: bias), Epsilon(epsilon: 1),
      Epsilon(epsilon: 1, zeroParams: bias), Norm(), ZPlus(), ZPlus(zeroParams: bias), ZBox(low: -3, high: 3),
      ZBox(low: -3, high: 3, zeroParams: bias), WSquare(), WSquare(zeroParams: bias),
    ]
    for gamma in [0.25, 0.5] {
      for keys in [[], bias] {
        if let rule = try? Gamma(gamma: gamma, zeroParams: keys) { rules.append(rule) }
      }
    }
    for (alpha, beta) in [(2.0, 1.0), (1, 0)] {
      for keys in [[], bias] {
        if let rule = try? AlphaBeta(alpha: alpha, beta: beta, zeroParams: keys) { rules.append(rule) }
      }
    }
    return rules
  }()

  private static func relevance(_ layer: any Layer, _ rule: any Rule, _ input: Tensor, _ output: Tensor) throws
    -> Tensor
  {
    let composite = NameMapComposite(nameMap: [NameMapEntry(["layer"], rule)])
    return try Gradient(TestNetworks.single(layer), composite: composite).attribute(input, .tensor(output)).relevance
  }

  static func rows(_ tensor: Tensor) -> [Row] {
    (0..<tensor.shape.batch).map { tensor.sample($0).rowMajorElements().map { Double($0) } }
  }

  private static func check(_ found: Row, _ expected: Row, _ x: Row, _ label: String) {
    let scale = expected.reduce(1e-3) { max($0, abs($1)) }
    for (found, expected) in zip(found, expected) { #expect(abs(found - expected) < 1e-4 * scale, "\(label)") }
  }

  @Test("rules for linear layers equal their formulas in matrices", arguments: settings)
  func linear(setting: Setting) throws {
    #expect(Self.rules.count == 19 && Self.settings.count == 58)
    let matrix = try Matrix(setting)
    let mixed = Tensor.random(setting.shape, seed: 5, scale: 2)
    for input in [mixed.map { abs($0) }, mixed] {
      let output = try setting.layer.forward([input])
      // What all contributions leave, or would without the bias, may be next to nothing; these inputs were drawn so that
      // it is not.
      let isDrawn = input.sharesMemory(with: mixed) && setting.layer.weight.shape[0] < 32
      for rule in Self.rules
      where isDrawn || !(rule is Epsilon || rule is Norm || rule.summary.contains("zero_params")) {
        let found = try Self.rows(Self.relevance(setting.layer, rule, input, output))
        for (sample, x) in Self.rows(input).enumerated() {
          let expected = try #require(Self.expected(rule, matrix, x, Self.rows(output)[sample]), "\(rule.summary)")
          Self.check(found[sample], expected, x, rule.summary)
        }
      }
    }
    let output = try setting.layer.forward([mixed])
    // Flat sees the layer with all weights one, and no bias.
    let flat = Setting(
      layer: setting.layer.replacing(weight: setting.layer.weight.map { _ in 1 }, bias: nil), shape: setting.shape)
    let ones = try Matrix(flat)
    let found = try Self.rows(Self.relevance(setting.layer, Flat(), mixed, output))
    for (sample, relevance) in Self.rows(output).enumerated() {
      let x = Row(repeating: 1, count: setting.shape.sampleCount)
      Self.check(found[sample], ones.shares(x, Self.quotient(relevance, ones.forward(x))), x, "Flat")
    }
  }

  @Test("rules for activations equal their formulas", arguments: [[16], [4], [4, 4], [4, 4, 4]])
  func simple(shape: [Int]) throws {
    let input = Tensor.random(Shape([4] + shape), seed: 6, scale: 2)
    let layers: [any Layer] = [
      ActivationLayer(.relu), ActivationLayer(.tanh), ActivationLayer(.sigmoid),
      ActivationLayer(.softplus(beta: 1, threshold: 20)), Softmax(axis: 1),
    ]
    for layer in layers {
      let output = try layer.forward([input])
      let relevance = Tensor.random(output.shape, seed: 7)
      let gradient = try layer.vjp(relevance, inputs: [input], output: output)[0]
      func found(_ rule: any Rule) throws -> Tensor { try Self.relevance(layer, rule, input, relevance) }
      #expect(try found(Pass()).isIdentical(to: relevance))
      #expect(try found(ReLUDeconvNet()).isIdentical(to: relevance.positivePart))
      let guided = gradient.map(with: relevance) { gradient, relevance in relevance > 0 ? gradient : 0 }
      #expect(try found(ReLUGuidedBackprop()).deviation(from: guided) < 1e-6)
      for beta in [10.0, 1] {
        let smooth = relevance.map(with: input) { relevance, x in relevance / (1 + exp(-Float(beta) * x)) }
        #expect(try found(try ReLUBetaSmooth(betaSmooth: beta)).deviation(from: smooth) < 1e-6)
      }
    }
  }
}
