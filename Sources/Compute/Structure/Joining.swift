import Tensors

extension Shape {
  /// Elements per step of an axis, in storage order (channels-last).
  fileprivate func inner(_ axis: Int) -> Int {
    switch axis {
    case 0: sampleCount
    case 1: 1
    default: dimensions[(axis + 1)...].reduce(1, *) * channels
    }
  }
}

extension Tensor {
  /// Tensors side by side along an axis; the result is channels-last.
  /// - Precondition: `output` is their shape but for the axis, along which it has as many as all of them.
  package static func joining(_ inputs: [Tensor], along axis: Int, as output: Shape) -> Tensor {
    let width = output.inner(axis) * output[axis]
    var result = Tensor(uninitialized: output)
    guard width > 0 else { return result }
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      var offset = 0
      for input in inputs {
        let part = input.converted(to: .channelsLast)
        let count = part.shape.inner(axis) * part.shape[axis]
        let (source, start) = (UncheckedPointer(part.unsafeAddress), offset)
        parallelFor(buffer.count / width, grain: max(1, Parallelism.grain / max(1, count))) { rows in
          for row in rows {
            (target.pointer + row * width + start).update(from: source.pointer + row * count, count: count)
          }
        }
        withExtendedLifetime(part) {}
        offset += count
      }
    }
    return result
  }

  /// The parts of such a tensor.
  package func cut(along axis: Int, into shapes: [Shape]) -> [Tensor] {
    let width = shape.inner(axis) * shape[axis]
    let whole = converted(to: .channelsLast)
    let source = UncheckedPointer(whole.unsafeAddress)
    var offset = 0
    return shapes.map { shape in
      var part = Tensor(uninitialized: shape)
      let count = shape.inner(axis) * shape[axis]
      let start = offset
      offset += count
      part.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress, count > 0 else { return }
        let target = UncheckedMutablePointer(base)
        parallelFor(buffer.count / count, grain: max(1, Parallelism.grain / count)) { rows in
          for row in rows {
            (target.pointer + row * count).update(from: source.pointer + row * width + start, count: count)
          }
        }
      }
      withExtendedLifetime(whole) {}
      return part
    }
  }
}
