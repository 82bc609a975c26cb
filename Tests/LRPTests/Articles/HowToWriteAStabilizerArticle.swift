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
        LayerMapEntry(.convolution, try Gamma(gamma: 0.25, stabilizer: rooted)),
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
    // Two channels of two pixels; squares are averaged over all, or over the channels at each pixel.
    let z = Tensor([1, 2, 1, 2], rowMajor: [3, 0.1, -4, -7])
    func close(_ stabilizer: Stabilizer, _ expected: [Double]) throws -> Bool {
      zip(try stabilizer(z).rowMajorElements(), expected).allSatisfy { abs(Double($0) - $1) < 1e-6 }
    }
    let squares: [Double] = [9, 0.01, 16, 49]
    let root = (squares.reduce(0, +) / 4).squareRoot() / 4
    let side = ((squares[1] + squares[3]) / 2).squareRoot() / 4
    let roots = squares.map { ($0 + 0.01).squareRoot() }
    #expect(try close(scaled, [3 + root, 0.1 + root, -4 - root, -7 - root]))
    #expect(try close(perPosition, [3, side, -4, -7]))
    #expect(try close(rooted, [roots[0], roots[1], -roots[2], -roots[3]]))

    let denominator = try clipped(Tensor([3], rowMajor: [0.5, -0.001, 0]))  // 0.5, −0.01, 0.01

    #expect(denominator.rowMajorElements() == [0.5, -0.01, 0.01])
  }
}
