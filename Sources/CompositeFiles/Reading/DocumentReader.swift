import LRP
import NeuralNetwork
import YAMLFiles
import Yams

/// Turns the nodes of a composite file into a document, checking everything on the way.
struct DocumentReader {
  private let source: YAMLSource
  private let network: Network?
  private let defaultCanonizers: [any Canonizer]
  private static let keys = ["version", "model", "canonizers", "name_map", "first_map", "layer_map"]

  init(file: String, network: Network?, defaultCanonizers: [any Canonizer]) {
    source = YAMLSource(file: file, what: "a composite file")
    self.network = network
    self.defaultCanonizers = defaultCanonizers
  }

  /// Only the `model` entry.
  func modelName(_ text: String) throws -> String? {
    let fields = try source.fields(root(of: text), of: "a composite (version: 1, …)")
    return try fields.first { $0.name == "model" }.map { try source.text($0.value, "a model's name") }
  }

  private func root(of text: String) throws -> YAMLNode {
    guard !source.file.lowercased().hasSuffix(".py") else {
      throw YAMLFileError.invalid(
        file: source.file, line: 1, column: 1,
        problem:
          "this is Python, which lrp writes ('lrp composite export') but does not read; give the composite as YAML")
    }
    guard let root = try source.root(of: text) else {
      throw YAMLFileError.invalid(
        file: source.file, line: 1, column: 1, problem: "nothing found, a composite (version: 1, …) expected")
    }
    return root
  }

  func read(_ text: String) throws -> CompositeDocument {
    let root = try root(of: text)
    var fields: [String: YAMLNode] = [:]
    for field in try source.fields(root, of: "a composite (version: 1, …)") {
      guard Self.keys.contains(field.name) else {
        throw source.error(
          field.key,
          "the key '\(source.shown(field.name))' found, one of \(Self.keys.joined(separator: ", ")) expected"
            + source.suggestion(for: field.name, among: Self.keys))
      }
      fields[field.name] = field.value
    }
    guard let version = fields["version"] else {
      throw source.error(root, "no version found, 'version: \(CompositeDocument.version)' expected")
    }
    guard try source.integer(version, "a version number") == CompositeDocument.version else {
      throw source.error(
        version, "version \(source.found(version)), \(CompositeDocument.version) expected; a newer program may read it")
    }
    var document = CompositeDocument()
    document.model = try fields["model"].map { try source.text($0, "a model's name") }
    document.canonizers = try fields["canonizers"].map { try CanonizerReader(source: source).canonizers($0) }
    if let model = document.model, let network, model != network.name {
      document.warnings.append("\(source.file): made for the model \(source.shown(model)), used with \(network.name)")
    }
    if let node = fields["name_map"] {
      var names = NameResolver(
        source: source, network: network, canonizers: document.canonizers ?? defaultCanonizers)
      document.nameMap = try source.list(node, of: "a list of entries").map {
        try nameEntry($0, &names, &document.places)
      }
    }
    document.firstMap = try layerMap(fields["first_map"], "first_map", into: &document)
    document.layerMap = try layerMap(fields["layer_map"], "layer_map", into: &document)
    return document
  }

  private func nameEntry(
    _ node: YAMLNode, _ names: inout NameResolver, _ places: inout [(rule: any Rule, place: String)]
  ) throws -> NameMapEntry {
    let entry = try RuleReader(source: source).entry(node, selector: "names", example: "features.0")
    places.append((entry.rule, entry.place))
    return NameMapEntry(try names.resolve(entry.selection, in: entry.selector), entry.rule)
  }

  private func layerMap(_ node: YAMLNode?, _ map: String, into document: inout CompositeDocument) throws
    -> [LayerMapEntry]
  {
    guard let node else { return [] }
    var covered = Set<LayerKind>()
    return try source.list(node, of: "a list of entries").map { node in
      let entry = try RuleReader(source: source).entry(node, selector: "types", example: "Convolution")
      document.places.append((entry.rule, entry.place))
      let types = try entry.selection.map { node in
        let type = try layerType(node)
        if type.kinds.isSubset(of: covered) {
          let line = node.mark.map { ":\($0.line):\($0.column)" } ?? ""
          document.warnings.append(
            "\(source.file)\(line): \(map): \(type.name) is never reached; entries above have all of it")
        }
        covered.formUnion(type.kinds)
        return type
      }
      return LayerMapEntry(types, entry.rule)
    }
  }

  private func layerType(_ node: YAMLNode) throws -> LayerType {
    let name = try source.text(node, "a layer type")
    let types = LayerType.all.filter(\.takesRules)
    if let type = types.first(where: { $0.name == name }) { return type }
    if LayerType.named(name) != nil {
      throw source.error(node, "'\(name)' found, which is an operation without a module and takes no rule")
    }
    let suggestion = source.suggestion(for: name, among: types.map(\.name))
    throw source.error(
      node,
      "'\(source.shown(name))' found, a layer type expected"
        + (suggestion.isEmpty ? ": Convolution, Linear, BatchNorm, AvgPool, Activation, Sum, …" : suggestion))
  }
}
