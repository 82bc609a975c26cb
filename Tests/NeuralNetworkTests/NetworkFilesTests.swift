import Compute
import NeuralNetwork
import Tensors
import Testing

/// Whether a file is as it was is asked of the network that has its numbers, not of all files of the process.
@Suite struct NetworkFilesTests {
  private struct Overwritten: Error, Equatable {
    let name: String
  }

  /// Ones that somebody may overwrite.
  private final class Memory: TensorMemoryOwner {
    let name: String
    let isOverwritten: Bool
    nonisolated(unsafe) let address: UnsafeMutablePointer<Float>

    init(_ name: String, count: Int, isOverwritten: Bool) {
      (self.name, self.isOverwritten) = (name, isOverwritten)
      address = .allocate(capacity: count)
      address.initialize(repeating: 1, count: count)
    }
    deinit { address.deallocate() }

    func retire(_ bytes: UnsafeRawBufferPointer) {}
    func checkUnchanged() throws { if isOverwritten { throw Overwritten(name: name) } }
  }

  private static func ones(_ shape: Shape, _ name: String = "ones", isOverwritten: Bool = true) -> Tensor {
    let memory = Memory(name, count: shape.count, isOverwritten: isOverwritten)
    return Tensor(shape, borrowing: memory.address, owner: memory)
  }

  /// Each with one tensor in a file that has changed.
  static let layers: [(name: String, make: @Sendable () throws -> any Layer)] = [
    ("weight", { try FullyConnected(weight: ones([2, 3])) }),
    ("bias", { try FullyConnected(weight: .zeros([2, 3]), bias: ones([2])) }),
    ("kernel", { try Convolution(geometry: .init(rank: 1), weight: ones([2, 3, 1])) }),
    ("variance", { try BatchNorm(weight: nil, bias: nil, mean: .zeros([3]), variance: ones([3])) }),
    ("norm", { try LayerNorm(weight: ones([3]), bias: nil) }),
    ("groups", { try GroupNorm(groups: 1, channels: 3, weight: ones([3])) }),
    ("scale", { Scale(weight: ones([3])) }),
    ("constant", { try Constant(ones([1, 3])) }),
    ("shift", { try Shift(ones([1, 3])) }),
    ("recurrence", { try Recurrence(.tanh, inputWeight: ones([2, 3]), recurrentWeight: .zeros([2, 2])) }),
  ]

  @Test("every tensor of a layer is asked about", arguments: layers.map(\.name))
  func asks(_ name: String) throws {
    let layer = try #require(Self.layers.first { $0.name == name }).make()
    var net = NetworkBuilder(name: "net")
    net.add("layer", layer)
    let network = try net.build()
    #expect(throws: Overwritten(name: "ones")) { try network.checkUnchanged() }
  }

  @Test("the file that changed is named, and others' files are no concern")
  func names() throws {
    let elsewhere = Self.ones([4], "elsewhere")
    var net = NetworkBuilder(name: "net")
    net.add("sound", try FullyConnected(weight: Self.ones([3, 3], "sound", isOverwritten: false)))
    net.add("relu", ActivationLayer(.relu))
    let sound = try net.build()
    try sound.checkUnchanged()
    net.add("damaged", try FullyConnected(weight: Self.ones([2, 3], "damaged")))
    let damaged = try net.build()
    #expect(throws: Overwritten(name: "damaged")) { try damaged.checkUnchanged() }
    #expect(elsewhere.count == 4)
  }
}
