import Tensors
import Testing

@Suite struct ReductionsTests {
  private func numbers(_ count: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919) % 2003) / 17 - 50 + ($0 % 5 == 0 ? 0.25 : 0) }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 1000, 100_003]) func agreeWithLoops(_ count: Int) {
    var elements = numbers(count)
    if count > 20 { elements[3] = 0 }
    let tensor = Tensor([count], rowMajor: elements)
    let doubles = elements.map(Double.init)
    let summary = tensor.summary()
    let scale = doubles.reduce(1) { $0 + abs($1) }
    #expect(abs(summary.sum - doubles.reduce(0, +)) < 1e-12 * scale)
    #expect(abs(summary.positive - doubles.filter { $0 > 0 }.reduce(0, +)) < 1e-12 * scale)
    #expect(abs(summary.negative - doubles.filter { $0 < 0 }.reduce(0, +)) < 1e-12 * scale)
    #expect(summary.minimum == elements.min() ?? .infinity)
    #expect(summary.maximum == elements.max() ?? -.infinity)
    #expect(summary.zeros == elements.filter { $0 == 0 }.count)
    #expect(summary.count == count)
    #expect(!summary.hasNaN)
    #expect(tensor.minimum() == elements.min() ?? .infinity)
    #expect(tensor.maximum() == elements.max() ?? -.infinity)
    #expect(abs(tensor.sum() - doubles.reduce(0, +)) < 1e-12 * scale)
  }

  @Test(arguments: [3, 8, 11]) func extremesOfOneSign(_ count: Int) {
    let positive = Tensor([count], rowMajor: (0..<count).map { Float($0 + 2) }).summary()
    #expect(positive.minimum == 2 && positive.zeros == 0)
    let negative = Tensor([count], rowMajor: (0..<count).map { -Float($0 + 2) }).summary()
    #expect(negative.maximum == -2 && negative.zeros == 0)
  }

  @Test func notANumberIsSeen() {
    var elements = numbers(50)
    elements[49] = .nan
    let summary = Tensor([50], rowMajor: elements).summary()
    #expect(summary.hasNaN && summary.sum.isNaN)
    #expect(summary.minimum == elements.dropLast().min())
  }

  @Test(arguments: [[3, 5, 4, 7], [2, 64, 33, 31], [3, 4], [1, 2, 9]]) func perSampleAndChannel(_ dimensions: [Int]) {
    let shape = Shape(dimensions)
    let elements = numbers(shape.count)
    var expected = [[Double]](repeating: [Double](repeating: 0, count: shape.channels), count: shape.batch)
    for (index, value) in elements.enumerated() {
      expected[index / shape.sampleCount][index / shape.spatialCount % shape.channels] += Double(value)
    }
    for layout in [Tensor.Layout.channelsLast, .rowMajor] {
      let tensor = Tensor(shape, rowMajor: elements, layout: layout)
      let (samples, both) = (tensor.sampleSums(), tensor.sampleChannelSums())
      let channels = tensor.channelSums()
      for sample in 0..<shape.batch {
        #expect(abs(samples[sample] - expected[sample].reduce(0, +)) < 1e-6)
        for channel in 0..<shape.channels { #expect(abs(both[sample][channel] - expected[sample][channel]) < 1e-6) }
      }
      for channel in 0..<shape.channels {
        #expect(abs(channels[channel] - expected.reduce(0) { $0 + $1[channel] }) < 1e-6)
      }
    }
  }
}

@Suite struct PairedReductionsTests {
  @Test(arguments: [1, 8, 13, 5000, 100_000]) func findsElementsUnderASign(_ count: Int) {
    var (values, signs) = ([Float](repeating: 0, count: count), [Float](repeating: 1, count: count))
    func found(_ sign: Float) -> Bool {
      Tensor([count], rowMajor: values).isNonzeroAnywhere(whereSign: sign, of: Tensor([count], rowMajor: signs))
    }
    #expect(!found(1) && !found(-1))
    values[count - 1] = -3
    #expect(found(1) && !found(-1))
    signs[count - 1] = -0.5
    #expect(!found(1) && found(-1))
    signs[count - 1] = 0
    #expect(!found(1) && !found(-1))
    (values[0], signs[0]) = (.nan, 2)
    #expect(found(1) && !found(-1))
  }
}
