import Tensors

/// One operation of a network: a value that knows its shapes, its forward function and its vector-Jacobian product.
public protocol Layer: Sendable {
  var kind: LayerKind { get }
  /// A few words for tables, `Conv 3→32 3×3 /2`.
  var summary: String { get }
  var traits: LayerTraits { get }

  /// What one pass computes, forward or backward. A multiplication with an addition counts 2, any function of a single
  /// element 1.
  func flops(inputs: [Shape], output: Shape) -> Double
  var secondOrder: SecondOrder { get }
  /// All that it holds: parameters, buffers, constants. They may lie in a file.
  var tensors: [Tensor] { get }

  /// - Throws: ``LayerError`` saying which shapes were found and which are expected.
  func outputShape(for inputs: [Shape]) throws -> Shape

  /// `z = f(x₁, …)`; inputs are channels-last and already checked by ``outputShape(for:)``.
  func forward(_ inputs: [Tensor]) throws -> Tensor

  /// `J(x)ᵀ s` for each input.
  /// - Parameters:
  ///   - seed: `s`, of the output's shape.
  ///   - inputs: where the Jacobian is taken. Layers that are linear in `x` read only the shapes.
  ///   - output: `f(x)`, for layers whose derivative is cheapest from it.
  func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor]
}

/// A layer with a weight and perhaps a bias that rules may modify.
public protocol ParameterizedLayer: Layer {
  /// Row-major, with torch's axes: `(O, I/groups, kernel…)`, transposed `(I, O/groups, kernel…)`, or `(C)`.
  var weight: Tensor { get }
  /// `(O)`.
  var bias: Tensor? { get }
  /// What the layer adds to each output channel, `f(0)`: the bias itself for a linear layer. `nil` if it adds nothing.
  var offset: Tensor? { get }
  var parameterTraits: ParameterTraits { get }
  /// The same layer with other parameters of the same shapes.
  func replacing(weight: Tensor, bias: Tensor?) -> Self
}

extension ParameterizedLayer {
  public var offset: Tensor? { bias }
}

/// A layer that is linear in its weight and bias, so that relevance can be shared out to them as to the input.
public protocol LinearInParameters: ParameterizedLayer {
  /// `∂⟨f(x; w), s⟩ / ∂w`, summed over the batch; of the weight's shape, row-major.
  func weightGradient(_ seed: Tensor, input: Tensor) throws -> Tensor
  /// `∂⟨f(x; w, b), s⟩ / ∂b`: the sum of the seed for each output channel.
  func biasGradient(_ seed: Tensor) -> Tensor
}

/// What a layer finds wrong with its inputs. ``NetworkError`` adds which layer it was.
public struct LayerError: Error, CustomStringConvertible, Sendable {
  public let description: String
  public init(_ description: String) { self.description = description }
}
