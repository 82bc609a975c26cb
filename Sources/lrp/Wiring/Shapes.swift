import Tensors

extension Shape {
  /// `(1, C, H, W)` for `(C, H, W)`.
  var withLeadingAxis: Shape { Shape([1] + dimensions) }
}
