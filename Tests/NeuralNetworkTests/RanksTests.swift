import Compute
import NeuralNetwork
import Tensors
import Testing

/// How many axes outputs have, as far as the graph tells.
struct RanksTests {
  private func ranks(_ inputRank: Int? = nil, _ layers: (String, any Layer)...) throws -> [Int?] {
    var net = NetworkBuilder(name: "ranks", inputRank: inputRank)
    for (path, layer) in layers { net.add(path, layer) }
    return try net.build().ranks
  }

  private func linear() throws -> FullyConnected {
    try FullyConnected(weight: Tensor.zeros([3, 3], layout: .rowMajor))
  }
  private func convolution() throws -> Convolution {
    try Convolution(
      geometry: ConvolutionGeometry(rank: 2), weight: Tensor.zeros([3, 3, 1, 1], layout: .rowMajor))
  }

  @Test("layers that take one number of axes only say what those before and behind them have")
  func known() throws {
    let relu = ActivationLayer(.relu)
    #expect(
      try ranks(
        nil, ("relu", relu), ("conv", convolution()), ("flatten", Flatten()), ("fc", linear()))
        == [4, 4, 4, 2, 2])
    #expect(try ranks(nil, ("relu", relu), ("move", Transpose(order: [0, 2, 1])), ("fc", linear())) == [3, 3, 3, 3])
    #expect(
      try ranks(
        nil, ("conv", convolution()), ("rows", Reshape(sample: [9, 4])), ("sum", Sum(axis: 2)), ("fc", linear()))
        == [4, 4, 3, 2, 2])
    #expect(
      try ranks(nil, ("conv", convolution()), ("a", Flatten(first: 2)), ("b", Flatten(first: 1, last: 2)))
        == [4, 4, 3, 2])
  }

  @Test("an input that nothing tells of is unknown, unless it says so itself")
  func unknown() throws {
    let norm = ActivationLayer(.relu)
    #expect(try ranks(nil, ("fc", linear()), ("relu", norm)) == [nil, nil, nil])
    #expect(try ranks(3, ("fc", linear()), ("relu", norm)) == [3, 3, 3])
    #expect(try ranks(nil, ("fc", linear()), ("flatten", Flatten()), ("last", linear())) == [nil, nil, 2, 2])
    // What stands behind a layer that changes the number of axes says nothing of the input.
    #expect(try ranks(nil, ("flat", Flatten(first: 1, last: 2)), ("conv", convolution())) == [nil, nil, 4])
  }
}
