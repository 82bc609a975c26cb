import Compute
import Tensors

extension Array {
  /// The single input of a layer that takes one.
  func only() throws -> Element {
    guard count == 1, let first else { throw LayerError("\(count) inputs found, 1 expected") }
    return first
  }
}

/// How extents are written in a layer's summary.
enum Extents {
  /// `3×3`.
  static func text(_ extents: [Int]) -> String { extents.map(String.init).joined(separator: "×") }

  /// `2` where all axes agree, else `2×1`.
  static func step(_ extents: [Int]) -> String { Set(extents).count == 1 ? "\(extents[0])" : text(extents) }
}

extension PoolingGeometry {
  /// Every output meets the elements of its window.
  func flops(output: Shape) -> Double { Double(output.count) * Double(kernel.reduce(1, *)) }

  /// `2×2 /2`.
  var text: String { "\(Extents.text(kernel)) /\(Extents.step(strides))" }
}

extension AdaptiveExtents {
  /// `7×7`, with a dot for an axis that stays as it is.
  var text: String { extents.map { $0.map(String.init) ?? "·" }.joined(separator: "×") }
}
