import Compute
import NeuralNetwork
import Tensors

/// Operators that change the spatial extents: interpolation, and channels that become pixels or the other way round.
extension ONNXImporter {
  /// Upsample and Resize, with the coordinates and weights of the standard.
  mutating func resize(_ node: ONNXNode) throws {
    let source = try activation(node)
    let input = shape(of: source)
    let rank = try spatialRank(input) + 2
    guard (node.integer("antialias") ?? 0) == 0, ["stretch", nil].contains(node.text("keep_aspect_ratio_policy")) else {
      throw Problem(
        "antialias and keep_aspect_ratio_policy are not supported yet", advice: "resize without them, or to fixed sizes"
      )
    }
    let axes = (node.integers("axes") ?? Array(0..<rank)).map { $0 < 0 ? $0 + rank : $0 }
    guard Set(axes).count == axes.count, axes.allSatisfy({ (0..<rank).contains($0) }) else {
      throw Problem.unsound("it resizes axes \(axes.prefix(8)) of an input of shape \(input)")
    }
    let (factors, sizes) = try scales(node)
    guard (factors?.count ?? sizes?.count) == axes.count else {
      throw Problem.unsound("its scales or sizes are not one number for each of \(axes.count) axes")
    }
    var result: [Upsample.Axis] = []
    for axis in 0..<rank {
      let place = axes.firstIndex(of: axis)
      let extent = input[axis]
      let scale = place.flatMap { factors?[$0] } ?? place.flatMap { sizes?[$0] }.map { Float($0) / Float(extent) } ?? 1
      let wanted = place.flatMap { sizes?[$0] } ?? Int(exactly: (Float(extent) * scale).rounded(.down)) ?? 0
      // The batch of sizes is that of the export.
      guard axis >= 2 || (axis == 0 && factors == nil) || (scale == 1 && wanted == extent) else {
        throw Problem("it resizes the batch or the channels", advice: "resize spatial axes only")
      }
      guard scale > 0, scale.isFinite, (1...1 << 16).contains(wanted) else {
        throw Problem("it makes \(wanted) rows of \(extent), and lrp makes 1 to 65536")
      }
      guard axis >= 2 else { continue }
      try spend(96 * wanted)
      let taps = try (0..<wanted).map { try self.taps(node, $0, extent, wanted, scale) }
      result.append(try Upsample.Axis(input: extent, taps: taps))
    }
    try add(node, Upsample(result), from: [source])
  }

  private mutating func scales(_ node: ONNXNode) throws -> ([Float]?, [Int]?) {
    if let factors = node.floats("scales") { return (factors, nil) }
    let place = operatorSet < 11 ? 1 : 2
    if let factors = try constant(node, place), factors.shape.count > 0 {
      guard factors.shape.count <= 8 else { throw Problem.unsound("its scales have the shape \(factors.shape)") }
      return (factors.tensor().rowMajorElements(), nil)
    }
    guard operatorSet >= 11, let sizes = try integers(node, 3), !sizes.isEmpty else {
      throw Problem.unsound("it has neither scales nor sizes")
    }
    return (nil, sizes)
  }

  /// The positions of the input that one of the result is made of.
  private func taps(
    _ node: ONNXNode, _ position: Int, _ extent: Int, _ wanted: Int, _ scale: Float
  ) throws -> [Upsample.Axis.Tap] {
    let mode = node.text("mode") ?? "nearest"
    // Before operator set 11 there was one way.
    let usual = operatorSet < 11 ? "asymmetric" : "half_pixel"
    let coordinates = node.text("coordinate_transformation_mode") ?? usual
    func clamped(_ index: Double) -> Int { Int(min(max(index, 0), Double(extent - 1))) }
    let place: Double
    if mode == "nearest" {
      // Where a position lies between two, float32's rounding decides, as in onnxruntime.
      place = Double(
        try Self.coordinate(coordinates, Float(position), Float(extent), Float(wanted), scale))
    } else {
      place = try Self.coordinate(coordinates, Double(position), Double(extent), Double(wanted), Double(scale))
    }
    switch mode {
    case "nearest":
      let rounding = node.text("nearest_mode") ?? (operatorSet < 11 ? "floor" : "round_prefer_floor")
      let nearest: Double
      switch rounding {
      case "round_prefer_floor": nearest = (place - 0.5).rounded(.up)
      case "round_prefer_ceil": nearest = (place + 0.5).rounded(.down)
      case "floor": nearest = place.rounded(.down)
      case "ceil": nearest = place.rounded(.up)
      default: throw Problem("lrp does not know its nearest_mode '\(printable(rounding))'")
      }
      return [.init(index: clamped(nearest), weight: 1)]
    case "linear":
      let inside = min(max(place, 0), Double(extent - 1))
      let first = clamped(inside.rounded(.down))
      let share = Float(inside - Double(first))
      return [.init(index: first, weight: 1 - share), .init(index: min(first + 1, extent - 1), weight: share)]
    case "cubic":
      let first = place.rounded(.down)
      let a = Double(node.float("cubic_coeff_a") ?? -0.75)
      var taps = (-1...2).map { step -> (Double, Double) in
        (first + Double(step), Self.cubic(abs(place - first - Double(step)), a))
      }
      if node.integer("exclude_outside") == 1 {
        taps = taps.filter { (0..<Double(extent)).contains($0.0) }
        let sum = taps.reduce(0) { $0 + $1.1 }
        taps = taps.map { ($0.0, $0.1 / sum) }
      }
      return taps.map { .init(index: clamped($0.0), weight: Float($0.1)) }
    default:
      throw Problem("lrp does not know its mode '\(printable(mode))'", advice: "resize by nearest, linear or cubic")
    }
  }

  private static func cubic(_ distance: Double, _ a: Double) -> Double {
    if distance <= 1 { return ((a + 2) * distance - (a + 3)) * distance * distance + 1 }
    return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0
  }

  private static func coordinate<Number: BinaryFloatingPoint>(
    _ mode: String, _ position: Number, _ extent: Number, _ wanted: Number, _ scale: Number
  ) throws -> Number {
    switch mode {
    case "asymmetric": position / scale
    case "half_pixel": (position + 0.5) / scale - 0.5
    case "pytorch_half_pixel": wanted > 1 ? (position + 0.5) / scale - 0.5 : 0
    case "tf_half_pixel_for_nn": (position + 0.5) / scale
    case "align_corners": wanted == 1 ? 0 : position * (extent - 1) / (wanted - 1)
    case "half_pixel_symmetric":
      extent / 2 * (1 - wanted / (scale * extent)) + (position + 0.5) / scale - 0.5
    default:
      throw Problem("coordinate_transformation_mode '\(printable(mode))' is not supported yet")
    }
  }

  /// Channels that become pixels of `blocksize` rows and columns.
  mutating func depthToSpace(_ node: ONNXNode) throws {
    let (source, input, block) = try blocks(node)
    guard input.channels.isMultiple(of: block * block) else {
      throw Problem.unsound("\(input.channels) channels do not make whole blocks of \(block) by \(block)")
    }
    let (channels, height, width) = (input.channels / (block * block), input[2], input[3])
    let mode = node.text("mode") ?? "DCR"
    guard ["DCR", "CRD"].contains(mode) else {
      throw Problem.unsound("its mode '\(printable(mode))' is neither DCR nor CRD")
    }
    let isColumnFirst = mode == "CRD"
    try rearrange(
      node, source, isColumnFirst ? [channels, block, block, height, width] : [block, block, channels, height, width],
      isColumnFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2], [channels, height * block, width * block])
  }

  mutating func spaceToDepth(_ node: ONNXNode) throws {
    let (source, input, block) = try blocks(node)
    guard input[2].isMultiple(of: block), input[3].isMultiple(of: block) else {
      throw Problem.unsound(
        "a picture of \(input[2]) by \(input[3]) does not consist of blocks of \(block) by \(block)")
    }
    let (height, width) = (input[2] / block, input[3] / block)
    try rearrange(
      node, source, [input.channels, height, block, width, block], [0, 3, 5, 1, 2, 4],
      [input.channels * block * block, height, width])
  }

  private func blocks(_ node: ONNXNode) throws -> (source: Int, input: Shape, block: Int) {
    let source = try activation(node)
    let input = shape(of: source)
    guard input.rank == 4, let block = node.integer("blocksize"), (1...1 << 10).contains(block) else {
      throw Problem(
        "its input has the shape \(input), or its blocksize is not from 1 to 1024",
        advice: "give it a picture (N, C, H, W)")
    }
    return (source, input, block)
  }

  private mutating func rearrange(
    _ node: ONNXNode, _ source: Int, _ parts: [Int], _ order: [Int], _ sample: [Int]
  ) throws {
    let main = Reshape(sample: sample)
    var last = try insert(node, Reshape(sample: parts), from: [source], as: Part("blocks", of: main))
    last = try insert(node, Transpose(order: order), from: [last], as: Part("transpose", of: main))
    try add(node, main, from: [last])
  }
}
