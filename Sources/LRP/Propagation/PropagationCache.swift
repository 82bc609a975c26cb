import Foundation
import NeuralNetwork
import Synchronization
import Tensors

/// What rules compute once and use again: layers with modified parameters (they depend on the network alone),
/// denominators and signs (they depend on the input too).
public final class PropagationCache: Sendable {
  private struct Entries<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    var values: [(key: Key, value: Value)] = []

    mutating func value(for key: Key) -> Value? {
      guard let position = values.firstIndex(where: { $0.key == key }) else { return nil }
      let entry = values.remove(at: position)
      values.append(entry)
      return entry.value
    }

    /// Keeps the most recent `limit` entries.
    mutating func keep(_ value: Value, for key: Key, limit: Int) {
      values.removeAll { $0.key == key }
      values.append((key, value))
      if values.count > limit { values.removeFirst(values.count - limit) }
    }
  }

  /// What was done to a layer: one of the ready-made changes, those of several terms side by side, or one by functions.
  enum Modification: Hashable, Sendable {
    case term(ParameterModifier)
    case fused([Term])
    case custom(UUID)
  }

  /// What depends on the network alone.
  private final class ModifiedLayers: Sendable {
    let entries = Mutex<[Int: Entries<Modification, any Layer>]>([:])
  }
  /// What depends on the input, too.
  private struct State: Sendable {
    var denominators: [Int: Entries<[Term], Tensor>] = [:]
    var signs: [Int: Signs] = [:]
  }

  private let layers: ModifiedLayers
  private let state = Mutex(State())
  /// Whether denominators are kept; off for a single pass, where nobody would use them again.
  let keepsDenominators: Bool

  /// Gamma needs four layers and two denominators per node; a little more lets two rules alternate.
  private static let layersPerNode = 6
  private static let denominatorsPerNode = 4

  /// Whether modified layers are kept, which takes several times the memory of the parameters; off for a single pass.
  private let keepsLayers: Bool

  public convenience init(keepsDenominators: Bool = true, keepsLayers: Bool = true) {
    self.init(layers: ModifiedLayers(), keepsDenominators: keepsDenominators, keepsLayers: keepsLayers)
  }

  private init(layers: ModifiedLayers, keepsDenominators: Bool, keepsLayers: Bool) {
    self.layers = layers
    self.keepsDenominators = keepsDenominators
    self.keepsLayers = keepsLayers
  }

  /// A cache for another input of the same network: modified layers are shared, the rest begins anew.
  public func forAnotherInput() -> PropagationCache {
    PropagationCache(layers: layers, keepsDenominators: keepsDenominators, keepsLayers: keepsLayers)
  }

  /// The layer with its parameters modified, made on first use.
  func layer(_ index: Int, _ original: any Layer, modifiedBy modifier: ParameterModifier) -> any Layer {
    guard !modifier.isIdentity(for: original), let parameterized = original as? any ParameterizedLayer else {
      return original
    }
    return cached(index, .term(modifier)) { modifier.apply(to: parameterized) }
  }

  /// The layer with its parameters modified by functions, made on first use.
  func layer(_ index: Int, _ original: any Layer, modifiedBy modification: ParameterModification) throws -> any Layer {
    if modification.isIdentity { return original }
    return try cached(index, .custom(modification.id)) { try modification.apply(to: original) }
  }

  func cached(_ index: Int, _ key: Modification, _ make: () throws -> any Layer) rethrows -> any Layer {
    guard keepsLayers else { return try make() }
    if let known = layers.entries.withLock({ $0[index, default: Entries()].value(for: key) }) { return known }
    let modified = try make()
    layers.entries.withLock { $0[index, default: Entries()].keep(modified, for: key, limit: Self.layersPerNode) }
    return modified
  }

  func denominator(_ index: Int, _ terms: [Term]) -> Tensor? {
    state.withLock { $0.denominators[index]?.value(for: terms) }
  }

  func keep(_ denominator: Tensor, _ index: Int, _ terms: [Term]) {
    guard keepsDenominators else { return }
    state.withLock {
      $0.denominators[index, default: Entries()].keep(denominator, for: terms, limit: Self.denominatorsPerNode)
    }
  }

  /// The signs in the activation of node `index`, found on first use.
  func signs(_ index: Int, of activation: Tensor) -> Signs {
    if let known = state.withLock({ $0.signs[index] }) { return known }
    let signs = Signs(of: activation)
    state.withLock { $0.signs[index] = signs }
    return signs
  }
}

extension Signs {
  init(of tensor: Tensor) {
    self = !tensor.isAnyNegative ? .nonnegative : !tensor.isAnyPositive ? .nonpositive : .mixed
  }
}
