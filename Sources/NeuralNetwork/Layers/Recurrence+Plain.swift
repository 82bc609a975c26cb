import Foundation

/// `h = f(W x + R h' + b)` with tanh or ReLU.
extension Recurrence {
  func plain(_ place: Int, _ fromInput: [Double], _ state: [Double]) -> Step {
    let sums = zip(fromInput, product(recurrentWeight, state, recurrentBias)).map(+)
    let isReLU = cell == .relu
    let next = sums.map { isReLU ? max($0, 0) : tanh($0) }
    return Step(place: place, gates: [], sums: sums, before: state, hidden: next)
  }

  func plainBackward(
    _ step: Step, _ toHidden: inout [Double], _ gatesAreConstant: Bool
  ) -> (input: [Double], recurrent: [Double]) {
    let isReLU = cell == .relu
    let sums = (0..<hidden).map { unit -> Double in
      let (sum, y) = (step.sums[unit], step.hidden[unit])
      let slope: Double
      if isReLU {
        slope = sum > 0 ? 1 : 0
      } else {
        slope = gatesAreConstant ? Self.ratio(y, sum) : 1 - y * y
      }
      return toHidden[unit] * slope * (gatesAreConstant ? Self.share(sum) : 1)
    }
    toHidden = [Double](repeating: 0, count: hidden)
    return (sums, sums)
  }
}
