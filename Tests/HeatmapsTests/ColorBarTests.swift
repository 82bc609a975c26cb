import Heatmaps
import Testing

struct ColorBarTests {
  @Test(
    "Numbers have three digits and stay short",
    arguments: [
      (Float(0), "0"), (1, "1.00"), (-0.0132, "-0.0132"), (12.5, "12.5"), (0.9996, "1.00"), (99.96, "100"),
      (123456, "123000"),
      (0.001, "0.00100"), (0.000999, "9.99e-04"), (3.2e-7, "3.20e-07"), (-1.5e10, "-1.50e+10"),
      (.leastNormalMagnitude, "1.18e-38"),
      (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"), (999_999, "1.00e+06"), (3.4e38, "3.40e+38"),
    ])
  func label(_ value: Float, _ expected: String) {
    #expect(ColorBar.label(value) == expected)
    #expect(ColorBar.label(value).count <= 9)
  }

  @Test("A bar names its ends, and zero between them")
  func ticks() throws {
    let map = try ColorMap("bwr")
    let symmetric = ColorBar(scale: HeatmapScale(norm: .symmetric, lower: -2, upper: 2), colorMap: map, count: 20)
    #expect(symmetric.colors.count == 20)
    #expect(symmetric.ticks.map(\.label) == ["-2.00", "0", "2.00"])
    #expect(symmetric.ticks.map(\.position) == [0, 0.5, 1])
    let absolute = ColorBar(scale: HeatmapScale(norm: .absolute, lower: 0, upper: 3), colorMap: map, count: 5)
    #expect(absolute.ticks.map(\.label) == ["0", "3.00"])
    let unaligned = ColorBar(scale: HeatmapScale(norm: .unaligned, lower: -1, upper: 3), colorMap: map, count: 5)
    #expect(unaligned.ticks.map(\.position) == [0, 0.25, 1])
    let flat = ColorBar(scale: HeatmapScale(norm: .unaligned, lower: 1, upper: 1), colorMap: map, count: 5)
    #expect(flat.ticks.map(\.label) == ["1.00"])
  }
}
