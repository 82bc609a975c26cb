import LRP
import NeuralNetwork
import Tensors
import YAMLFiles

extension CompositeDocument {
  /// A stand-alone Python script with a function that builds the same composite from zennit's own classes.
  public func python() -> String {
    var export = PythonExport()
    return export.script(of: self)
  }
}

/// Writes the expressions of the script and remembers what has to be imported for them.
private struct PythonExport {
  private var rules = Set<String>()
  private var types = Set<String>()
  private var canonizers: [String: Set<String>] = [:]
  private var needsTorch = false
  private var needsTorchvision = false
  private var needsStabilizer = false
  private var needsSum = false
  private var needsSumSingle = false
  /// Rules that zennit has nothing like.
  private var lackingRules = Set<String>()

  mutating func script(of document: CompositeDocument) -> String {
    let names = document.nameMap.merged().compactMap { entry in
      rule(entry.rule).map { "(\(list(entry.names.map(Self.quoted))), \($0))" }
    }
    let first = document.firstMap.compactMap { layerEntry($0) }
    let layers = document.layerMap.compactMap { layerEntry($0) }
    let all = (document.canonizers ?? []).flatMap(CompositeDocument.flattened)
    let canonizers = all.filter { !Self.isLacking($0) }.map { canonizer($0) }
    let lacking = all.filter(Self.isLacking).map(\.name)
    let used = document.model.map { " for \($0)" } ?? ""
    var lines = [
      "\"\"\"Composite\(Self.comment(used)), written by lrp. Needs zennit (https://zennit.readthedocs.io).", "",
      "    composite = make_composite()", "    with Gradient(model=model, composite=composite) as attributor:",
      "        output, relevance = attributor(input, one_hot)", "\"\"\"",
    ]
    let warnings =
      lacking.map { "zennit has no canonizer \($0): its relevance differs from lrp's unless the model is rewritten so" }
      + lackingRules.sorted().map { "zennit has no rule \($0): layers with it take the plain gradient" }
    lines += (warnings.isEmpty ? [] : ["import warnings", ""]) + imports() + sumSingle()
    lines += ["", "", "def make_composite():"]
    lines += warnings.map { "    warnings.warn(\(Self.quoted($0)))" }
    if !canonizers.isEmpty {
      lines += assignment("canonizers", canonizers)
    } else {
      lines.append("    canonizers = []")
    }
    lines += assignment("name_map", names) + assignment("first_map", first) + assignment("layer_map", layers)
    lines += [
      "    return MixedComposite(", "        [", "            NameMapComposite(name_map=name_map),",
      "            SpecialFirstLayerMapComposite(layer_map=layer_map, first_map=first_map),", "        ],",
      "        canonizers=canonizers,", "    )", "", "", "if __name__ == '__main__':", "    print(make_composite())",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func imports() -> [String] {
    var lines = needsTorch ? ["import torch"] : []
    if needsTorchvision { lines.append("import torchvision") }
    if let names = canonizers["zennit.canonizers"] { lines.append(from("zennit.canonizers", names)) }
    lines.append(from("zennit.composites", ["MixedComposite", "NameMapComposite", "SpecialFirstLayerMapComposite"]))
    let core = (needsSumSingle ? ["Hook"] : []) + (needsStabilizer ? ["Stabilizer"] : [])
    if !core.isEmpty { lines.append(from("zennit.core", Set(core))) }
    if needsSum { lines.append(from("zennit.layer", ["Sum"])) }
    if !rules.isEmpty { lines.append(from("zennit.rules", rules)) }
    if let names = canonizers["zennit.torchvision"] { lines.append(from("zennit.torchvision", names)) }
    if !types.isEmpty { lines.append(from("zennit.types", types)) }
    return lines
  }

  /// A rule that zennit has not in its package but in its example program.
  private func sumSingle() -> [String] {
    guard needsSumSingle else { return [] }
    return [
      "", "", "class SumSingle(Hook):", "    \"\"\"All relevance of a Sum goes to one summand.\"\"\"", "",
      "    def __init__(self, summand=1):", "        super().__init__()", "        self.summand = summand", "",
      "    def backward(self, module, grad_input, grad_output):", "        relevance = torch.zeros_like(grad_input[0])",
      "        relevance.select(module.dim, self.summand).copy_(grad_output[0])", "        return (relevance,)", "",
      "    def copy(self):", "        return SumSingle(self.summand)",
    ]
  }

  private func from(_ module: String, _ names: Set<String>) -> String {
    "from \(module) import \(names.sorted().joined(separator: ", "))"
  }

  private func assignment(_ name: String, _ items: [String]) -> [String] {
    items.isEmpty ? ["    \(name) = []"] : ["    \(name) = ["] + items.map { "        \($0)," } + ["    ]"]
  }

  // MARK: Expressions

  private mutating func layerEntry(_ entry: LayerMapEntry) -> String? {
    // A plain addition or concatenation is no module, there or here; gates are made by a canonizer of ours.
    let types = entry.types.flatMap(\.named).filter {
      $0.takesRules && $0 != .gatedProduct
        && $0 != .gatedRecurrence
    }.map { type($0) }
    guard !types.isEmpty, let rule = rule(entry.rule) else { return nil }
    return "((\(types.joined(separator: ", ")),), \(rule))"
  }

  private mutating func type(_ type: LayerType) -> String {
    if type == .sum {
      needsSum = true
      return "Sum"
    }
    let families = [
      LayerType.convolution, .convolutionStandard, .convolutionTranspose, .linear, .batchNorm, .avgPool, .maxPool,
      .activation,
    ]
    if families.contains(type) {
      types.insert(type.name)
      return type.name
    }
    if type == LayerType(.frozenBatchNorm2d) {
      needsTorchvision = true
      return "torchvision.ops.\(type.name)"
    }
    needsTorch = true
    if type == .fullyConnected { return "torch.nn.Linear" }
    // One class for each number of axes in torch.
    if type == LayerType(.lpPool) { return (1...3).map { "torch.nn.LPPool\($0)d" }.joined(separator: ", ") }
    return "torch.nn." + (type == LayerType(.padding) ? "ZeroPad2d" : type.name)
  }

  /// - Returns: `nil` for a rule that zennit does not have.
  private mutating func rule(_ rule: any Rule) -> String? {
    if let single = rule as? SumSingle {
      (needsTorch, needsSumSingle) = (true, true)
      return "SumSingle(summand=\(single.summand))"
    }
    guard let name = rule.python else {
      lackingRules.insert(rule.name)
      return nil
    }
    rules.insert(name)
    let parameters = rule.parameters.filter { $0.value != .keys([]) }
    var numbers: [String: Double] = [:]
    for case (let name, .number(let number)) in parameters.map({ ($0.name, $0.value) }) { numbers[name] = number }
    let arguments = parameters.map { parameter in
      // zennit takes no α − β that rounding keeps from 1; from α on, 1 is subtracted without rounding.
      if parameter.name == "beta", let alpha = numbers["alpha"], let beta = numbers["beta"], alpha - beta != 1 {
        return "beta=\(NumberText.text(alpha - 1))"
      }
      return "\(parameter.name)=\(value(parameter.value))"
    }
    return "\(name)(\(arguments.joined(separator: ", ")))"
  }

  private mutating func value(_ value: ParameterValue) -> String {
    switch value {
    case .number(let number), .bound(.scalar(let number)): return NumberText.text(number)
    case .stabilizer(let stabilizer): return self.stabilizer(stabilizer)
    case .bound(.perChannel(let numbers)):
      needsTorch = true
      // One row: zennit appends the axes that are missing behind the channels.
      return "torch.tensor([\(list(numbers.map(NumberText.text)))], dtype=torch.float64)"
    case .bound(.tensor(let tensor)):
      needsTorch = true
      let elements = tensor.rowMajorElements().map { NumberText.text(Double($0)) }
      let shape = tensor.shape.dimensions.map(String.init)
      return "torch.tensor(\(list(elements))).reshape(\(list(shape)))"
    case .keys(let keys): return list(keys.sorted().map { Self.quoted($0.rawValue) })
    }
  }

  private mutating func stabilizer(_ stabilizer: Stabilizer) -> String {
    if let function = stabilizer.function { return function.name }
    if stabilizer.isPlain { return NumberText.text(stabilizer.epsilon) }
    needsStabilizer = true
    var arguments = ["epsilon=\(NumberText.text(stabilizer.epsilon))"]
    if stabilizer.clip { arguments.append("clip=True") }
    if stabilizer.normScale { arguments.append("norm_scale=True") }
    if let dim = stabilizer.dim { arguments.append("dim=(\(dim.map { "\($0), " }.joined()))") }
    return "Stabilizer(\(arguments.joined(separator: ", ")))"
  }

  /// Whether zennit has nothing like it.
  private static func isLacking(_ canonizer: any Canonizer) -> Bool {
    canonizer is any GraphCanonizer || canonizer is LogitOutput
  }

  private mutating func canonizer(_ canonizer: any Canonizer) -> String {
    let isTorchvision =
      canonizer is VGGCanonizer || canonizer is ResNetCanonizer || canonizer is ResNetBasicBlockCanonizer
      || canonizer is ResNetBottleneckCanonizer
    canonizers[isTorchvision ? "zennit.torchvision" : "zennit.canonizers", default: []].insert(canonizer.name)
    guard let named = canonizer as? NamedMergeBatchNorm else { return "\(canonizer.name)()" }
    let merges = named.nameMap.map {
      "(\(list($0.linear.map(Self.quoted))), \(Self.quoted($0.batchNorm)))"
    }
    return "NamedMergeBatchNorm(name_map=\(list(merges)))"
  }

  private func list(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }

  /// A Python string literal in ASCII.
  private static func quoted(_ text: String) -> String {
    "'" + text.unicodeScalars.map(escaped).joined() + "'"
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    if scalar == "'" || scalar == "\\" { return "\\\(scalar)" }
    if (0x20..<0x7F).contains(scalar.value) { return String(scalar) }
    let digits = String(scalar.value, radix: 16)
    return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// Text inside the script's doc string.
  private static func comment(_ text: String) -> String {
    text.unicodeScalars.map { $0 == "\"" ? "'" : escaped($0) }.joined()
  }
}
