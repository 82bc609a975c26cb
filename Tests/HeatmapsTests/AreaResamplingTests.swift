import Heatmaps
import Testing

struct AreaResamplingTests {
  private static func map(_ width: Int, _ height: Int) -> RelevanceMap {
    RelevanceMap(
      width: width, height: height,
      values: (0..<width * height).map { Float(($0 * 7919) % 101) / 50 - 1 })
  }

  @Test(
    "Sums are kept when a map is reduced",
    arguments: [(224, 224, 60, 60), (224, 224, 37, 41), (7, 5, 3, 2), (100, 1, 7, 1), (5, 5, 5, 5), (9, 9, 1, 1)])
  func sums(_ width: Int, _ height: Int, _ newWidth: Int, _ newHeight: Int) {
    let map = Self.map(width, height)
    let reduced = map.resampled(width: newWidth, height: newHeight)
    #expect((reduced.width, reduced.height) == (newWidth, newHeight))
    let scale = map.values.reduce(0) { $0 + Double(abs($1)) }
    #expect(abs(reduced.sum - map.sum) < 1e-6 * scale)
  }

  @Test("Positions on a border are shared out by the length of overlap")
  func shares() {
    let map = RelevanceMap(width: 3, height: 1, values: [3, 6, 30])
    #expect(map.resampled(width: 2, height: 1).values == [6, 33])
    #expect(map.resampled(width: 2, height: 1, quantity: .mean).values == [4, 22])
  }

  @Test("No single position is lost")
  func nothingLost() {
    for place in 0..<64 {
      var values = [Float](repeating: 0, count: 64)
      values[place] = 1
      let reduced = RelevanceMap(width: 64, height: 1, values: values).resampled(width: 13, height: 1)
      #expect(abs(reduced.sum - 1) < 1e-6)
    }
  }

  @Test("Small maps are enlarged without smoothing")
  func enlarged() {
    let map = RelevanceMap(width: 2, height: 2, values: [1, 2, 3, 4])
    let large = map.resampled(width: 4, height: 4, quantity: .mean)
    #expect(large.values == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    #expect(map.resampled(width: 4, height: 4).sum == map.sum)
    let odd = map.resampled(width: 5, height: 2, quantity: .mean)
    #expect(Set(odd.values) == [1, 2, 3, 4])
  }

  @Test("A constant map stays what it is", arguments: [(3, 11), (30, 2), (17, 17)])
  func constant(_ width: Int, _ height: Int) {
    let map = RelevanceMap(width: 12, height: 7, values: [Float](repeating: 0.75, count: 84))
    let resampled = map.resampled(width: width, height: height, quantity: .mean)
    #expect(resampled.values.allSatisfy { abs($0 - 0.75) < 1e-6 })
  }

  @Test("NaN shows in every position it falls into")
  func notANumber() {
    let map = RelevanceMap(width: 3, height: 1, values: [1, .nan, 1])
    #expect(map.resampled(width: 2, height: 1).values.allSatisfy { $0.isNaN })
  }

  @Test("Sizes without positions give an empty map")
  func empty() {
    #expect(Self.map(3, 3).resampled(width: 0, height: 5).values.isEmpty)
    #expect(RelevanceMap(width: 0, height: 0, values: []).resampled(width: 4, height: 4).values.isEmpty)
    #expect(Self.map(3, 3).resampled(width: -1, height: 5).values.isEmpty)
  }

  @Test("A probe knows which positions a cell stands for")
  func probe() throws {
    let map = Self.map(224, 112)
    let first = try #require(map.positions(inCell: (0, 0), ofGrid: 60, 56))
    #expect(first.columns == 0..<4 && first.rows == 0..<2)
    let last = try #require(map.positions(inCell: (59, 55), ofGrid: 60, 56))
    #expect(last.columns == 220..<224 && last.rows == 110..<112)
    let enlarged = try #require(Self.map(2, 2).positions(inCell: (3, 0), ofGrid: 4, 4))
    #expect(enlarged.columns == 1..<2 && enlarged.rows == 0..<1)
    #expect(map.positions(inCell: (60, 0), ofGrid: 60, 56) == nil)
  }
}
