import LRP
import Tensors
import Testing

struct StabilizerTests {
  private static let z = Tensor([2, 4], rowMajor: [0, 1, -1, 0.25, 3, 0, -4, 0])

  private func expect(_ found: Tensor, _ expected: [Float]) {
    for (found, expected) in zip(found.rowMajorElements(), expected) { #expect(abs(found - expected) < 1e-6) }
  }

  @Test("zero counts as positive")
  func plain() throws {
    expect(try Stabilizer(0.5)(Self.z), [0.5, 1.5, -1.5, 0.75, 3.5, 0.5, -4.5, 0.5])
    #expect(try Stabilizer(0.5)(Tensor([1], rowMajor: [-0.0])).rowMajorElements() == [0.5])
  }

  @Test("clipping leaves large numbers alone")
  func clip() throws {
    expect(try Stabilizer(0.5, clip: true)(Self.z), [0.5, 1, -1, 0.5, 3, 0.5, -4, 0.5])
  }

  @Test("epsilon may be a share of the root mean square, per sample")
  func normScale() throws {
    let roots: [Float] = [(2.0625 / 4 as Float).squareRoot(), 2.5]
    expect(
      try Stabilizer(0.5, normScale: true)(Self.z),
      [
        0.5 * roots[0], 1 + 0.5 * roots[0], -1 - 0.5 * roots[0], 0.25 + 0.5 * roots[0], 4.25, 1.25, -5.25, 1.25,
      ])
    expect(try Stabilizer(0.5, clip: true, normScale: true)(Self.z).sample(1), [3, 1.25, -4, 1.25])
  }

  @Test("or over any axes, counted from either end")
  func dim() throws {
    let z = Tensor.random([2, 3, 4, 5], seed: 1)
    let elements = z.rowMajorElements()
    for axes in [[1], [-3], [0, 3], [1, 2, 3], [0, 1, 2, 3]] {
      let found = try Stabilizer(0.25, normScale: true, dim: axes)(z).rowMajorElements()
      let averaged = Set(axes.map { ($0 + 4) % 4 })
      func coordinates(_ flat: Int) -> [Int] { [flat / 60, flat / 20 % 3, flat / 5 % 4, flat % 5] }
      for (flat, value) in elements.enumerated() {
        let own = coordinates(flat)
        let alike = elements.indices.filter { other in
          let others = coordinates(other)
          return (0..<4).allSatisfy { averaged.contains($0) || own[$0] == others[$0] }
        }
        let mean = alike.reduce(0.0) { $0 + Double(elements[$1]) * Double(elements[$1]) } / Double(alike.count)
        let expected = Double(value) + (value < 0 ? -0.25 : 0.25) * mean.squareRoot()
        #expect(abs(Double(found[flat]) - expected) < 1e-6)
      }
    }
    let error = #expect(throws: LRPError.self) { _ = try Stabilizer(1, normScale: true, dim: [4])(z) }
    #expect(error.map { "\($0)".contains("axis 4 found") } == true)
  }

  struct Case: Sendable {
    let stabilizer: Stabilizer
    let input: [Float]
    let expected: [Float]
  }

  /// Added or clipped, small, middle and large, with and without the root mean square (√2 for 0, 0, 2, −2).
  static let cases: [Case] = {
    let root = Float(2).squareRoot()
    var cases: [Case] = []
    for epsilon in [1e-6, 1e-3, 1] {
      let e = Float(epsilon)
      cases += [
        Case(stabilizer: Stabilizer(epsilon), input: [0, -0.0, 1, -1], expected: [e, e, 1 + e, -1 - e]),
        Case(
          stabilizer: Stabilizer(epsilon, clip: true), input: [0, -0.0, 1, -1],
          expected: [e, e, Swift.max(1, e), -Swift.max(1, e)]),
        Case(
          stabilizer: Stabilizer(epsilon, normScale: true, dim: [0]), input: [0, -0.0, 2, -2],
          expected: [e * root, e * root, 2 + e * root, -2 - e * root]),
        Case(
          stabilizer: Stabilizer(epsilon, clip: true, normScale: true, dim: [0]), input: [0, -0.0, 2, -2],
          expected: [e * root, e * root, 2, -2]),
      ]
    }
    return cases
  }()

  @Test("small numbers to the last digit", arguments: cases)
  func table(golden: Case) throws {
    let found = try golden.stabilizer(Tensor([4], rowMajor: golden.input)).rowMajorElements()
    for (found, expected) in zip(found, golden.expected) { #expect(abs(found - expected) <= 2e-7 * abs(expected)) }
    #expect(Stabilizer() == Stabilizer(1e-6))
  }

  @Test("numbers are stabilizers, functions too")
  func ensure() throws {
    let (integer, float): (Stabilizer, Stabilizer) = (1, 1.0)
    #expect(integer == Stabilizer(1) && float == integer && integer.epsilon == 1)
    expect(try Stabilizer(named: "same") { $0 * 1 }(Tensor([2], rowMajor: [3, 4])), [3, 4])
  }

  private static let own = Stabilizer(named: "floor") { z in z.map { $0 < 0 ? min($0, -2) : max($0, 2) } }

  @Test("a function of one's own")
  func function() throws {
    expect(try Self.own(Self.z), [2, 2, -2, 2, 3, 2, -4, 2])
    #expect(!Self.own.isPlain && Self.own == Self.own && Self.own != Stabilizer(named: "floor") { $0 })
    #expect(Epsilon(epsilon: Self.own).summary == "Epsilon epsilon=floor")
    let wrong = Stabilizer(named: "wrong") { $0.sample(0) }
    #expect(throws: LRPError.self) { _ = try wrong(Self.z) }
  }

  @Test(
    "quotients are R / stab(z), gates shut out the other sign, and what is absorbed is exact",
    arguments: [
      Stabilizer(0.5), Stabilizer(0.5, clip: true), Stabilizer(0.5, normScale: true),
      Stabilizer(0.5, clip: true, normScale: true, dim: [1]), own,
    ])
  func quotient(stabilizer: Stabilizer) throws {
    let z = Tensor.random([2, 3, 5], seed: 3)
    let relevance = Tensor.random([2, 3, 5], seed: 4)
    let output = Tensor.random([2, 3, 5], seed: 5)
    let stabilized = try stabilizer(z)
    for gate in [Gate.open, .positive, .negative] {
      let seed = try stabilizer.quotient(relevance, by: z, gate: gate, gatedBy: output)
      let expected = relevance.map(with: stabilized, and: output) { r, z, o in
        gate == .open || (o > 0) == (gate == .positive) ? r / z : 0
      }
      #expect(seed.deviation(from: expected) < 1e-6)
      let absorbed = try stabilizer.absorbed(seed: seed, z: z)
      let exact = ((stabilized - z) * seed).sampleSums()
      for (absorbed, exact) in zip(absorbed, exact) { #expect(abs(absorbed - exact) < 1e-5) }
    }
  }
}
