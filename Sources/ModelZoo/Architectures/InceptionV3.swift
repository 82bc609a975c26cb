/// torchvision's Inception v3 (Szegedy et al., "Rethinking the Inception architecture for computer vision", CVPR 2016),
/// with torchvision's module names. Activations, concatenations and the poolings of its blocks are no modules there;
/// they are `….relu`, `….cat`, `….avg_pool2d` and `….max_pool2d` here.
///
/// As with ``GoogLeNet`` the auxiliary head is left out, and the preprocessing does what `transform_input` does.
struct InceptionV3: Architecture {
  let name = "inception_v3"
  let summary = "Inception v3"
  let card = CardTemplate.imageNet(
    composite: "epsilon_gamma_box", canonizers: ["SequentialMergeBatchNorm"], resize: 342, crop: 299,
    mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
  let classifier = "fc"
  let unusedModules = ["AuxLogits"]

  /// One `BasicConv2d` of a branch.
  private struct Step {
    var name: String
    var width: Int
    var kernel = [1, 1]
    var stride = 1
    /// Half of the kernel, so that the extents stay; none where the stride is 2.
    var padding: [Int] { stride == 1 ? kernel.map { $0 / 2 } : [0, 0] }
  }

  private enum Pool {
    /// Averages, then a convolution of this width.
    case average(Int)
    case maximum
  }

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.basicConvolution("Conv2d_1a_3x3", 3, 32, kernel: [3, 3], stride: 2)
    try model.basicConvolution("Conv2d_2a_3x3", 32, 32, kernel: [3, 3])
    try model.basicConvolution("Conv2d_2b_3x3", 32, 64, kernel: [3, 3], padding: [1, 1])
    model.maxPool("maxpool1", kernel: 3, stride: 2)
    try model.basicConvolution("Conv2d_3b_1x1", 64, 80, kernel: [1, 1])
    try model.basicConvolution("Conv2d_4a_3x3", 80, 192, kernel: [3, 3])
    model.maxPool("maxpool2", kernel: 3, stride: 2)
    var channels = 192
    for (name, pooled) in [("5b", 32), ("5c", 64), ("5d", 64)] {
      channels = try block(&model, "Mixed_\(name)", channels, Self.fives, .average(pooled))
    }
    channels = try block(&model, "Mixed_6a", channels, Self.toSevens, .maximum)
    for (name, width) in [("6b", 128), ("6c", 160), ("6d", 160), ("6e", 192)] {
      channels = try block(&model, "Mixed_\(name)", channels, Self.sevens(width), .average(192))
    }
    channels = try block(&model, "Mixed_7a", channels, Self.toForks, .maximum)
    for name in ["7b", "7c"] { channels = try fork(&model, "Mixed_\(name)", channels) }
    model.adaptiveAveragePool("avgpool", side: 1)
    model.dropout("dropout")
    model.flatten("flatten")
    try model.fullyConnected(classifier, channels, classes)
  }

  private static let fives = [
    [Step(name: "branch1x1", width: 64)],
    [Step(name: "branch5x5_1", width: 48), Step(name: "branch5x5_2", width: 64, kernel: [5, 5])],
    [
      Step(name: "branch3x3dbl_1", width: 64), Step(name: "branch3x3dbl_2", width: 96, kernel: [3, 3]),
      Step(name: "branch3x3dbl_3", width: 96, kernel: [3, 3]),
    ],
  ]

  private static let toSevens = [
    [Step(name: "branch3x3", width: 384, kernel: [3, 3], stride: 2)],
    [
      Step(name: "branch3x3dbl_1", width: 64), Step(name: "branch3x3dbl_2", width: 96, kernel: [3, 3]),
      Step(name: "branch3x3dbl_3", width: 96, kernel: [3, 3], stride: 2),
    ],
  ]

  private static func sevens(_ width: Int) -> [[Step]] {
    [
      [Step(name: "branch1x1", width: 192)],
      [
        Step(name: "branch7x7_1", width: width), Step(name: "branch7x7_2", width: width, kernel: [1, 7]),
        Step(name: "branch7x7_3", width: 192, kernel: [7, 1]),
      ],
      [
        Step(name: "branch7x7dbl_1", width: width), Step(name: "branch7x7dbl_2", width: width, kernel: [7, 1]),
        Step(name: "branch7x7dbl_3", width: width, kernel: [1, 7]),
        Step(name: "branch7x7dbl_4", width: width, kernel: [7, 1]),
        Step(name: "branch7x7dbl_5", width: 192, kernel: [1, 7]),
      ],
    ]
  }

  private static let toForks = [
    [Step(name: "branch3x3_1", width: 192), Step(name: "branch3x3_2", width: 320, kernel: [3, 3], stride: 2)],
    [
      Step(name: "branch7x7x3_1", width: 192), Step(name: "branch7x7x3_2", width: 192, kernel: [1, 7]),
      Step(name: "branch7x7x3_3", width: 192, kernel: [7, 1]),
      Step(name: "branch7x7x3_4", width: 192, kernel: [3, 3], stride: 2),
    ],
  ]

  /// Branches side by side, the pooled one last; returns the number of channels.
  private func block(
    _ model: inout ModelBuilder, _ path: String, _ channels: Int, _ branches: [[Step]], _ pool: Pool
  ) throws -> Int {
    let entry = model.last
    var ends: [Int] = []
    var width = 0
    for branch in branches {
      ends.append(try steps(&model, path, channels, branch, from: entry))
      width += branch.last?.width ?? 0
    }
    switch pool {
    case .average(let pooled):
      ends.append(try averaged(&model, path, channels, pooled, from: entry))
      width += pooled
    case .maximum:
      ends.append(model.maxPool("\(path).max_pool2d", kernel: 3, stride: 2, from: entry))
      width += channels
    }
    model.concatenation("\(path).cat", ends)
    return width
  }

  /// The last kind of block, two of whose branches fork into 1x3 and 3x1.
  private func fork(_ model: inout ModelBuilder, _ path: String, _ channels: Int) throws -> Int {
    let entry = model.last
    var ends = [try steps(&model, path, channels, [Step(name: "branch1x1", width: 320)], from: entry)]
    for (stem, last) in [
      ([Step(name: "branch3x3_1", width: 384)], "branch3x3_2"),
      (
        [Step(name: "branch3x3dbl_1", width: 448), Step(name: "branch3x3dbl_2", width: 384, kernel: [3, 3])],
        "branch3x3dbl_3"
      ),
    ] {
      let middle = try steps(&model, path, channels, stem, from: entry)
      let tines = try [("a", [1, 3]), ("b", [3, 1])].map { suffix, kernel in
        try steps(&model, path, 384, [Step(name: last + suffix, width: 384, kernel: kernel)], from: middle)
      }
      ends.append(model.concatenation("\(path).cat", tines))
    }
    ends.append(try averaged(&model, path, channels, 192, from: entry))
    model.concatenation("\(path).cat", ends)
    return 320 + 2 * 768 + 192
  }

  private func steps(
    _ model: inout ModelBuilder, _ path: String, _ channels: Int, _ steps: [Step], from entry: Int
  ) throws -> Int {
    var (last, input) = (entry, channels)
    for step in steps {
      last = try model.basicConvolution(
        "\(path).\(step.name)", input, step.width, kernel: step.kernel, stride: step.stride, padding: step.padding,
        from: last)
      input = step.width
    }
    return last
  }

  private func averaged(
    _ model: inout ModelBuilder, _ path: String, _ channels: Int, _ width: Int, from entry: Int
  ) throws -> Int {
    model.averagePool("\(path).avg_pool2d", kernel: 3, stride: 1, padding: 1, from: entry)
    return try model.basicConvolution("\(path).branch_pool", channels, width, kernel: [1, 1])
  }
}
