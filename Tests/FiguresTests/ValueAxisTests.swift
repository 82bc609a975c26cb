import Figures
import Testing

struct ValueAxisTests {
  private func labels(_ values: [Double], _ scale: AxisScale = .linear, zero: Bool = false, count: Int = 5) -> [String]
  {
    ValueAxis(covering: values, scale: scale, includesZero: zero, tickCount: count).ticks.map(\.label)
  }

  @Test("Linear ticks are round and cover the values")
  func linear() {
    #expect(labels([0, 1]) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels([-0.03, 0.9031]) == ["-0.2", "0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels([3, 97]) == ["0", "20", "40", "60", "80", "100"])
    #expect(labels([0.3], zero: true, count: 3) == ["0", "0.1", "0.2", "0.3"])
    #expect(labels([2e-6, 1e-5]) == ["2e-06", "4e-06", "6e-06", "8e-06", "1.0e-05"])
    #expect(labels([0, 2_500_000]) == ["0", "5e+05", "1.0e+06", "1.5e+06", "2.0e+06", "2.5e+06"])
  }

  @Test("Logarithmic ticks are powers of ten, or 1, 2 and 5 within two decades")
  func logarithmic() {
    #expect(labels([1.4, 8], .logarithmic) == ["1", "2", "5", "10"])
    #expect(labels([0.3, 30], .logarithmic) == ["0.1", "1", "10", "100"])
    #expect(labels([1, 64], .logarithmic) == ["1", "2", "5", "10", "20", "50", "100"])
    #expect(labels([1e-9, 1], .logarithmic) == ["1e-9", "1e-7", "1e-5", "0.001", "0.1", "10"])
    #expect(labels([5, 5], .logarithmic).count >= 2)
  }

  @Test(
    "Whatever the values, the axis has a width and few ticks",
    arguments: [
      [], [0], [5, 5], [-3, -3], [.nan, .infinity, -.infinity], [1e300, 2], [1e-300, 0], [1e99, -1e99], [1, 1 + 1e-15],
      [1e8, 1e8 + 1], [-1e-90, 1e-90], [.greatestFiniteMagnitude, .leastNonzeroMagnitude],
    ])
  func extremes(_ values: [Double]) {
    for scale in [AxisScale.linear, .logarithmic] {
      for count in [0, 1, 3, 6] {
        let axis = ValueAxis(covering: values, scale: scale, tickCount: count)
        #expect(axis.lower < axis.upper)
        #expect((1...60).contains(axis.ticks.count), "\(axis.ticks.count) ticks")
        for tick in axis.ticks {
          #expect(tick.value >= axis.lower - (axis.upper - axis.lower) * 1e-6)
          #expect(tick.value <= axis.upper + (axis.upper - axis.lower) * 1e-6)
          #expect(tick.label.count <= 16)
        }
        for value in values {
          if let position = axis.position(value) { #expect((0...1).contains(position)) }
        }
      }
    }
  }

  @Test("Positions are shares of the axis; what has no place has none")
  func positions() throws {
    let linear = ValueAxis(covering: [-1, 1], tickCount: 4)
    #expect(linear.position(0) == 0.5)
    #expect(linear.position(7) == 1)
    #expect(linear.position(.nan) == nil)
    let logarithmic = ValueAxis(covering: [1, 10_000], scale: .logarithmic)
    #expect(abs(try #require(logarithmic.position(100)) - 0.5) < 1e-12)
    #expect(logarithmic.position(0) == nil)
    #expect(logarithmic.position(-1) == nil)
  }

  @Test("Percentages")
  func percentages() {
    #expect(ValueText.percent(0.4321) == "43 %")
    #expect(ValueText.percent(0.004) == "0.4 %")
    #expect(ValueText.percent(0.0996) == "10 %")
    #expect(ValueText.percent(-0.12) == "-12 %")
    #expect(ValueText.percent(1) == "100 %")
    #expect(ValueText.percent(-1e-9) == "0 %")
    #expect(ValueText.percent(nil) == "\u{2013}")
    #expect(ValueText.percent(.nan) == "nan")
    #expect(ValueText.percent(1e9) == "1.0e+11 %")
  }
}
