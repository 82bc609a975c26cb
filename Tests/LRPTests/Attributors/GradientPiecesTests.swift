import LRP
import NeuralNetwork
import Tensors
import Testing

/// Large batches are explained in pieces.
struct GradientPiecesTests {
  private static let input = TestNetworks.picture(batch: 5)
  private static let relevances: [OutputRelevance] = [
    .output, .logit(.top1), .logit(.index(1)), .one(.indices([0, 1, 2, 3, 4].map { $0 % 3 })),
  ]

  private static func gradient(
    _ stabilizer: Stabilizer = 1e-6, on network: Network? = nil
  ) throws -> Gradient {
    let composite = LayerMapComposite(
      layerMap: .base(stabilizer: stabilizer) + [LayerMapEntry(.linear, ZPlus(stabilizer: stabilizer))],
      canonizers: [SequentialMergeBatchNorm()])
    return Gradient(try composite.apply(to: try network ?? TestNetworks.vgg()))
  }

  @Test(arguments: [1, 2, 3, 4])
  func piecesGiveWhatTheWholeGives(_ size: Int) throws {
    for network in [try TestNetworks.vgg(), try TestNetworks.residual()] {
      let gradient = try Self.gradient(on: network)
      let output = try gradient.attribute(Self.input, .output).output
      for relevance in Self.relevances + [.tensor(output * 2)] {
        let whole = try gradient.attributeWhole(Self.input, relevance) { _ in }
        var shares: [Double] = []
        let pieces = try gradient.attribute(Self.input, inPiecesOf: size, relevance) { shares.append($0.share) }
        #expect(pieces.output.shape == whole.output.shape && pieces.relevance.shape == Self.input.shape)
        #expect(pieces.relevance.deviation(from: whole.relevance) < 1e-6)
        #expect(shares == shares.sorted() && shares.allSatisfy { (0...1).contains($0) })
      }
    }
  }

  @Test func theLargestActivationDecides() throws {
    var gradient = try Self.gradient()
    let shapes = try gradient.assignment.network.shapes(forInput: Self.input.shape.withBatch(1))
    let bytes = 4 * (shapes.map(\.count).max() ?? 0)
    for (limit, size) in [(0, 1), (bytes, 1), (2 * bytes + 1, 2), (4 * bytes, 3), (100 * bytes, 5)] {
      gradient.pieceBytes = limit
      #expect(gradient.pieceSize(for: Self.input.shape, .output) == size, "\(limit) bytes")
    }
  }

  /// Whatever looks at all samples together gets them together.
  @Test func someBatchesStayWhole() throws {
    func size(_ gradient: Gradient, _ relevance: OutputRelevance = .output) -> Int {
      var gradient = gradient
      gradient.pieceBytes = 0
      return gradient.pieceSize(for: Self.input.shape, relevance)
    }
    let gradient = try Self.gradient()
    #expect(size(gradient) == 1)
    #expect(size(try Self.gradient(Stabilizer(0.1, normScale: true))) == 1)
    #expect(size(try Self.gradient(Stabilizer(0.1, normScale: true, dim: [0, 1]))) == 5)
    #expect(size(try Self.gradient(Stabilizer(named: "plus itself") { $0 + $0 })) == 5)
    #expect(size(gradient, .function { $0 }) == 5)
    #expect(size(gradient, .logit(.indices([0]))) == 5)
    #expect(size(gradient, .tensor(Tensor.zeros([5, 1]))) == 5)
    #expect(size(Gradient(gradient.assignment, keepsNodeRelevance: true)) == 5)
    #expect(size(Gradient(gradient.assignment, keepsLedger: true)) == 5)
    #expect(size(Gradient(gradient.assignment, keepsParameterRelevance: true)) == 5)
    #expect(size(Gradient(gradient.assignment, isUsedOnce: true)) == 5)
  }

  @Test func mistakesAreSaidAsOfTheWhole() throws {
    var gradient = try Self.gradient()
    gradient.pieceBytes = 0
    let error = #expect(throws: LRPError.self) { try gradient.attribute(Self.input, .logit(.indices([0]))) }
    #expect("\(try #require(error))".contains("1 classes found for 5 samples"))
    #expect(throws: LRPError.self) { try gradient.attribute(Self.input, .one(.index(99))) }
  }
}
