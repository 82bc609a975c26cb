import ModelFormats
import ModelZoo
import Tensors
import Testing

struct SeededParametersTests {
  @Test func equalsThePythonSide() throws {
    let file = try fixture("torchvision")
    let bias = SeededParameters(seed: 11).uniform("fc.bias", [40]).rowMajorElements()
    let expected = try file.tensor("seeded.fc.bias").rowMajorElements()
    for (u, value) in zip(bias, expected) { #expect(abs((2 * u - 1) * 0.1 - value) < 1e-7) }
  }

  @Test func dependsOnSeedNameAndIndexAlone() {
    let short = SeededParameters(seed: 1).uniform("a", [5]).rowMajorElements()
    let long = SeededParameters(seed: 1).uniform("a", [100, 2000]).rowMajorElements()
    #expect(short == Array(long.prefix(5)))
    #expect(short != SeededParameters(seed: 2).uniform("a", [5]).rowMajorElements())
    #expect(short != SeededParameters(seed: 1).uniform("b", [5]).rowMajorElements())
    #expect(long.allSatisfy { $0 >= 0 && $0 <= 1 })
    let mean = long.reduce(0) { $0 + Double($1) } / Double(long.count)
    #expect(abs(mean - 0.5) < 0.005)
  }
}
