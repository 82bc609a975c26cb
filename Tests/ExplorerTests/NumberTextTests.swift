import Explorer
import Testing

struct NumberTextTests {
  @Test(
    arguments: [
      (1.7134, "1.713"), (-7.8776, "-7.878"), (31.461, "31.461"), (-101.508, "-101.51"), (-1234.567, "-1234.6"),
      (98_765.4, "98765.4"), (-98_765.4, "-98765"), (1_234_567, "1.2e6"), (0, "0.000"), (0.00001, "1.0e-5"),
      (-0.00001, "-1.0e-5"), (.nan, "NaN"), (-.infinity, "-inf"),
    ] as [(Double, String)])
  func fitsItsColumn(_ value: Double, _ expected: String) {
    #expect(NumberText.fixed(value, decimals: 3, width: 7) == expected)
  }
}
