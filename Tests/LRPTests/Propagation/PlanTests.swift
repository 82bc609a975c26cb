import Compute
import LRP
import NeuralNetwork
import Tensors
import Testing

/// Which passes a rule takes, by rule, layer and the signs of the input.
@Suite struct PlanTests {
  private enum Kind: String, CaseIterable { case convolution, depthwise, transposed, dense, sum }

  private static func layer(_ kind: Kind, biased: Bool = true) throws -> any Layer {
    func convolution(_ geometry: ConvolutionGeometry, _ weight: Shape) throws -> Convolution {
      try Convolution(geometry: geometry, weight: .random(weight, seed: 1), bias: biased ? .random([4], seed: 2) : nil)
    }
    switch kind {
    case .convolution: return try convolution(ConvolutionGeometry(rank: 2), [4, 3, 1, 1])
    case .depthwise: return try convolution(ConvolutionGeometry(rank: 2, groups: 4), [4, 1, 1, 1])
    case .transposed: return try convolution(ConvolutionGeometry(rank: 2, isTransposed: true), [3, 4, 1, 1])
    case .dense:
      return try FullyConnected(weight: .random([4, 3], seed: 1), bias: biased ? .random([4], seed: 2) : nil)
    case .sum: return Sum()
    }
  }

  private static func plan(
    _ rule: any ShareRule, _ kind: Kind, _ signs: Signs = .mixed, biased: Bool = true
  ) throws -> String {
    rule.plan(for: try layer(kind, biased: biased), signs: [signs]).description
  }

  @Test func epsilonKnowsItsDenominator() throws {
    for kind in Kind.allCases { #expect(try Self.plan(Epsilon(), kind) == "all: z from output; back x") }
    // Without the bias the denominator is another, unless there is none.
    #expect(try Self.plan(Epsilon(zeroParams: [.bias]), .convolution) == "all: z from 1 passes; back x")
    #expect(try Self.plan(Epsilon(zeroParams: [.bias]), .dense, biased: false) == "all: z from output; back x")
    #expect(try Self.plan(Norm(), .sum) == "all: z from output; back x")
  }

  @Test func afterAReLUOnePassIsLeft() throws {
    for kind in [Kind.convolution, .depthwise, .transposed, .dense] {
      #expect(try Self.plan(ZPlus(), kind, .nonnegative) == "all: z from 1 passes; back x⁺")
    }
    // The positive part of a negative input is zero, but the bias is in the denominator.
    #expect(try Self.plan(ZPlus(), .dense, .nonpositive) == "all: z from 2 passes; back x⁻")
    #expect(try Self.plan(ZPlus(), .dense, .nonpositive, biased: false) == "all: z from 1 passes; back x⁻")
  }

  @Test func mixedSignsShareOneSum() throws {
    #expect(try Self.plan(ZPlus(), .convolution) == "all: z from output and magnitudes; back x⁺, x⁻ at once")
    #expect(try Self.plan(ZPlus(), .depthwise) == "all: z from output and magnitudes; back x⁺, x⁻")
    // What cancels cannot be added up again there.
    #expect(try Self.plan(ZPlus(), .transposed) == "all: z from 2 passes; back x⁺, x⁻")
    #expect(try Self.plan(ZPlus(), .dense) == "all: z from 2 passes; back x⁺, x⁻")
    #expect(
      try Self.plan(Gamma(), .dense) == """
        z > 0: z from output and magnitudes; back x⁺, x⁻
        z < 0: z from output and magnitudes; back x⁺, x⁻
        """)
    #expect(
      try Self.plan(AlphaBeta(), .convolution, .nonnegative) == """
        all: z from 1 passes; back x⁺
        all: z from output and first share; back x⁺
        """)
    #expect(try Self.plan(AlphaBeta(alpha: 1, beta: 0), .convolution, .nonnegative) == "all: z from 1 passes; back x⁺")
  }

  @Test func whatDoesNotDependOnTheInputIsAddedUp() throws {
    let box = ZBox(low: -1, high: .perChannel([1, 2, 3]))
    #expect(try Self.plan(box, .convolution) == "all: z from output and constants; back x, bound, bound at once")
    #expect(try Self.plan(box, .dense) == "all: z from 3 passes; back x, bound, bound")
    let tensor = ZBox(low: -1, high: .tensor(Tensor([1, 3, 1, 1], filledWith: 1)))
    #expect(try Self.plan(tensor, .convolution) == "all: z from 3 passes; back x, bound, bound")
    #expect(try Self.plan(WSquare(), .convolution) == "all: z from 1 passes; back 1")
    #expect(try Self.plan(Flat(), .sum) == "all: z from 1 passes; back 1")
  }

  /// The plan follows from what a rule says, not from which rule it is.
  @Test func rulesOfOnesOwnTakeTheSamePasses() throws {
    struct Own: ShareRule {
      let shares: [Share]
      var stabilizer: Stabilizer { 1e-6 }
      var name: String { "Own" }
    }
    for rule: any ShareRule in [
      Epsilon(), ZPlus(), AlphaBeta(), Gamma(), ZBox(low: -1, high: 1), WSquare(), Flat(),
    ] {
      for kind in Kind.allCases {
        for signs in [Signs.mixed, .nonnegative, .nonpositive] {
          let own = try Self.plan(Own(shares: rule.shares), kind, signs)
          #expect(try own == Self.plan(rule, kind, signs), "\(rule.name) \(kind) \(signs)")
        }
      }
    }
  }
}
