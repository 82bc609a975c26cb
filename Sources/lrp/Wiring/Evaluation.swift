import LRP
import NeuralNetwork
import Tensors

/// An explanation that is judged.
struct EvaluationSubject {
  let name: String
  let gradient: Gradient
}

/// Judges explanations of all samples of some inputs.
struct Evaluation {
  let network: Network
  let subjects: [EvaluationSubject]
  let inputs: [Tensor]
  let target: Target

  private var samples: [(input: Int, sample: Int)] {
    inputs.enumerated().flatMap { index, input in (0..<input.shape.batch).map { (index, $0) } }
  }

  /// The mean curve of each subject over all samples, and that of a random order.
  /// - Throws: if pictures of different sizes give curves that cannot be averaged, or whatever `progress` throws.
  func curves(
    _ flipping: PixelFlipping, seed: UInt64, progress: (Double) throws -> Void
  ) throws -> [(name: String, curve: FlippingCurve)] {
    var curves = [[FlippingCurve]](repeating: [], count: subjects.count + 1)
    let samples = samples
    let total = Double(samples.count * (subjects.count + 1))
    var done = 0.0
    for (number, place) in samples.enumerated() {
      let input = inputs[place.input].sample(place.sample)
      let target = try targetClass(of: input)
      for (index, subject) in (subjects.map { Optional($0) } + [nil]).enumerated() {
        let order: FlippingOrder
        if let subject {
          order = .relevance(try subject.gradient.attribute(input, .logit(.index(target))).relevance)
        } else {
          order = .random(seed: SplitMix64.value(seed: seed, at: UInt64(number)))
        }
        let curve = try flipping.curve(network, input: input, order: order, target: target) { share in
          try progress((done + share) / total)
        }
        curves[index].append(curve)
        done += 1
      }
    }
    let names = subjects.map(\.name) + ["random order"]
    return try zip(names, curves).map { name, own in
      guard let mean = FlippingCurve.mean(own) else {
        throw CommandFailure(
          "inputs of different sizes found, whose curves have other numbers of steps; evaluate them singly")
      }
      return (name, mean)
    }
  }

  /// The share of each sample for each subject.
  func shares(
    in rectangle: PixelRectangle, progress: (Double) throws -> Void
  ) throws -> [(name: String, sample: Int, share: RelevanceShare)] {
    var shares: [(name: String, sample: Int, share: RelevanceShare)] = []
    let samples = samples
    let total = Double(samples.count * subjects.count)
    for (number, place) in samples.enumerated() {
      let input = inputs[place.input].sample(place.sample)
      for subject in subjects {
        let done = Double(shares.count)
        let result = try subject.gradient.attribute(input, .logit(target)) {
          try progress((done + $0.share) / total)
        }
        shares.append((subject.name, number, try RelevanceShare(of: result.relevance, in: rectangle)))
      }
    }
    return shares
  }

  private func targetClass(of input: Tensor) throws -> Int {
    if case .index(let index) = target { return index }
    return try network.forward(input)[network.output].strongestClass(ofSample: 0)
  }
}
