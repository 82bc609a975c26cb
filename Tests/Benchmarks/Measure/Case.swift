/// What is explained with what.
struct Case: Hashable, Sendable, Codable {
  enum Method: String, Codable {
    case gradient, smoothgrad, occlusion
    case integratedGradients = "integrated-gradients"
  }

  var model: String
  var composite: String
  var batch = 1
  /// Height and width; `nil` for the model's own.
  var side: Int?
  var method = Method.gradient
  /// Of the methods that make many passes; for occlusion, windows along each axis.
  var iterations = 1

  var title: String {
    let size = side.map { ", \($0)x\($0)" } ?? ""
    let name = method == .gradient ? composite : "\(method.rawValue) of \(iterations), \(composite)"
    return "\(model), \(name), batch \(batch)\(size)"
  }

  /// Seeds parameters and inputs, as `Tests/Fixtures/reference` does.
  static let seed: UInt64 = 11
  static let target = 5
  static let classes = 10
}

/// What is to be reached, against the reference in the same run.
struct Goal: Codable {
  /// At least this many times as fast.
  var ratio: Double?
  /// At most this many seconds.
  var seconds: Double?
  /// At most this share of the reference's memory.
  var share: Double?
  /// At most this multiple of the machine's limit.
  var multiple: Double?

  static func times(_ ratio: Double, within seconds: Double? = nil) -> Goal { Goal(ratio: ratio, seconds: seconds) }
}

/// The cases by what they show.
enum Cases {
  typealias Entry = (item: Case, goal: Goal?)

  static let embedded: [Entry] = ["epsilon_plus", "epsilon_gamma_box", "epsilon_alpha2_beta1_flat"].map {
    (Case(model: "efficientnet_lite0", composite: $0), .times(10, within: 0.06))
  }
  static let small: [Entry] = [
    (Case(model: "fashion_mlp", composite: "epsilon_plus"), nil),
    (Case(model: "fashion_mlp", composite: "epsilon_plus", batch: 32), nil),
    (Case(model: "fashion_vgg", composite: "epsilon_plus", batch: 32), nil),
  ]
  static let large: [Entry] = [
    (Case(model: "vgg16", composite: "gradient"), .times(1.5)),
    (Case(model: "vgg16", composite: "epsilon_plus"), .times(3.5)),
    (Case(model: "vgg16", composite: "epsilon_gamma_box"), .times(6)),
    (Case(model: "vgg16", composite: "all_gamma"), .times(15)),
    (Case(model: "resnet50", composite: "epsilon_plus"), .times(5)),
    (Case(model: "resnet50", composite: "epsilon_gamma_box"), .times(6)),
  ]
  static let batches: [Entry] = [
    (Case(model: "efficientnet_lite0", composite: "epsilon_plus", batch: 8), .times(4)),
    (Case(model: "efficientnet_lite0", composite: "epsilon_gamma_box", batch: 8), .times(8)),
    (Case(model: "vgg16", composite: "epsilon_plus", batch: 8), .times(4)),
    (Case(model: "vgg16", composite: "epsilon_gamma_box", batch: 8), .times(8)),
    (Case(model: "resnet50", composite: "epsilon_plus", batch: 8), .times(4)),
    (Case(model: "resnet50", composite: "epsilon_gamma_box", batch: 8), .times(8)),
  ]
  /// Take minutes and gigabytes: only when asked for.
  static let manySamples: [Entry] = ["efficientnet_lite0", "resnet50", "vgg16"].flatMap { model in
    ["epsilon_plus", "epsilon_gamma_box"].map { (Case(model: model, composite: $0, batch: 32), nil) }
  }
  static func methods(_ model: String) -> [Entry] {
    [
      (Case(model: model, composite: "epsilon_plus", method: .smoothgrad, iterations: 4), nil),
      (Case(model: model, composite: "gradient", method: .integratedGradients, iterations: 4), nil),
      (Case(model: model, composite: "gradient", method: .occlusion, iterations: 4), nil),
    ]
  }
  /// How cost grows with the picture; what the model's own size costs is among the others.
  static let sizes: [Entry] = [112, 160, 224, 320, 512].map {
    (Case(model: "resnet50", composite: "epsilon_plus", side: $0), nil)
  }
  static let threads: [Case] = [
    Case(model: "efficientnet_lite0", composite: "epsilon_gamma_box"), Case(model: "vgg16", composite: "epsilon_plus"),
  ]
  static let memory: [Entry] = [
    (Case(model: "efficientnet_lite0", composite: "epsilon_plus"), Goal(share: 0.5)),
    (Case(model: "resnet50", composite: "epsilon_plus"), Goal(share: 0.5)),
    (Case(model: "vgg16", composite: "epsilon_plus"), Goal(share: 0.5)),
  ]
}
