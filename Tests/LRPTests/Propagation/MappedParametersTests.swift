import LRP
import NeuralNetwork
import Synchronization
import Tensors
import Testing

/// Parameters in memory that is not the tensors' own, such as a mapped file's.
struct MappedParametersTests {
  private final class Memory: TensorMemoryOwner {
    let elements: [Float]
    nonisolated(unsafe) let address: UnsafeMutablePointer<Float>
    let retired = Mutex(0)

    init(_ elements: [Float]) {
      self.elements = elements
      address = .allocate(capacity: elements.count)
      address.initialize(from: elements, count: elements.count)
    }

    deinit { address.deallocate() }

    func retire(_ bytes: UnsafeRawBufferPointer) { retired.withLock { $0 += bytes.count } }
    func checkUnchanged() {}
  }

  private func network(_ weight: Tensor) throws -> Network {
    var builder = NetworkBuilder(name: "borrowed")
    builder.add("classifier", try FullyConnected(weight: weight))
    return try builder.build()
  }

  @Test func whoExplainsOnceGivesThemBackASessionDoesNot() async throws {
    let elements = Tensor.random([5, 12], seed: 3, scale: 1).rowMajorElements()
    let memory = Memory(elements)
    let borrowed = try network(Tensor([5, 12], borrowing: memory.address, owner: memory))
    let input = Tensor.random([1, 12], seed: 4, scale: 1)
    let composite = try Preset.named("epsilon_plus").composite(PresetOptions())
    let expected = try Gradient(network(Tensor([5, 12], rowMajor: elements)), composite: composite)
      .attribute(input, .logit(.index(2))).relevance

    let session = AttributionSession(network: borrowed, input: input)
    let kept = try await session.attribute(composite: composite, output: .logit(.index(2)))
    #expect(kept.attribution.relevance.isIdentical(to: expected))
    #expect(memory.retired.withLock { $0 } == 0)

    let often = try Gradient(borrowed, composite: composite)
    #expect(try often.attribute(input, .logit(.index(2))).relevance.isIdentical(to: expected))
    #expect(memory.retired.withLock { $0 } == 0)

    let once = Gradient(often.assignment, isUsedOnce: true)
    for pass in 1...2 {
      let relevance = try once.attribute(input, .logit(.index(2))).relevance
      #expect(relevance.isIdentical(to: expected))
      #expect(memory.retired.withLock { $0 } == pass * 4 * 60)
    }
  }
}
