import Compute
import LRP
import NeuralNetwork
import Tensors
import Testing

@Suite struct ProfileTests {
  /// A machine that makes one operation and moves one byte per second.
  private static let slow = MachineLimits(flopsPerSecond: 1, bytesPerSecond: 1)

  @Test func everyLayerIsTimedAndCounted() throws {
    let network = try TestNetworks.vgg()
    let composite = try Preset.named("epsilon_plus").composite(PresetOptions())
    let profile = try Profile(
      of: composite.apply(to: network), input: TestNetworks.picture(), output: .logit(.index(1)), repeats: 2,
      limits: Self.slow)
    #expect(profile.layers.map(\.name) == network.nodes.dropFirst().map(\.name))
    for layer in profile.layers {
      #expect(layer.forwardSeconds > 0 && layer.backwardSeconds > 0, "\(layer.name)")
      #expect(layer.work.bytes > 0)
    }
    // The nodes' times are parts of the whole; medians of parts need not add up to the median of the whole.
    let sum = profile.layers.reduce(0) { $0 + $1.seconds }
    #expect(sum > 0.2 * profile.seconds && sum < 2 * profile.seconds)
    let lost = profile.worstFirst.map(\.lostSeconds)
    #expect(lost == lost.sorted(by: >))
  }

  /// A batch that is worked on in pieces comes to each layer several times; all of it counts.
  @Test func layersAddUpToTheTotalAlsoInPieces() throws {
    let assignment = try Preset.named("epsilon_plus").composite().apply(to: TestNetworks.vgg())
    let input = TestNetworks.picture(batch: 8192)
    #expect(Gradient(assignment).pieceSize(for: input.shape, .logit(.index(1))) < 8192)
    let profile = try Profile(of: assignment, input: input, output: .logit(.index(1)), repeats: 1, limits: Self.slow)
    let sum = profile.layers.reduce(0) { $0 + $1.seconds }
    #expect(sum > 0.95 * profile.seconds && sum <= 1.0001 * profile.seconds)
  }

  @Test func theLimitIsThatOfArithmeticOrMemory() throws {
    let network = try TestNetworks.vgg()
    func layer(_ limits: MachineLimits) throws -> LayerProfile {
      let profile = try Profile(
        of: Assignment(gradientOf: network), input: TestNetworks.picture(batch: 1), output: .logit(.index(1)),
        repeats: 1,
        limits: limits)
      return try #require(profile.layers.first { $0.name == "features.2" })
    }
    // 8 x 12 x 12 outputs of 8 · 3 · 3 products, forward and backward.
    let flops = 2.0 * 2 * 8 * 12 * 12 * 8 * 9
    let compute = try layer(MachineLimits(flopsPerSecond: 1, bytesPerSecond: 1e9))
    #expect(compute.isComputeBound && compute.work.flops == flops && abs(compute.limitSeconds - flops) < 1)
    let memory = try layer(MachineLimits(flopsPerSecond: 1e12, bytesPerSecond: 1))
    #expect(!memory.isComputeBound && memory.limitSeconds == 2 * 4 * Double(2 * 8 * 144 + 8 * 8 * 9 + 8))
  }

  @Test func cachesCountForWhatFitsThem() {
    let limits = MachineLimits(
      flopsPerSecond: 1, bytesPerSecond: 10,
      caches: [.init(bytes: 1000, bytesPerSecond: 40), .init(bytes: 100, bytesPerSecond: 80)])
    #expect([1, 100, 999].map { limits.bytesPerSecond(forBytes: $0) } == [80, 80, 80])
    #expect([1000, 2000].map { limits.bytesPerSecond(forBytes: $0) } == [40, 40])
    #expect(limits.bytesPerSecond(forBytes: 2001) == 10)
    #expect(MachineLimits(flopsPerSecond: 1, bytesPerSecond: 10).bytesPerSecond(forBytes: 1) == 10)
  }

  @Test func whatIsFasterThanItsLimitIsInCache() throws {
    let network = try TestNetworks.vgg()
    func profile(_ limits: MachineLimits) throws -> Profile {
      try Profile(
        of: Assignment(gradientOf: network), input: TestNetworks.picture(batch: 1), output: .logit(.index(1)),
        repeats: 1, limits: limits)
    }
    let slow = try profile(MachineLimits(flopsPerSecond: 1e30, bytesPerSecond: 1))
    #expect(slow.layers.allSatisfy { $0.isInCache })
    #expect(slow.limitSeconds == slow.layers.reduce(0) { $0 + $1.seconds })
    let fast = try profile(MachineLimits(flopsPerSecond: 1e30, bytesPerSecond: 1e30))
    #expect(!fast.layers.contains { $0.isInCache } && fast.limitSeconds < 1e-9)
    // Arithmetic has no cache.
    let busy = try profile(MachineLimits(flopsPerSecond: 1, bytesPerSecond: 1e30))
    #expect(busy.layers.first { $0.name == "features.2" }?.isInCache == false)
    #expect(busy.layers.first { $0.name == "features.2" }?.skipsZeros == true)
  }

  @Test func theMachineHasLimits() throws {
    let limits = try MachineLimits.measured(rounds: 1)
    #expect(limits.flopsPerSecond > 1e8 && limits.flopsPerSecond < 1e15)
    let speeds = [limits.bytesPerSecond] + limits.caches.map(\.bytesPerSecond)
    for speed in speeds {
      #expect(speed > 1e8 && speed < 1e14)
    }
    let sizes = limits.caches.map(\.bytes)
    #expect(!sizes.isEmpty && sizes == sizes.sorted())
  }
}
