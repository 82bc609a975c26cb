import Tensors

extension Tensor {
  /// Row-major, each run of `inner` elements times the next of `scales`, over and over; multiplied in double.
  package func scaled(by scales: [Double], each inner: Int) -> Tensor {
    let plain = converted(to: .rowMajor)
    var result = Tensor(uninitialized: shape, layout: .rowMajor)
    let (source, target) = (UncheckedPointer(plain.unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(count / max(1, inner), grain: max(1, Parallelism.grain / max(1, inner))) { range in
      for run in range {
        let (from, to) = (source.pointer + run &* inner, target.pointer + run &* inner)
        let scale = scales[run % scales.count]
        for i in 0..<inner { to[i] = Float(Double(from[i]) * scale) }
      }
    }
    withExtendedLifetime((plain, result)) {}
    return result
  }
}
