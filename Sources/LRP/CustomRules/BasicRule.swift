import Foundation
import NeuralNetwork
import Tensors

/// The general form of a rule, from five parts that may be given as functions: K times the layer is run with a modified
/// input and modified parameters and its output is modified; a mapper makes a seed for each of the K outputs; the K
/// vector-Jacobian products of the seeds are reduced to the relevance at the input.
///
/// Parts that are left out are as in the reference's `BasicHook`: inputs, parameters and outputs as they are,
/// `s_k = R / stab(z_k)`, and `Σ x_k · c_k`. Rules that are sums of passes are better written as a ``ShareRule``, which
/// caches, skips what is zero, and keeps the ledger.
public struct BasicRule: Rule {
  /// An input from the layer's input, of the same shape.
  public typealias InputModifier = @Sendable (_ input: Tensor) throws -> Tensor
  /// A seed for each output, `nil` where it is zero throughout.
  public typealias GradientMapper = @Sendable (_ relevance: Tensor, _ outputs: [Tensor]) throws -> [Tensor?]
  /// Relevance at the input, from the modified inputs and the gradients with respect to them.
  public typealias Reducer = @Sendable (_ inputs: [Tensor], _ gradients: [Tensor]) throws -> Tensor

  public let name: String
  public let parameters: [RuleParameter]
  private let key: any Hashable & Sendable
  private let inputModifiers: [InputModifier]
  private let parameterModifiers: [ParameterModification]
  private let outputModifiers: [OutputModification]
  private let gradientMapper: GradientMapper
  private let reducer: Reducer

  /// - Parameters:
  ///   - name: shown in tables and messages.
  ///   - parameters: shown behind the name.
  ///   - identity: equal for rules that do the same, so that results of one may be used for the other; by default every
  ///     rule made here differs from all others.
  ///   - stabilizer: for the gradient mapper that is used if none is given.
  /// - Throws: ``LRPError/parameter(rule:name:problem:)`` if the lists of modifiers differ in length.
  public init(
    name: String = "BasicRule", parameters: [RuleParameter] = [], identity: (any Hashable & Sendable)? = nil,
    inputModifiers: [InputModifier]? = nil, parameterModifiers: [ParameterModification]? = nil,
    outputModifiers: [OutputModification]? = nil, stabilizer: Stabilizer = 1e-6,
    gradientMapper: GradientMapper? = nil, reducer: Reducer? = nil
  ) throws {
    let counts = [inputModifiers?.count, parameterModifiers?.count, outputModifiers?.count].compactMap { $0 }
    let count = counts.first ?? 1
    guard count > 0, counts.allSatisfy({ $0 == count }) else {
      throw LRPError.parameter(
        rule: name, name: "modifiers", problem: "lists of \(counts) modifiers found, equally many of each expected")
    }
    self.name = name
    self.parameters = parameters
    key = identity ?? UUID()
    self.inputModifiers = inputModifiers ?? [InputModifier](repeating: { $0 }, count: count)
    self.parameterModifiers =
      parameterModifiers ?? [ParameterModification](repeating: .untouched, count: count)
    self.outputModifiers = outputModifiers ?? [OutputModification](repeating: .identity, count: count)
    self.gradientMapper =
      gradientMapper ?? { relevance, outputs in
        try outputs.map { try stabilizer.quotient(relevance, by: $0, gatedBy: $0) }
      }
    self.reducer =
      reducer ?? { inputs, gradients in
        var sum = inputs[0] * gradients[0]
        for (input, gradient) in zip(inputs, gradients).dropFirst() {
          sum.update(with: input, and: gradient, ProductAdded())
        }
        return sum
      }
  }

  public static func == (left: BasicRule, right: BasicRule) -> Bool { AnyHashable(left.key) == AnyHashable(right.key) }
  public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(key)) }

  private struct Pass {
    let layer: any Layer
    let inputs: [Tensor]
    let output: Tensor
    let modifier: OutputModification

    func gradients(of seed: Tensor?) throws -> [Tensor] {
      guard let seed else { return inputs.map { Tensor.zeros($0.shape) } }
      return try layer.vjp(modifier.gradient(seed, output), inputs: inputs, output: output)
    }
  }

  public func propagate(_ relevance: Tensor, in context: RuleContext) throws -> [Tensor] {
    var passes: [Pass] = []
    var outputs: [Tensor] = []
    for (index, modify) in inputModifiers.enumerated() {
      let layer = try context.cache.layer(context.index, context.layer, modifiedBy: parameterModifiers[index])
      let inputs = try context.inputs.map { try checked(modify($0), like: $0, "input modifier", context) }
      let output = try layer.forward(inputs)
      let modified = try checked(outputModifiers[index].modify(output), like: output, "output modifier", context)
      passes.append(Pass(layer: layer, inputs: inputs, output: output, modifier: outputModifiers[index]))
      outputs.append(modified)
    }
    let seeds = try gradientMapper(relevance, outputs)
    guard seeds.count == passes.count else {
      throw problem("the gradient mapper returned \(seeds.count) seeds, \(passes.count) expected", context)
    }
    let gradients = try zip(passes, seeds).map { pass, seed in
      try pass.gradients(of: seed.map { try checked($0, like: pass.output, "gradient mapper", context) })
    }
    return try context.inputs.indices.map { slot in
      try checked(
        reducer(passes.map { $0.inputs[slot] }, gradients.map { $0[slot] }), like: context.inputs[slot], "reducer",
        context)
    }
  }

  private func checked(_ tensor: Tensor, like other: Tensor, _ part: String, _ context: RuleContext) throws -> Tensor {
    guard tensor.shape == other.shape else {
      throw problem("the \(part) returned shape \(tensor.shape), \(other.shape) expected", context)
    }
    return tensor.converted(to: .channelsLast)
  }

  private func problem(_ text: String, _ context: RuleContext) -> LRPError {
    .rule(layer: context.node.name, rule: name, problem: text)
  }
}
