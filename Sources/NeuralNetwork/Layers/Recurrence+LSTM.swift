import Foundation

/// `c = f ⊙ c' + i ⊙ g`, `h = o ⊙ tanh(c)` with the gates `i`, `o`, `f = σ(W x + R h' + b)` and `g = tanh(W x + R h' + b)`.
extension Recurrence {
  func lstm(_ place: Int, _ fromInput: [Double], _ state: [Double], _ cell: [Double]) -> Step {
    let fromState = product(recurrentWeight, state, recurrentBias)
    let sums = zip(fromInput, fromState).map(+)
    let count = hidden
    let gates = sums.indices.map { $0 < 3 * count ? Self.logistic(sums[$0]) : tanh(sums[$0]) }
    let next = (0..<count).map { gates[2 * count + $0] * cell[$0] + gates[$0] * gates[3 * count + $0] }
    return Step(
      place: place, gates: gates, sums: sums, before: state, cellBefore: cell, cell: next,
      hidden: (0..<count).map { gates[count + $0] * tanh(next[$0]) })
  }

  func lstmBackward(
    _ step: Step, _ toHidden: inout [Double], _ toCell: inout [Double], _ gatesAreConstant: Bool
  ) -> (input: [Double], recurrent: [Double]) {
    let count = hidden
    var sums = [Double](repeating: 0, count: 4 * count)
    for unit in 0..<count {
      let (i, o, f) = (step.gates[unit], step.gates[count + unit], step.gates[2 * count + unit])
      let (g, c, before) = (step.gates[3 * count + unit], step.cell[unit], step.cellBefore[unit])
      let y = tanh(c)
      let slope = gatesAreConstant ? Self.ratio(y, c) : 1 - y * y
      var atCell = toCell[unit] + toHidden[unit] * o * slope
      if gatesAreConstant {
        atCell *= Self.share(c)
        let sum = step.sums[3 * count + unit]
        sums[3 * count + unit] = atCell * i * Self.ratio(g, sum) * Self.share(sum)
      } else {
        sums[unit] = atCell * g * i * (1 - i)
        sums[count + unit] = toHidden[unit] * y * o * (1 - o)
        sums[2 * count + unit] = atCell * before * f * (1 - f)
        sums[3 * count + unit] = atCell * i * (1 - g * g)
      }
      toCell[unit] = atCell * f
      toHidden[unit] = 0
    }
    return (sums, sums)
  }
}
