import Heatmaps
import Tensors
import Testing

struct HeatmapScaleTests {
  private static func map(_ values: [Float]) -> RelevanceMap {
    RelevanceMap(width: values.count, height: 1, values: values)
  }

  @Test("Without clipping the bounds are those of the normalisation", arguments: RelevanceNorm.allCases)
  func extremes(_ norm: RelevanceNorm) throws {
    let values: [Float] = [-3, 1, 2, 0.5]
    let scale = HeatmapScale(of: Self.map(values), norm: norm, percentile: 100)
    let bounds = try intervalNormBounds(Tensor([1, 4], rowMajor: values), norm: norm)
    #expect([scale.lower] == bounds.minimum.rowMajorElements())
    #expect([scale.upper] == bounds.maximum.rowMajorElements())
  }

  @Test("Percentiles are linear between neighbours", arguments: [0.0, 1, 10, 33.3, 50, 90, 99, 99.9, 100])
  func percentile(_ percentile: Double) {
    // 0…1000 in a scrambled order: the percentile p is 10 p.
    let values = (0...1000).map { Float($0 * 617 % 1001) }
    let scale = HeatmapScale(of: Self.map(values), norm: .absolute, percentile: percentile)
    let expected = percentile == 0 ? 1000 : Float(10 * percentile)
    #expect(abs(scale.upper - expected) < 1e-3)
  }

  @Test("Many equal values, and values in order, are no trouble")
  func selection() {
    for values in [[Float](repeating: 2, count: 5000), (0..<5000).map { Float($0) }, (0..<5000).map { Float(-$0) }] {
      let scale = HeatmapScale(of: Self.map(values), percentile: 50)
      let sorted = values.map { abs($0) }.sorted()
      #expect(scale.upper == (sorted[2499] + sorted[2500]) / 2)
      #expect(scale.lower == -scale.upper)
    }
  }

  @Test("Outliers are cut off to the ends")
  func clipped() {
    let values = (0..<1000).map { Float($0 % 10) / 10 } + [1e6, -1e6]
    let scale = HeatmapScale(of: Self.map(values))
    #expect(scale.upper < 1)
    #expect(scale.normalized(1e6) == 1)
    #expect(scale.normalized(-1e6) == 0)
    #expect(scale.normalized(0) == 0.5)
  }

  @Test("A map with few points is not scaled by its zeros")
  func sparse() {
    var values = [Float](repeating: 0, count: 1000)
    values[5] = 2
    #expect(HeatmapScale(of: Self.map(values)).upper == 2)
  }

  @Test("A map of zeros lies at the colour of zero", arguments: [RelevanceNorm.symmetric, .absolute])
  func zeros(_ norm: RelevanceNorm) {
    let scale = HeatmapScale(of: Self.map([0, 0]), norm: norm)
    #expect(scale.normalized(0) == (norm == .symmetric ? 0.5 : 0))
    #expect(scale.strength(0) == 0)
  }

  @Test("NaN and infinity are passed over in the bounds")
  func notFinite() {
    let scale = HeatmapScale(of: Self.map([.nan, .infinity, -2, 1]), percentile: 100)
    #expect(scale.upper == 2)
    #expect(scale.normalized(.nan).isNaN)
    #expect(scale.normalized(.infinity) == 1)
    let none = HeatmapScale(of: Self.map([.nan]), norm: .unaligned)
    #expect(none.lower == 0 && none.upper == 0)
    #expect(HeatmapScale(of: []).upper == 0)
  }

  @Test("Maps that are compared share the widest bounds")
  func shared() {
    let scale = HeatmapScale(of: [Self.map([1, -2]), Self.map([5, 0])], percentile: 100)
    #expect(scale.lower == -5 && scale.upper == 5)
    let unaligned = HeatmapScale(of: [Self.map([1, -2]), Self.map([5, 0])], norm: .unaligned, percentile: 100)
    #expect(unaligned.lower == -2 && unaligned.upper == 5)
  }

  @Test("A position of the bar stands for a value")
  func value() {
    let scale = HeatmapScale(norm: .symmetric, lower: -4, upper: 4)
    #expect(scale.value(at: 0.75) == 2)
    #expect(scale.strength(-4) == 1)
    #expect(scale.strength(2) == 0.5)
  }
}
