import Compute
import NeuralNetwork
import Tensors
import Testing

/// Operations and bytes of layers, counted by hand.
@Suite struct LayerWorkTests {
  private static func work(_ layer: any Layer, _ inputs: [Shape]) throws -> LayerWork {
    LayerWork(of: layer, inputs: inputs, output: try layer.outputShape(for: inputs))
  }

  @Test func convolution() throws {
    // VGG16's second layer: 64 x 224 x 224 outputs of 64 · 3 · 3 products each.
    let layer = try Convolution(
      geometry: ConvolutionGeometry(rank: 2, padding: 1), weight: .zeros([64, 64, 3, 3], layout: .rowMajor),
      bias: .zeros([64]))
    let work = try Self.work(layer, [[1, 64, 224, 224]])
    #expect(work.flops == 2 * 64 * 224 * 224 * 64 * 9)
    #expect(work.bytes == 4 * Double(2 * 64 * 224 * 224 + 64 * 64 * 9 + 64))
  }

  @Test func depthwiseConvolutionSeesOneChannel() throws {
    let layer = try Convolution(
      geometry: ConvolutionGeometry(rank: 2, stride: 2, padding: 1, groups: 8),
      weight: .zeros([8, 1, 3, 3], layout: .rowMajor))
    #expect(try Self.work(layer, [[2, 8, 12, 12]]).flops == 2 * 2 * 8 * 6 * 6 * 9)
  }

  @Test func transposedConvolutionScattersItsInput() throws {
    let layer = try Convolution(
      geometry: ConvolutionGeometry(rank: 2, stride: 2, isTransposed: true),
      weight: .zeros([4, 3, 2, 2], layout: .rowMajor))
    #expect(try Self.work(layer, [[1, 4, 5, 5]]).flops == 2 * 4 * 5 * 5 * 3 * 2 * 2)
  }

  @Test func fullyConnected() throws {
    let layer = try FullyConnected(weight: .zeros([10, 30]), bias: .zeros([10]))
    let work = try Self.work(layer, [[5, 30]])
    #expect(work.flops == 2 * 5 * 30 * 10)
    #expect(work.bytes == 4 * Double(5 * 30 + 5 * 10 + 10 * 30 + 10))
  }

  @Test func layersThatOnlyMoveNumbers() throws {
    let shape: Shape = [2, 3, 4, 4]
    #expect(try Self.work(ActivationLayer(.relu), [shape]) == LayerWork(flops: 96, bytes: 4 * 192))
    #expect(try Self.work(Sum(), [shape, shape]) == LayerWork(flops: 96, bytes: 4 * 288))
    #expect(try Self.work(Flatten(), [shape]) == LayerWork(flops: 0, bytes: 4 * 192))
    #expect(try Self.work(Identity(), [shape]) == LayerWork(flops: 0, bytes: 0))
    let pool = MaxPool(PoolingGeometry(kernel: [2, 2]))
    #expect(try Self.work(pool, [shape]) == LayerWork(flops: 96, bytes: 4 * Double(96 + 24)))
  }
}
