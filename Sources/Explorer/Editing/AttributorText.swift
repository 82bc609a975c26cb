import LRP

/// The parameters of attributors as they are typed.
package enum AttributorText {
  /// The parameters of a kind, in order.
  static func parameters(of kind: AttributorSettings.Kind) -> [ChoiceForm.Parameter] {
    let iterations = ChoiceForm.Parameter(
      name: "iterations", expectation: "how many passes: a whole number of at least 1", step: .wholeDoubling)
    switch kind {
    case .gradient, .inputTimesGradient: return []
    case .smoothgrad:
      return [
        .init(
          name: "noise_level", expectation: "deviation of the noise as a share of the input's range, at least 0",
          step: .doubling),
        iterations, .init(name: "seed", expectation: "of the noise: a whole number of at least 0"),
      ]
    case .integratedGradients:
      return [iterations, .init(name: "baseline", expectation: "where the way begins: " + boundExpectation)]
    case .occlusion:
      return [
        .init(name: "window", expectation: "extent of the window: " + extentsExpectation, step: .wholeDoubling),
        .init(name: "stride", expectation: "how far the window moves: " + extentsExpectation, step: .wholeDoubling),
        .init(name: "fill", expectation: "what blanked values become: " + boundExpectation),
        .init(name: "invert", expectation: "yes blanks the window and keeps the rest; no"),
      ]
    }
  }

  private static let boundExpectation = "a number, or a list with one per channel"
  private static let extentsExpectation = "a positive number, or one for each of the last axes (8, 16)"

  /// A parameter's value as it is offered for editing.
  static func text(of name: String, _ settings: AttributorSettings) -> String {
    switch name {
    case "noise_level": ParameterValue.short(settings.noiseLevel)
    case "iterations": String(settings.iterations)
    case "seed": String(settings.seed)
    case "baseline": ParameterValue.bound(settings.baseline).description
    case "window": text(of: settings.window)
    case "stride": text(of: settings.stride)
    case "fill": ParameterValue.bound(settings.fill).description
    case "invert": settings.invert ? "yes" : "no"
    default: ""
    }
  }

  private static func text(of extents: Occlusion.Extents) -> String {
    switch extents {
    case .every(let extent): String(extent)
    case .last(let extents): extents.map(String.init).joined(separator: ", ")
    }
  }

  /// Takes a parameter from what was typed.
  /// - Throws: a problem saying what was found and what is expected.
  static func read(
    _ text: String, for parameter: ChoiceForm.Parameter, into settings: inout AttributorSettings
  ) throws(ParameterText.Problem) {
    func required<Value>(_ value: Value?) throws(ParameterText.Problem) -> Value {
      if let value { return value }
      let found = text.trimmed.isEmpty ? "nothing" : "“\(text.trimmed)”"
      throw ParameterText.Problem(description: "\(parameter.name): \(found) found; \(parameter.expectation)")
    }
    switch parameter.name {
    case "noise_level":
      settings.noiseLevel = try required(ParameterText.number(text).flatMap { $0 >= 0 ? $0 : nil })
    case "iterations":
      settings.iterations = try required(Int(text.trimmed).flatMap { (1...100_000).contains($0) ? $0 : nil })
    case "seed": settings.seed = try required(UInt64(text.trimmed))
    case "baseline": settings.baseline = try required(ParameterText.bound(text.trimmed))
    case "window": settings.window = try required(extents(text))
    case "stride": settings.stride = try required(extents(text))
    case "fill": settings.fill = try required(ParameterText.bound(text.trimmed))
    case "invert": settings.invert = try required(["yes": true, "no": false][text.trimmed.lowercased()])
    default: break
    }
  }

  private static func extents(_ text: String) -> Occlusion.Extents? {
    guard let numbers = ParameterText.integers(text.trimmed), numbers.allSatisfy({ (1...1_000_000).contains($0) })
    else {
      return nil
    }
    return numbers.count == 1 ? .every(numbers[0]) : .last(numbers)
  }
}
