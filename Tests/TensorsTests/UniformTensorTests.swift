import Tensors
import Testing

/// Tensors of equal elements, which take memory when somebody reads them.
struct UniformTensorTests {
  @Test func elementsAreStoredWhenTheyAreRead() {
    let tensor = Tensor.uniform([2, 3, 2, 2], 0.5)
    #expect(tensor.unstoredElement == 0.5 && tensor.count == 24)
    #expect(tensor.isAnyPositive && !tensor.isAnyNegative)
    #expect(tensor.converted(to: .rowMajor).rowMajorElements() == [Float](repeating: 0.5, count: 24))
    #expect(tensor.viewed(as: [6, 4]).unstoredElement == 0.5)
    #expect(tensor.unstoredElement == 0.5, "nobody has read it")
    #expect(tensor.sum() == 12)
    #expect(tensor.unstoredElement == nil)
  }

  @Test func writingChangesOneCopyOnly() {
    let tensor = Tensor.uniform([4], 2)
    var copy = tensor
    copy.withUnsafeMutableBufferPointer { $0[1] = 7 }
    #expect(copy.rowMajorElements() == [2, 7, 2, 2])
    #expect(tensor.rowMajorElements() == [2, 2, 2, 2])
  }

  @Test func manyThreadsReadTheSame() async {
    for _ in 0..<200 {
      let tensor = Tensor.uniform([1000], -1)
      await withTaskGroup(of: Double.self) { group in
        for _ in 0..<4 { group.addTask { tensor.sum() } }
        for await sum in group { #expect(sum == -1000) }
      }
    }
  }
}
