import Compute
import LRP
import Tensors

/// How near an explanation is to what the machine's arithmetic allows: seconds over passes x operations / peak.
enum LimitTimes {
  static let item = Case(model: "vgg16", composite: "epsilon_plus")
  static let title = "\(item.model), \(item.composite), time over the limit of arithmetic"

  /// The reference's place is taken by the limit itself.
  static func row(repeats: Int) throws -> ResultRow {
    let subject = try Subject(item.model)
    let composite = try subject.composite(item.composite)
    let assignment = try composite?.apply(to: subject.network) ?? Assignment(gradientOf: subject.network)
    let profile = try Profile(
      of: assignment, input: subject.input(item), output: .logit(.index(Case.target)), repeats: repeats,
      limits: .measured())
    let flops = profile.layers.reduce(0) { $0 + $1.work.flops }
    return ResultRow(
      section: "limit", title: title, ours: profile.seconds, theirs: flops / profile.limits.flopsPerSecond,
      unit: .seconds, goal: Goal(multiple: 1.4), difference: nil, runs: repeats)
  }
}
