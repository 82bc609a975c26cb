import Synchronization
import Tensors
import Testing

@Suite struct ShapeTests {
  @Test(arguments: [
    ([2, 3, 4, 5], 120, 2, 3, 20), ([7], 7, 7, 1, 1), ([], 1, 1, 1, 1), ([2, 0, 3], 0, 2, 0, 3),
  ])
  func extents(_ dimensions: [Int], count: Int, batch: Int, channels: Int, spatial: Int) {
    let shape = Shape(dimensions)
    #expect(shape.count == count)
    #expect(shape.batch == batch)
    #expect(shape.channels == channels)
    #expect(shape.spatialCount == spatial)
  }

  @Test func untrustedExtentsAreChecked() {
    #expect(Shape(checking: [2, 3]) == [2, 3])
    #expect(Shape(checking: [-1, 3]) == nil)
    #expect(Shape(checking: [Int.max, 2]) == nil)
    #expect(Shape(checking: [1 << 40, 1 << 40]) == nil)
  }
}

@Suite struct TensorTests {
  @Test(arguments: [[2, 3, 4, 5], [1, 1, 7, 3], [3, 17, 33], [2, 5, 3, 4, 2], [4, 6], [1, 40, 70, 50]])
  func layoutsHoldTheSameLogicalArray(_ dimensions: [Int]) {
    let shape = Shape(dimensions)
    let elements = (0..<shape.count).map { Float($0) }
    let tensor = Tensor(shape, rowMajor: elements)
    #expect(tensor.rowMajorElements() == elements)
    #expect(tensor.converted(to: .rowMajor).converted(to: .channelsLast).rowMajorElements() == elements)
  }

  @Test func channelsLastStoresChannelsInnermost() {
    let tensor = Tensor([1, 2, 2, 2], rowMajor: [0, 1, 2, 3, 10, 11, 12, 13])
    #expect(tensor.withUnsafeBufferPointer { Array($0) } == [0, 10, 1, 11, 2, 12, 3, 13])
  }

  @Test func writingToACopyLeavesTheOriginal() {
    let original = Tensor([2, 2], rowMajor: [1, 2, 3, 4])
    var copy = original
    #expect(copy.sharesMemory(with: original))
    copy.withUnsafeMutableBufferPointer { $0[0] = 9 }
    #expect(original.rowMajorElements() == [1, 2, 3, 4])
    #expect(copy.rowMajorElements() == [9, 2, 3, 4])
  }

  @Test func writingInPlaceMakesNoCopy() {
    var tensor = Tensor([2, 2], rowMajor: [1, 2, 3, 4])
    let address = tensor.unsafeAddress
    tensor += Tensor([2, 2], filledWith: 1)
    #expect(tensor.unsafeAddress == address)
    #expect(tensor.rowMajorElements() == [2, 3, 4, 5])
  }

  private final class Owner: TensorMemoryOwner {
    let retired = Mutex<[Int]>([])
    func retire(_ bytes: UnsafeRawBufferPointer) {
      retired.withLock { $0.append(bytes.count) }
    }
    func checkUnchanged() {}
  }

  @Test func borrowedMemoryIsCopiedBeforeWriting() {
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 4)
    defer { memory.deallocate() }
    memory.initialize(repeating: 5, count: 4)
    let owner = Owner()
    var tensor = Tensor([4], borrowing: memory, owner: owner)
    tensor.retireBorrowedMemory()
    #expect(owner.retired.withLock { $0 } == [16])
    tensor.withUnsafeMutableBufferPointer { $0[0] = 1 }
    #expect(memory[0] == 5)
    #expect(tensor.rowMajorElements() == [1, 5, 5, 5])
    // It is the tensor's own now.
    tensor.retireBorrowedMemory()
    #expect(owner.retired.withLock { $0.count } == 1)
  }

  @Test func samplesAreCutAndStacked() {
    let tensor = Tensor([3, 2, 1, 2], rowMajor: (0..<12).map { Float($0) })
    #expect(tensor.sample(1).rowMajorElements() == [4, 5, 6, 7])
    let stacked = Tensor.stacked([tensor.samples(0..<2), tensor.sample(2)])
    #expect(stacked.rowMajorElements() == tensor.rowMajorElements())
  }

  @Test func partsKeepNaN() {
    let tensor = Tensor([4], rowMajor: [-1, 2, .nan, -0.0])
    let (positive, negative) = (tensor.positivePart.rowMajorElements(), tensor.negativePart.rowMajorElements())
    #expect(positive[0] == 0 && positive[1] == 2 && positive[2].isNaN)
    #expect(negative[0] == -1 && negative[1] == 0 && negative[2].isNaN)
  }
}

@Suite struct ReductionTests {
  /// Larger than one thread's share, so that the pieces are put together too.
  private static let elements = (0..<200_003).map { Float(($0 * 7919) % 2001 - 1000) / 1000 }
  private let tensor = Tensor([1, elements.count], rowMajor: elements)

  @Test func summaryAgreesWithALoop() {
    let summary = tensor.summary()
    let elements = Self.elements
    #expect(abs(summary.sum - elements.reduce(0.0) { $0 + Double($1) }) < 1e-9)
    #expect(abs(summary.positive - elements.filter { $0 > 0 }.reduce(0.0) { $0 + Double($1) }) < 1e-9)
    #expect(summary.minimum == elements.min())
    #expect(summary.maximum == elements.max())
    #expect(summary.zeros == elements.count { $0 == 0 })
    #expect(!summary.hasNaN)
  }

  @Test func nanIsReported() {
    let summary = Tensor([3], rowMajor: [1, .nan, 2]).summary()
    #expect(summary.hasNaN)
    #expect(summary.sum.isNaN)
  }

  @Test func sampleSumsAreSeparate() {
    #expect(Tensor([2, 3], rowMajor: [1, 2, 3, 10, 20, 30]).sampleSums() == [6, 60])
  }
}

@Suite struct ParallelTests {
  @Test(arguments: [0, 1, 15, 16, 17, 1000, 1_000_003])
  func everyElementIsVisitedOnce(_ count: Int) {
    var tensor = Tensor.zeros([count])
    tensor.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(count, grain: 16) { range in for i in range { target.pointer[i] += 1 } }
    }
    #expect(tensor.rowMajorElements().allSatisfy { $0 == 1 })
  }
}
