import Heatmaps
import Tensors
import Testing

struct RelevanceMapTests {
  static let values = (0..<2 * 3 * 2 * 4).map { Float($0) }

  @Test("Channels are summed in either layout", arguments: [Tensor.Layout.channelsLast, .rowMajor])
  func channelSum(_ layout: Tensor.Layout) throws {
    let tensor = Tensor([2, 3, 2, 4], rowMajor: Self.values, layout: layout)
    let map = try RelevanceMap(channelSumOf: tensor, sample: 1)
    #expect((map.width, map.height) == (4, 2))
    #expect(map.values == [96, 99, 102, 105, 108, 111, 114, 117])
    #expect(map.sum == tensor.sampleSums()[1])
    #expect(map[3, 1] == map.values[7])
    #expect(map[4, 0] == nil)
  }

  @Test("One channel, and the strongest first", arguments: [Tensor.Layout.channelsLast, .rowMajor])
  func channels(_ layout: Tensor.Layout) throws {
    let tensor = Tensor([1, 3, 1, 2], rowMajor: [1, -1, -5, 2, 3, 3], layout: layout)
    #expect(try RelevanceMap(channel: 1, of: tensor).values == [-5, 2])
    #expect(try RelevanceMap.strongestChannels(of: tensor, count: 2) == [1, 2])
    #expect(try RelevanceMap.strongestChannels(of: tensor, count: 9) == [1, 2, 0])
    #expect(throws: HeatmapError.self) { try RelevanceMap(channel: 3, of: tensor) }
    #expect(throws: HeatmapError.self) { try RelevanceMap(channelSumOf: tensor, sample: 1) }
  }

  @Test("Fewer and more axes are laid out as rows and summed")
  func axes() throws {
    let flat = try RelevanceMap(channelSumOf: Tensor([1, 3], rowMajor: [1, 2, 3]))
    #expect(flat == RelevanceMap(width: 3, height: 1, values: [1, 2, 3]))
    let line = try RelevanceMap(channelSumOf: Tensor([1, 2, 2], rowMajor: [1, 2, 3, 4]))
    #expect(line == RelevanceMap(width: 2, height: 1, values: [4, 6]))
    let volume = Tensor([1, 2, 2, 1, 2], rowMajor: [1, 2, 3, 4, 5, 6, 7, 8], layout: .rowMajor)
    #expect(try RelevanceMap(channelSumOf: volume) == RelevanceMap(width: 2, height: 1, values: [16, 20]))
    #expect(try RelevanceMap(channelSumOf: volume.converted(to: .channelsLast)).values == [16, 20])
    #expect(throws: HeatmapError.self) { try RelevanceMap(channelSumOf: Tensor([3], rowMajor: [1, 2, 3])) }
  }

  @Test("Maps are subtracted if they are of one size")
  func difference() {
    let map = RelevanceMap(width: 2, height: 1, values: [3, 4])
    #expect(map.minus(RelevanceMap(width: 2, height: 1, values: [1, 6]))?.values == [2, -2])
    #expect(map.minus(RelevanceMap(width: 1, height: 2, values: [1, 6])) == nil)
  }
}
