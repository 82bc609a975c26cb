import Tensors

/// The adjoint of a convolution that reads few channels, such as the first layer on a picture.
///
/// Kernels that write three channels leave most of a vector register empty. Here one matrix product makes, for every
/// window, what each of its taps receives; then each row of the picture collects from the windows that cover it.
final class PictureAdjoint: Sendable {
  /// Channels up to which this pays.
  static let mostChannels = 8

  /// Makes the taps of all windows: a 1×1 convolution from O to kernel·I channels, the input channel innermost.
  private let taps: ConvolutionKernels
  private let geometry: ConvolutionGeometry
  private let kernel: [Int]
  private let channels: Int

  /// - Parameters:
  ///   - geometry: of the gathering direction; one or two axes, one group.
  ///   - weight: `(O, I, kernel…)`.
  init(geometry: ConvolutionGeometry, weight: Tensor) {
    let (outputs, channels) = (weight.shape[0], weight.shape[1])
    let size = weight.shape.spatialCount
    let source = weight.converted(to: .rowMajor)
    var matrix = Tensor(uninitialized: [size * channels, outputs, 1, 1], layout: .rowMajor)
    source.withUnsafeBufferPointer { source in
      matrix.withUnsafeMutableBufferPointer { matrix in
        for tap in 0..<size {
          for channel in 0..<channels {
            for output in 0..<outputs {
              matrix[(tap * channels + channel) * outputs + output] = source[(output * channels + channel) * size + tap]
            }
          }
        }
      }
    }
    taps = ConvolutionKernels(geometry: .init(rank: 2), weight: matrix, bias: nil)
    self.geometry = geometry
    self.channels = channels
    kernel = geometry.rank == 1 ? [1] + weight.shape.spatial : weight.shape.spatial
  }

  /// Whether this way is meant for a convolution.
  static func suits(_ geometry: ConvolutionGeometry, _ weight: Shape) -> Bool {
    geometry.rank <= 2 && geometry.groups == 1 && weight[1] <= mostChannels && weight[0] >= 8
  }

  /// What arrives at `near` from a `seed` on the far side.
  func callAsFunction(_ seed: Tensor, near: Shape) throws -> Tensor {
    let isLine = geometry.rank == 1
    let flat = isLine ? seed.viewed(as: [seed.shape[0], seed.shape[1], 1, seed.shape[2]]) : seed
    let columns = try taps.forward(
      flat, to: Shape([flat.shape.batch, kernel.reduce(channels, *)] + flat.shape.spatial))
    let rows = (
      stride: isLine ? 1 : geometry.strides[0], dilation: isLine ? 1 : geometry.dilations[0],
      padding: isLine ? 0 : geometry.paddingBegin[0]
    )
    let step = (
      stride: geometry.strides[geometry.rank - 1], dilation: geometry.dilations[geometry.rank - 1],
      padding: geometry.paddingBegin[geometry.rank - 1]
    )
    let (height, width) = (isLine ? 1 : near[2], near[near.rank - 1])
    let (farHeight, farWidth) = (columns.shape[2], columns.shape[3])
    let (channels, kernel, tapCount) = (channels, kernel, columns.shape[1])
    var result = Tensor.zeros(near)
    let (source, target) = (UncheckedPointer(columns.unsafeAddress), UncheckedMutablePointer(result.uniqueAddress()))
    parallelFor(near.batch * height, grain: max(1, (1 << 14) / (width * channels)), alignment: 1) { range in
      for index in range {
        let (sample, y) = index.quotientAndRemainder(dividingBy: height)
        let line = target.pointer + index * width * channels
        for tapRow in 0..<kernel[0] {
          let (farY, rest) = (y + rows.padding - tapRow * rows.dilation).quotientAndRemainder(dividingBy: rows.stride)
          guard rest == 0, farY >= 0, farY < farHeight else { continue }
          let windows =
            source.pointer + ((sample * farHeight + farY) * farWidth * kernel[0] + tapRow) * kernel[1] * channels
          for farX in 0..<farWidth {
            let first = farX &* step.stride &- step.padding
            let window = windows + farX &* tapCount
            if step.dilation == 1 {
              // Neighbouring taps meet neighbouring pixels: one run.
              let (begin, end) = (max(0, -first), min(kernel[1], width - first))
              guard begin < end else { continue }
              let pixels = line + first &* channels
              for i in begin &* channels..<end &* channels { pixels[i] += window[i] }
            } else {
              for tap in 0..<kernel[1] {
                let x = first &+ tap &* step.dilation
                guard x >= 0, x < width else { continue }
                for c in 0..<channels { line[x &* channels &+ c] += window[tap &* channels &+ c] }
              }
            }
          }
        }
      }
    }
    withExtendedLifetime((columns, result)) {}
    return result
  }
}
