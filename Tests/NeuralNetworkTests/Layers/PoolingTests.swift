import Compute
import Foundation
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

struct PoolingCase: Sendable, CustomTestStringConvertible {
  var name: String
  var input: Shape
  var geometry: PoolingGeometry
  var output: [Int]
  var testDescription: String { name }

  static let all: [PoolingCase] = [
    .init(name: "2x2", input: [1, 5, 8, 6], geometry: .init(kernel: [2, 2]), output: [4, 3]),
    .init(name: "2x2, odd extents", input: [3, 70, 9, 7], geometry: .init(kernel: [2, 2]), output: [4, 3]),
    .init(
      name: "2x2, ceil", input: [3, 33, 9, 7], geometry: .init(kernel: [2, 2], ceilMode: true), output: [5, 4]),
    .init(
      name: "3x3, stride 2, padding 1", input: [1, 64, 9, 8],
      geometry: .init(kernel: [3, 3], strides: [2, 2], paddingBegin: [1, 1]), output: [5, 4]),
    .init(
      name: "3x3, stride 2, ceil, padding", input: [3, 4, 6, 8],
      geometry: .init(kernel: [3, 3], strides: [2, 2], paddingBegin: [1, 1], ceilMode: true), output: [4, 5]),
    .init(
      name: "ceil whose last window would start in the padding", input: [1, 2, 3, 3],
      geometry: .init(kernel: [2, 2], strides: [3, 3], paddingBegin: [1, 1], ceilMode: true), output: [2, 2]),
    .init(
      name: "overlapping", input: [1, 40, 7, 7], geometry: .init(kernel: [3, 2], strides: [1, 1]), output: [5, 6]),
    .init(
      name: "uneven padding", input: [1, 4, 7, 6],
      geometry: .init(kernel: [3, 3], strides: [2, 2], paddingBegin: [0, 0], paddingEnd: [1, 1]), output: [3, 3]),
    .init(name: "1d", input: [3, 6, 11], geometry: .init(kernel: [3], strides: [2], paddingBegin: [1]), output: [6]),
    .init(
      name: "3d", input: [1, 35, 5, 6, 4],
      geometry: .init(kernel: [2, 3, 2], strides: [2, 1, 2], paddingBegin: [1, 0, 0]), output: [3, 4, 2]),
  ]
  static let dilated = PoolingCase(
    name: "dilated", input: [1, 33, 9, 10],
    geometry: .init(kernel: [3, 2], strides: [1, 2], paddingBegin: [1, 1], dilations: [2, 3]), output: [7, 5])

  /// The input positions of one window (`nil` in the padding), and how many of its taps count when padding counts.
  func window(_ index: [Int]) -> (taps: [[Int]?], counted: Int) {
    let taps: [[Int]?] = indices(geometry.kernel).map { tap in
      let spot = tap.indices.map {
        index[$0] * geometry.strides[$0] - geometry.paddingBegin[$0] + tap[$0] * geometry.dilations[$0]
      }
      return zip(spot, input.spatial).allSatisfy { $0 >= 0 && $0 < $1 } ? spot : nil
    }
    let counted = indices(geometry.kernel).filter { tap in
      tap.indices.allSatisfy {
        let spot = index[$0] * geometry.strides[$0] - geometry.paddingBegin[$0] + tap[$0]
        return spot < input.spatial[$0] + geometry.paddingEnd[$0]
      }
    }.count
    return (taps, counted)
  }
}

@Suite struct PoolingTests {
  @Test(arguments: PoolingCase.all + [.dilated]) func maximum(_ example: PoolingCase) throws {
    var draw = Draw(21)
    let output = Shape([example.input.batch, example.input.channels] + example.output)
    // Few distinct values, so that there are ties.
    let input = draw.tensor(example.input).map { ($0 * 3).rounded() }
    let seed = draw.tensor(output)
    let (x, s) = (input.doubles, seed.doubles)
    var expected = [Double](repeating: 0, count: output.count)
    var gradient = [Double](repeating: 0, count: x.count)
    for index in indices(output.dimensions) {
      let spots = example.window(Array(index[2...])).taps.compactMap { $0 }
      let places = spots.map { position([index[0], index[1]] + $0, in: example.input) }
      var winner = places[0]
      for place in places where x[place] > x[winner] { winner = place }
      expected[position(index, in: output)] = x[winner]
      gradient[winner] += s[position(index, in: output)]
    }
    let layer = MaxPool(example.geometry)
    let found = try layer.forward(input)
    #expect(found.shape == output)
    #expect(try layer.outputShape(input: input.shape) == output)
    #expect(relativeError(found, expected) == 0)
    #expect(relativeError(try layer.vjp(seed, input: input), gradient) < 1e-6)
  }

  @Test(arguments: PoolingCase.all, [(true, Int?.none), (false, nil), (true, 5)])
  func average(_ example: PoolingCase, _ options: (countsPadding: Bool, divisor: Int?)) throws {
    var draw = Draw(22)
    let output = Shape([example.input.batch, example.input.channels] + example.output)
    let (input, seed) = (draw.tensor(example.input), draw.tensor(output))
    let (x, s) = (input.doubles, seed.doubles)
    var expected = [Double](repeating: 0, count: output.count)
    var gradient = [Double](repeating: 0, count: x.count)
    for index in indices(output.dimensions) {
      let (taps, counted) = example.window(Array(index[2...]))
      let spots = taps.compactMap { $0 }
      let divisor = Double(options.divisor ?? (options.countsPadding ? counted : spots.count))
      let place = position(index, in: output)
      for spot in spots {
        let from = position([index[0], index[1]] + spot, in: example.input)
        expected[place] += x[from] / divisor
        gradient[from] += s[place] / divisor
      }
    }
    let layer = AveragePool(example.geometry, countsPadding: options.countsPadding, divisor: options.divisor)
    #expect(relativeError(try layer.forward(input), expected) < 1e-6)
    #expect(relativeError(try layer.vjp(seed, inputShape: input.shape), gradient) < 1e-6)
  }

  static let adaptiveCases: [(Shape, [Int?])] = [
    ([1, 5, 7, 9], [1, 1]), ([3, 33, 7, 9], [3, 4]), ([1, 4, 7, 5], [nil, 2]), ([1, 4, 3, 3], [7, 7]),
    ([3, 4, 11], [3]), ([1, 3, 5, 4, 6], [2, 3, 1]), ([1, 512, 7, 7], [7, 7]),
  ]

  @Test(arguments: adaptiveCases) func adaptive(_ shape: Shape, _ extents: [Int?]) throws {
    var draw = Draw(23)
    let input = draw.tensor(shape)
    let output = Shape([shape[0], shape[1]] + zip(shape.spatial, extents).map { $1 ?? $0 })
    let seed = draw.tensor(output)
    let (x, s) = (input.doubles, seed.doubles)
    var (means, maxima) = ([Double](repeating: 0, count: output.count), [Double](repeating: 0, count: output.count))
    var (spread, routed) = ([Double](repeating: 0, count: x.count), [Double](repeating: 0, count: x.count))
    for index in indices(output.dimensions) {
      let ranges = (2..<shape.rank).map { axis in
        let (i, from, to) = (Double(index[axis]), Double(shape[axis]), Double(output[axis]))
        return Array(Int((i * from / to).rounded(.down))..<Int(((i + 1) * from / to).rounded(.up)))
      }
      let spots = ranges.reduce([[]]) { heads, range in heads.flatMap { head in range.map { head + [$0] } } }
      let places = spots.map { position([index[0], index[1]] + $0, in: shape) }
      let place = position(index, in: output)
      var winner = places[0]
      for from in places {
        means[place] += x[from] / Double(places.count)
        spread[from] += s[place] / Double(places.count)
        if x[from] > x[winner] { winner = from }
      }
      maxima[place] = x[winner]
      routed[winner] += s[place]
    }
    let average = AdaptiveAveragePool(output: extents)
    #expect(try average.forward(input).shape == output)
    #expect(relativeError(try average.forward(input), means) < 1e-6)
    #expect(relativeError(try average.vjp(seed, inputShape: shape), spread) < 1e-6)
    let maximum = AdaptiveMaxPool(output: extents)
    #expect(relativeError(try maximum.forward(input), maxima) == 0)
    #expect(relativeError(try maximum.vjp(seed, input: input), routed) < 1e-6)
  }

  @Test("tangents of max pools are the adjoints of their gradients")
  func tangents() throws {
    let elements = (0..<2 * 3 * 7 * 6).map { Float(SplitMix64.value(seed: 1, at: UInt64($0)) % 5) }
    let input = Tensor([2, 3, 7, 6], rowMajor: elements)
    func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
      Tensor(shape, rowMajor: (0..<shape.count).map { Float(SplitMix64.uniform(seed: seed, at: UInt64($0))) })
    }
    let tangent = random(input.shape, 2)
    let pool = MaxPool(PoolingGeometry(kernel: [3, 2], strides: [2, 1], paddingBegin: [1, 1]))
    let forward = try pool.jvp(tangent, input: input)
    let seed = random(forward.shape, 3)
    #expect(try abs((forward * seed).sum() - (pool.vjp(seed, input: input) * tangent).sum()) < 1e-4)
    let adaptive = AdaptiveMaxPool(output: [3, 4])
    let other = try adaptive.jvp(tangent, input: input)
    let otherSeed = random(other.shape, 4)
    #expect(try abs((other * otherSeed).sum() - (adaptive.vjp(otherSeed, input: input) * tangent).sum()) < 1e-4)
    #expect(throws: ComputeError.self) { _ = try pool.jvp(seed, input: input) }
  }

  @Test func keepsNaN() throws {
    let input = Tensor([1, 1, 2, 4], rowMajor: [1, .nan, 3, 4, 9, 2, 5, 1])
    let layer = MaxPool(.init(kernel: [2, 2]))
    let output = try layer.forward(input).rowMajorElements()
    #expect(output[0].isNaN && output[1] == 5)
    let routed = try layer.vjp(Tensor([1, 1, 1, 2], rowMajor: [7, 8]), input: input).rowMajorElements()
    #expect(routed == [0, 7, 0, 0, 0, 0, 8, 0])
    let mean = try AveragePool(.init(kernel: [2, 2])).forward(input).rowMajorElements()
    #expect(mean[0].isNaN && mean[1] == 3.25)
  }

  @Test func reportsWhatDoesNotFit() {
    let input = Tensor.zeros([1, 2, 4, 4])
    for geometry in [
      PoolingGeometry(kernel: [2]), .init(kernel: [0, 2]), .init(kernel: [2, 2], strides: [0, 1]),
      .init(kernel: [2, 2], paddingBegin: [2, 2]), .init(kernel: [5, 5]), .init(kernel: [2, 2], strides: [1]),
      .init(kernel: []), .init(kernel: [.max, 1]),
    ] {
      #expect(throws: ComputeError.self) { try MaxPool(geometry).forward(input) }
      #expect(throws: ComputeError.self) { try AveragePool(geometry).forward(input) }
    }
    let layer = MaxPool(.init(kernel: [2, 2]))
    #expect(throws: ComputeError.self) { try layer.vjp(.zeros([1, 2, 4, 4]), input: input) }
    #expect(throws: ComputeError.self) { try AveragePool(.init(kernel: [2, 2]), divisor: 0).forward(input) }
    #expect(throws: ComputeError.self) { try AdaptiveAveragePool(output: [1]).forward(input) }
    #expect(throws: ComputeError.self) { try AdaptiveAveragePool(output: [0, 1]).forward(input) }
  }
}
