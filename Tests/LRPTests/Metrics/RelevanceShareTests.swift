import LRP
import Tensors
import Testing

struct RelevanceShareTests {
  /// Two channels of 2 x 3 pixels; their sums are 1, -2, 3 and 4, 0, 6.
  private static let relevance = Tensor([1, 2, 2, 3], rowMajor: [2, -3, 3, 2, 1, 4, -1, 1, 0, 2, -1, 2])

  @Test("the share is of the channels' sums; the energy-based pointing game of the positive ones")
  func known() throws {
    let share = try RelevanceShare(of: Self.relevance, in: PixelRectangle(x: 1, y: 0, width: 2, height: 2))
    #expect(share.inside == 7 && share.total == 12 && share.share == 7.0 / 12)
    #expect(share.positiveInside == 9 && share.positiveTotal == 14 && share.positiveShare == 9.0 / 14)
    #expect(share.area == 4.0 / 6 && share.isHit)
    let other = try RelevanceShare(of: Self.relevance, in: PixelRectangle(x: 0, y: 0, width: 1, height: 2))
    #expect(other.share == 5.0 / 12 && !other.isHit)
    let all = try RelevanceShare(of: Self.relevance, in: PixelRectangle(x: 0, y: 0, width: 3, height: 2))
    #expect(all.share == 1 && all.positiveShare == 1 && all.area == 1)
  }

  @Test("where there is nothing, there is no share")
  func nothing() throws {
    let share = try RelevanceShare(
      of: Tensor.zeros([1, 1, 2, 2]), in: PixelRectangle(x: 0, y: 0, width: 1, height: 1))
    #expect(share.share == nil && share.positiveShare == nil && share.isHit)
  }

  @Test(
    "rectangles have to be inside",
    arguments: [(0, 0, 4, 1), (-1, 0, 2, 1), (0, 2, 1, 1), (0, 0, 0, 1), (1, 0, Int.max, 1), (Int.max, 0, Int.max, 1)])
  func outside(x: Int, y: Int, width: Int, height: Int) {
    let error = #expect(throws: LRPError.self) {
      _ = try RelevanceShare(of: Self.relevance, in: PixelRectangle(x: x, y: y, width: width, height: height))
    }
    #expect(error.map { "\($0)".contains("one inside the picture of 3 x 2 pixels expected") } == true)
  }
}
