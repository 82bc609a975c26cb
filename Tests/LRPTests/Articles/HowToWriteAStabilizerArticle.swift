import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

// The code of the article HowToWriteAStabilizer.md, block for block; ArticleTests compares them.

struct HowToWriteAStabilizerArticle {
  @Test("stabilizers of one's own")
  func stabilizers() throws {
    let network = try TestNetworks.vgg()
    let input = TestNetworks.picture()

    let plain: Stabilizer = 1e-6
    let clipped = Stabilizer(0.01, clip: true)
    let scaled = Stabilizer(0.25, normScale: true)
    let perPosition = Stabilizer(0.25, clip: true, normScale: true, dim: [1])

    let rooted = Stabilizer(named: "rooted") { z in
      z.map { z in (z < 0 ? -1 : 1) * (z * z + 0.01).squareRoot() }
    }

    let composite = LayerMapComposite(
      layerMap: .base(stabilizer: plain) + [
        LayerMapEntry(.convolution, Gamma(gamma: 0.25, stabilizer: rooted)),
        LayerMapEntry(.fullyConnected, Epsilon(epsilon: scaled)),
      ])
    var gradient = try Gradient(network, composite: composite)
    gradient.keepsLedger = true
    let ledger = try gradient.attribute(input, .logit(.top1)).ledger

    for entry in ledger?.entries ?? [] where entry.kind == .conv2d || entry.kind == .fullyConnected {
      #expect(entry.stabilizer.allSatisfy { $0 != 0 })
      for sample in 0..<2 {
        let size = entry.summary.positive - entry.summary.negative + abs(entry.outgoing[sample])
        #expect(abs(entry.other[sample]) < 1e-5 * size, "\(entry.name)")
      }
    }
    #expect(perPosition.dim == [1])

    let denominator = try clipped(Tensor([3], rowMajor: [0.5, -0.001, 0]))  // 0.5, −0.01, 0.01

    #expect(denominator.rowMajorElements() == [0.5, -0.01, 0.01])
  }
}
