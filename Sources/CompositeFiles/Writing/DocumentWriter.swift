import FileSystem
import LRP
import NeuralNetwork
import YAMLFiles

extension CompositeDocument {
  /// The document as YAML: one line per rule and parameter set, so that two files diff well. Reading it gives the same
  /// composite, every number bit for bit.
  ///
  /// See ``inOrder(of:)`` for names in layer order. Rules and canonizers that are not part of this library are written by
  /// their names but cannot be read; ``write(to:overwriting:)`` refuses them.
  public func yaml() -> String {
    var lines = ["version: \(Self.version)"]
    if let model { lines.append("model: \(YAMLText.scalar(model))") }
    if let canonizers { lines.append("canonizers: \(YAMLText.list(canonizers.flatMap(Self.text)))") }
    func map(_ key: String, _ entries: [String]) {
      if !entries.isEmpty { lines += ["\(key):"] + entries.map { "  - {\($0)}" } }
    }
    map("name_map", nameMap.merged().map { "names: \(Self.list($0.names)), \(RuleText.fields(of: $0.rule))" })
    map("first_map", firstMap.filter { !$0.types.isEmpty }.map(Self.text))
    map("layer_map", layerMap.filter { !$0.types.isEmpty }.map(Self.text))
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes ``yaml()`` to a file, whole or not at all.
  /// - Throws: `FileError`, or ``CompositeFileError/notWritable(problem:)`` for a rule, canonizer or number that no
  ///   composite file can hold.
  public func write(to path: String, overwriting: Bool = true) throws {
    if let problem = obstacle { throw CompositeFileError.notWritable(problem: "\(path): not written: \(problem)") }
    try AtomicFile.write(yaml(), to: path, overwriting: overwriting)
  }

  /// Why the document cannot be written so that it reads back as it is.
  private var obstacle: String? {
    for canonizer in (canonizers ?? []).flatMap(Self.flattened) where !(canonizer is NamedMergeBatchNorm) {
      guard CanonizerCatalog.all.contains(where: { $0.name == canonizer.name }) else {
        return "the canonizer \(canonizer.name) has no form in a composite file"
      }
    }
    let text = yaml()
    do {
      let copy = try CompositeDocument(reading: text, file: "the composite")
      return copy.yaml() == text ? nil : "it would not read back as it is"
    } catch {
      return "\(error)"
    }
  }

  private static func text(_ entry: LayerMapEntry) -> String {
    "types: \(list(entry.types.flatMap(\.named).map(\.name))), \(RuleText.fields(of: entry.rule))"
  }

  private static func list(_ names: [String]) -> String { YAMLText.list(names.map(YAMLText.scalar)) }

  static func flattened(_ canonizer: any Canonizer) -> [any Canonizer] {
    (canonizer as? CompositeCanonizer)?.canonizers.flatMap(flattened) ?? [canonizer]
  }

  private static func text(_ canonizer: any Canonizer) -> [String] {
    flattened(canonizer).map { canonizer in
      guard let named = canonizer as? NamedMergeBatchNorm else { return YAMLText.scalar(canonizer.name) }
      let merges = named.nameMap.map {
        "{linear: \(list($0.linear)), batch_norm: \(YAMLText.scalar($0.batchNorm))}"
      }
      return "{NamedMergeBatchNorm: \(YAMLText.list(merges))}"
    }
  }
}
