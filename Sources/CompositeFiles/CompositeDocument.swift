import FileSystem
import Foundation
import LRP
import NeuralNetwork
import YAMLFiles

/// A composite as it stands in a file: rules by layer name, for the first layer, and by layer type.
///
/// The format is YAML; rule and parameter names are zennit's. ``nameMap`` is consulted first, then ``firstMap`` (once),
/// then ``layerMap``. Reading accepts globs and ranges of names, writing expands them.
public struct CompositeDocument: Sendable {
  /// The version of the format that is read and written.
  public static let version = 1
  /// Files larger than this are not read, in bytes.
  public static let largestSize = YAMLSource.largestSize

  /// What the composite was made for.
  public var model: String?
  /// `nil` if the file leaves the choice to the model; empty for none.
  public var canonizers: [any Canonizer]?
  public var nameMap: [NameMapEntry]
  public var firstMap: [LayerMapEntry]
  public var layerMap: [LayerMapEntry]
  /// What is odd about the file that was read, though not wrong: another model's name, entries that are never reached.
  public internal(set) var warnings: [String] = []
  /// Where the rules of the maps' entries stand in the file that was read, as `mine.yaml:4:30`; see ``place(of:in:)``.
  var places: [(rule: any Rule, place: String)] = []

  public init(
    model: String? = nil, canonizers: [any Canonizer]? = nil, nameMap: [NameMapEntry] = [],
    firstMap: [LayerMapEntry] = [], layerMap: [LayerMapEntry] = []
  ) {
    self.model = model
    self.canonizers = canonizers
    self.nameMap = nameMap
    self.firstMap = firstMap
    self.layerMap = layerMap
  }

  /// Reads a document.
  /// - Parameters:
  ///   - text: YAML, at most ``largestSize`` bytes.
  ///   - file: what to call it in messages.
  ///   - network: what names, globs and ranges refer to, before canonization. Without a network names are taken as
  ///     they are, and globs and ranges are errors.
  ///   - defaultCanonizers: what is applied to the network if the file has no `canonizers`; they may add layers.
  /// - Throws: ``CompositeFileError`` with line and column.
  public init(
    reading text: String, file: String, network: Network? = nil, defaultCanonizers: [any Canonizer] = []
  ) throws {
    let reader = DocumentReader(file: file, network: network, defaultCanonizers: defaultCanonizers)
    self = try CompositeFileError.translating { try reader.read(text) }
  }

  /// Reads the file at `path`; see ``init(reading:file:network:defaultCanonizers:)``.
  /// - Throws: `FileError` if the file cannot be read, else ``CompositeFileError``.
  public init(contentsOf path: String, network: Network? = nil, defaultCanonizers: [any Canonizer] = []) throws {
    try self.init(
      reading: Self.text(ofFile: path), file: path, network: network, defaultCanonizers: defaultCanonizers)
  }

  private static func text(ofFile path: String) throws -> String {
    try CompositeFileError.translating { try YAMLSource(file: path, what: "a composite file").text(ofFile: path) }
  }

  /// Where the file gives a layer its rule; `nil` if the document comes of no file.
  public func place(of layer: String, in assignment: Assignment) -> String? {
    guard let index = assignment.network.nodes.firstIndex(where: { $0.name == layer }),
      let rule = assignment.matches[index]?.rule
    else { return nil }
    let key = AnyHashable(rule)
    for (known, place) in places where AnyHashable(known) == key { return place }
    return nil
  }

  /// The document as a composite.
  /// - Parameter defaultCanonizers: used if the document has no ``canonizers``.
  public func composite(defaultCanonizers: [any Canonizer] = []) -> any Composite {
    MixedComposite(
      composites: [
        NameMapComposite(nameMap: nameMap),
        SpecialFirstLayerMapComposite(layerMap: layerMap, firstMap: firstMap),
      ], canonizers: canonizers ?? defaultCanonizers)
  }
}

extension CompositeDocument {
  /// A document with a rule for each of some layers: one entry per rule and parameter set, in the order in which the
  /// rules first occur.
  /// - Parameter rules: layers by module path, in layer order; of several with one name the first counts.
  public init(
    model: String? = nil, canonizers: [any Canonizer]? = nil, rules: [(name: String, rule: any Rule)]
  ) {
    self.init(model: model, canonizers: canonizers, nameMap: rules.map { NameMapEntry([$0.name], $0.rule) }.merged())
  }

  /// A document with the rule of every module that has one, whatever map gave it.
  public init(of assignment: Assignment, model: String? = nil, canonizers: [any Canonizer]? = nil) {
    var rules: [String: any Rule] = [:]
    for (node, match) in zip(assignment.network.nodes, assignment.matches) { rules[node.path] = match?.rule }
    self.init(
      model: model, canonizers: canonizers,
      rules: assignment.network.registrationOrder.compactMap { path in rules[path].map { (path, $0) } })
  }

  /// The document with ``nameMap`` as it is written: one entry per rule and parameter set, names in the network's order.
  public func inOrder(of network: Network) -> CompositeDocument {
    var copy = self
    copy.nameMap = nameMap.merged(order: network.registrationOrder)
    return copy
  }
}

extension [NameMapEntry] {
  /// The same rules with one entry per rule and parameter set. Names that an earlier entry has are dropped.
  /// - Parameter order: names in layer order; others follow as they come.
  func merged(order: [String] = []) -> [NameMapEntry] {
    var seen = Set<String>()
    var pairs = flatMap { entry in
      entry.names.filter { seen.insert($0).inserted }.map { (name: $0, rule: entry.rule) }
    }
    if !order.isEmpty {
      let ranks = Dictionary(order.enumerated().map { ($1, $0) }) { first, _ in first }
      pairs = pairs.enumerated().sorted { left, right in
        (ranks[left.element.name] ?? .max, left.offset) < (ranks[right.element.name] ?? .max, right.offset)
      }.map(\.element)
    }
    var indices: [String: Int] = [:]
    var result: [NameMapEntry] = []
    for (name, rule) in pairs {
      let text = RuleText.fields(of: rule)
      if let index = indices[text] {
        result[index].names.append(name)
      } else {
        indices[text] = result.count
        result.append(NameMapEntry([name], rule))
      }
    }
    return result
  }
}

extension CompositeDocument {
  /// The `model` that a composite file names, without reading the rest of it.
  /// - Throws: as ``init(contentsOf:network:defaultCanonizers:)``, for what is no composite file at all.
  public static func modelName(inFile path: String) throws -> String? {
    let reader = DocumentReader(file: path, network: nil, defaultCanonizers: [])
    let text = try text(ofFile: path)
    return try CompositeFileError.translating { try reader.modelName(text) }
  }
}
