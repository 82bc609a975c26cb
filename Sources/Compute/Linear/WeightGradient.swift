import COneDNN
import Tensors

/// `∂⟨f(x; w), s⟩ / ∂w` of the linear operators, summed over the batch: how much each parameter moves a weighted sum of
/// the outputs. It does not depend on the parameters themselves.
public enum WeightGradient {
  /// - Parameters:
  ///   - weight: `(O, I/groups, kernel…)`, transposed `(I, O/groups, kernel…)`.
  ///   - seed: `s`, of the output's shape.
  ///   - input: `x`, `(N, I, spatial…)`.
  /// - Returns: of the weight's shape, row-major.
  /// - Throws: ``ComputeError`` if the shapes do not fit together.
  public static func convolution(
    _ geometry: ConvolutionGeometry, weight: Shape, seed: Tensor, input: Tensor
  ) throws -> Tensor {
    let output = try geometry.outputShape(input: input.shape, weight: weight)
    guard seed.shape == output else {
      throw ComputeError.shape(
        operation: "weight gradient of \(geometry.name)", found: seed.shape,
        expected: "\(output) for an input of \(input.shape)")
    }
    // The near side is gathered from; what no window reaches there has no part in it.
    let far = (geometry.isTransposed ? input : seed).converted(to: .channelsLast)
    var near = (geometry.isTransposed ? seed : input).converted(to: .channelsLast)
    guard near.count > 0, far.count > 0 else { return .zeros(weight, layout: .rowMajor) }
    var (ends, surplus) = ([Int64](), [Int]())
    for axis in 0..<geometry.rank {
      let reached =
        (far.shape[axis + 2] - 1) * geometry.strides[axis] + geometry.dilations[axis] * (weight[axis + 2] - 1)
      let rest = reached + 1 - near.shape[axis + 2] - geometry.paddingBegin[axis]
      ends.append(Int64(max(0, rest)))
      surplus.append(max(0, -rest))
    }
    if surplus.contains(where: { $0 > 0 }) {
      near = try near.extended(by: surplus.map { -$0 })
    }
    let parts = [geometry.groups, weight[0] / geometry.groups, weight[1]] + weight.spatial
    let extents = geometry.groups == 1 ? Array(parts.dropFirst()) : parts
    let source = try ArrayLayout.channelsLast(near.shape)
    let target = try ArrayLayout.channelsLast(far.shape)
    let free = try ArrayLayout(extents, strides: nil)
    let primitive = try Primitive("weight gradient of \(geometry.name)") { descriptor, engine in
      lrp_convolution_backward_weights(
        &descriptor, engine.handle, source.handle, free.handle, target.handle, geometry.strides.map(Int64.init),
        geometry.dilations.map { Int64($0 - 1) }, geometry.paddingBegin.map(Int64.init), ends, engine.attributes)
    }
    let layout = try primitive.layout(of: dnnl_query_diff_weights_md)
    let found = Tensor(uninitialized: [(layout.byteCount + 3) / 4])
    try primitive.execute([
      .init(role: DNNL_ARG_SRC, layout: source, address: near.unsafeAddress),
      .init(role: DNNL_ARG_DIFF_DST, layout: target, address: far.unsafeAddress),
      .init(role: DNNL_ARG_DIFF_WEIGHTS, layout: layout, address: found.unsafeAddress),
    ])
    withExtendedLifetime((near, far)) {}
    return try plain(found, layout, extents, weight)
  }

  /// - Parameters:
  ///   - weight: `(O, I)`.
  ///   - seed: `s`, `(N, …, O)`.
  ///   - input: `x`, `(N, …, I)`.
  /// - Returns: of the weight's shape.
  /// - Throws: ``ComputeError`` if the shapes do not fit together.
  public static func fullyConnected(weight: Shape, seed: Tensor, input: Tensor) throws -> Tensor {
    let (outputs, inputs) = (weight[0], weight[1])
    let rows = input.count / max(1, inputs)
    guard input.shape.dimensions.last == inputs, seed.shape.dimensions.last == outputs, seed.count == rows * outputs
    else {
      throw ComputeError.shape(
        operation: "weight gradient of fully connected", found: seed.shape,
        expected: "(N, …, \(outputs)) for an input of \(input.shape)")
    }
    guard rows > 0 else { return .zeros(weight) }
    let (left, right) = (seed.converted(to: .rowMajor), input.converted(to: .rowMajor))
    // sᵀ x, as a layer that has xᵀ for its parameters and sᵀ for its input.
    let source = try ArrayLayout([outputs, rows], strides: [1, outputs])
    let weights = try ArrayLayout([inputs, rows], strides: [1, inputs])
    let target = try ArrayLayout.rowMajor([outputs, inputs])
    let primitive = try Primitive("weight gradient of fully connected") { descriptor, engine in
      lrp_inner_product_forward(
        &descriptor, engine.handle, source.handle, weights.handle, nil, target.handle, engine.attributes)
    }
    let result = Tensor(uninitialized: weight)
    try primitive.execute([
      .init(role: DNNL_ARG_SRC, layout: source, address: left.unsafeAddress),
      .init(role: DNNL_ARG_WEIGHTS, layout: weights, address: right.unsafeAddress),
      .init(role: DNNL_ARG_DST, layout: target, address: result.unsafeAddress),
    ])
    withExtendedLifetime((left, right)) {}
    return result
  }

  /// The parameters in row-major order, from the order the primitive has chosen.
  private static func plain(
    _ found: Tensor, _ layout: ArrayLayout, _ extents: [Int], _ shape: Shape
  ) throws -> Tensor {
    let result = Tensor(uninitialized: shape, layout: .rowMajor)
    let target = try ArrayLayout.rowMajor(extents)
    let reorder = try Primitive("reordering a weight gradient") { descriptor, engine in
      lrp_reorder(&descriptor, engine.handle, layout.handle, target.handle, engine.attributes)
    }
    try reorder.execute([
      .init(role: DNNL_ARG_FROM, layout: layout, address: found.unsafeAddress),
      .init(role: DNNL_ARG_TO, layout: target, address: result.unsafeAddress),
    ])
    withExtendedLifetime((found, result)) {}
    return result
  }
}
