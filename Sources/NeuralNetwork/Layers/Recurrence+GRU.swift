import Foundation

/// `h = (1 − z) ⊙ n + z ⊙ h'` with the gates `z`, `r = σ(W x + R h' + b)` and `n = tanh(W x + b + r ⊙ (R h' + b))`, or
/// `n = tanh(W x + R (r ⊙ h') + b)`.
extension Recurrence {
  func gru(_ place: Int, _ fromInput: [Double], _ state: [Double], resetsAfterProduct: Bool) -> Step {
    let count = hidden
    var fromState = product(recurrentWeight, state, recurrentBias)
    var gates = (0..<2 * count).map { Self.logistic(fromInput[$0] + fromState[$0]) }
    if !resetsAfterProduct {
      let reset = (0..<count).map { gates[count + $0] * state[$0] }
      fromState = product(recurrentWeight, reset, recurrentBias)
    }
    let recurrent = Array(fromState[(2 * count)...])
    let sums = (0..<count).map {
      fromInput[2 * count + $0] + (resetsAfterProduct ? gates[count + $0] : 1) * recurrent[$0]
    }
    gates += sums.map { tanh($0) }
    return Step(
      place: place, gates: gates, sums: sums, recurrent: recurrent, before: state,
      hidden: (0..<count).map { (1 - gates[$0]) * gates[2 * count + $0] + gates[$0] * state[$0] })
  }

  func gruBackward(
    _ step: Step, _ toHidden: inout [Double], _ gatesAreConstant: Bool, resetsAfterProduct: Bool
  ) -> (input: [Double], recurrent: [Double]) {
    let count = hidden
    var sums = [Double](repeating: 0, count: 3 * count)
    var recurrentSums = sums
    var direct = [Double](repeating: 0, count: count)
    for unit in 0..<count {
      let (z, r, n) = (step.gates[unit], step.gates[count + unit], step.gates[2 * count + unit])
      let before = step.before[unit]
      let arriving = toHidden[unit] * (gatesAreConstant ? Self.share(step.hidden[unit]) : 1)
      let sum = step.sums[unit]
      let candidate =
        arriving * (1 - z) * (gatesAreConstant ? Self.ratio(n, sum) * Self.share(sum) : 1 - n * n)
      direct[unit] = arriving * z
      sums[2 * count + unit] = candidate
      recurrentSums[2 * count + unit] = candidate * (resetsAfterProduct ? r : 1)
      guard !gatesAreConstant else { continue }
      sums[unit] = arriving * (before - n) * z * (1 - z)
      if resetsAfterProduct { sums[count + unit] = candidate * step.recurrent[unit] * r * (1 - r) }
    }
    if !resetsAfterProduct {
      // What R made of the reset state goes back through it first.
      var only = [Double](repeating: 0, count: 3 * count)
      for unit in 0..<count { only[2 * count + unit] = sums[2 * count + unit] }
      let toReset = transposed(recurrentWeight, only)
      for unit in 0..<count {
        let r = step.gates[count + unit]
        direct[unit] += toReset[unit] * r
        if !gatesAreConstant { sums[count + unit] = toReset[unit] * step.before[unit] * r * (1 - r) }
        recurrentSums[2 * count + unit] = 0
      }
    }
    for unit in 0..<2 * count { recurrentSums[unit] = sums[unit] }
    toHidden = direct
    return (sums, recurrentSums)
  }
}
