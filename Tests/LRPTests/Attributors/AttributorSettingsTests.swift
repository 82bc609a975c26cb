import LRP
import Tensors
import Testing

/// Attributors made from settings are those one would make by hand.
struct AttributorSettingsTests {
  private static func settings(_ kind: AttributorSettings.Kind) -> AttributorSettings {
    var settings = AttributorSettings(kind)
    settings.noiseLevel = 0.2
    settings.iterations = 3
    settings.seed = 7
    settings.baseline = .perChannel([0.1, -0.2, 0.3])
    settings.window = 4
    settings.stride = 4
    settings.fill = 0.5
    settings.invert = true
    return settings
  }

  private static func byHand(
    _ kind: AttributorSettings.Kind, _ gradient: Gradient, _ input: Tensor
  ) throws -> any Attributor {
    switch kind {
    case .gradient: return gradient
    case .smoothgrad: return SmoothGrad(gradient, noiseLevel: 0.2, iterations: 3, seed: 7)
    case .integratedGradients:
      let baseline = Tensor([1, 3, 1, 1], rowMajor: [0.1, -0.2, 0.3])
      return IntegratedGradients(gradient, iterations: 3, baseline: baseline)
    case .occlusion:
      return Occlusion(
        gradient.assignment.network, window: 4, stride: 4, fill: Tensor([1], filledWith: 0.5), invert: true)
    case .inputTimesGradient: return InputTimesGradient(gradient)
    }
  }

  @Test(arguments: AttributorSettings.Kind.allCases)
  func theyComputeTheSame(kind: AttributorSettings.Kind) throws {
    let gradient = try Gradient(TestNetworks.vgg(), composite: Preset.epsilonPlus.composite())
    let input = TestNetworks.picture()
    let expected = try Self.byHand(kind, gradient, input).attribute(input, .logit(.index(1)))
    let found = try Self.settings(kind).attributor(gradient, input: input.shape).attribute(input, .logit(.index(1)))
    #expect(found.relevance.isIdentical(to: expected.relevance))
  }

  @Test(arguments: AttributorSettings.Kind.allCases)
  func theSessionUsesThem(kind: AttributorSettings.Kind) async throws {
    let input = TestNetworks.picture()
    let network = try TestNetworks.vgg()
    let composite = try Preset.epsilonPlus.composite()
    let session = AttributionSession(network: network, input: input)
    let found = try await session.attribute(
      composite: composite, output: .logit(.top1), with: Self.settings(kind)
    ).attribution
    let top = try Target.top1.classes(for: found.output)
    let gradient = try Gradient(network, composite: composite)
    let expected = try Self.byHand(kind, gradient, input).attribute(input, .logit(.indices(top)))
    #expect(found.relevance.isIdentical(to: expected.relevance))
    #expect((found.ledger == nil) == (kind != .gradient), "only one backward pass has a ledger")
  }

  /// Each sample has its own part of a baseline or filling, whichever others it is explained with.
  @Test(arguments: [AttributorSettings.Kind.integratedGradients, .occlusion])
  func samplesKeepTheirOwnStart(kind: AttributorSettings.Kind) throws {
    let gradient = try Gradient(TestNetworks.vgg())
    let input = TestNetworks.picture(batch: 3)
    var settings = Self.settings(kind)
    let start = Tensor.random(input.shape, seed: 21)
    (settings.baseline, settings.fill) = (.tensor(start), .tensor(start))
    let whole = try settings.attributor(gradient, input: input.shape).attribute(input, .logit(.index(1))).relevance
    for sample in 0..<3 {
      let part = try settings.attributor(gradient, input: input.shape, samples: [sample])
        .attribute(input.sample(sample), .logit(.index(1))).relevance
      #expect(part.deviation(from: whole.sample(sample)) < 1e-5)
    }
  }

  @Test func whatDoesNotFitTheInputIsSaid() throws {
    let gradient = try Gradient(TestNetworks.vgg())
    var settings = AttributorSettings(.integratedGradients)
    settings.baseline = .perChannel([0, 1])
    #expect(
      settings.objection(toInput: [1, 3, 8, 8]) == "baseline: 2 numbers found, 1 or 3 (one per channel) expected")
    #expect(throws: LRPError.self) { try settings.attributor(gradient, input: [1, 3, 8, 8]) }
    for kind in [AttributorSettings.Kind.integratedGradients, .occlusion] {
      var settings = AttributorSettings(kind)
      for shape in [[2, 3, 8, 8], [1, 3, 8, 7], [1, 4, 1, 1], [5], [3, 3, 8, 8, 1]] as [Shape] {
        (settings.baseline, settings.fill) = (.tensor(.zeros(shape)), .tensor(.zeros(shape)))
        let name = kind == .occlusion ? "fill" : "baseline"
        #expect(
          settings.objection(toInput: [4, 3, 8, 8])
            == "\(name): a tensor of shape \(shape) found, (1, 3, 8, 8) or (4, 3, 8, 8) expected")
        #expect(throws: LRPError.self) { try settings.attributor(gradient, input: [4, 3, 8, 8], samples: [3]) }
        let byHand: any Attributor =
          kind == .occlusion
          ? Occlusion(gradient.assignment.network, fill: .zeros(shape))
          : IntegratedGradients(gradient, baseline: .zeros(shape))
        #expect(throws: LRPError.self) { try byHand.attribute(.zeros([4, 3, 8, 8]), .output) }
      }
      for shape in [[1, 3, 8, 8], [4, 3, 8, 8], [1, 3], [1], [4], [1, 1, 8, 1]] as [Shape] {
        (settings.baseline, settings.fill) = (.tensor(.zeros(shape)), .tensor(.zeros(shape)))
        #expect(settings.objection(toInput: [4, 3, 8, 8]) == nil)
      }
    }
    settings = AttributorSettings(.occlusion)
    settings.window = .last([1, 2, 3, 4, 5])
    #expect(settings.objection(toInput: [1, 3, 8, 8])?.contains("at most 4 expected") == true)
  }
}
