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

  @Test func whatDoesNotFitTheInputIsSaid() throws {
    let gradient = try Gradient(TestNetworks.vgg())
    var settings = AttributorSettings(.integratedGradients)
    settings.baseline = .perChannel([0, 1])
    #expect(
      settings.objection(toInput: [1, 3, 8, 8]) == "baseline: 2 numbers found, 1 or 3 (one per channel) expected")
    #expect(throws: LRPError.self) { try settings.attributor(gradient, input: [1, 3, 8, 8]) }
    settings = AttributorSettings(.occlusion)
    settings.window = .last([1, 2, 3, 4, 5])
    #expect(settings.objection(toInput: [1, 3, 8, 8])?.contains("at most 4 expected") == true)
  }
}
