import LRP
import YAMLFiles
import Yams

/// Reads the `canonizers` of a composite file: names, and `NamedMergeBatchNorm` with what it merges.
struct CanonizerReader {
  let source: YAMLSource
  private static let named = "NamedMergeBatchNorm"

  func canonizers(_ node: YAMLNode) throws -> [any Canonizer] {
    try source.list(node, of: "a list of canonizers ([] for none)").map(canonizer)
  }

  private func canonizer(_ node: YAMLNode) throws -> any Canonizer {
    guard case .mapping = node else {
      let name = try source.text(node, "a canonizer")
      if let canonizer = CanonizerCatalog.all.first(where: { $0.name == name }) { return canonizer }
      if name == Self.named {
        throw source.error(
          node, "\(name) needs to know what to merge: {\(name): [{linear: [features.0], batch_norm: features.1}]}")
      }
      throw unknown(name, node)
    }
    let fields = try source.fields(node, of: "a canonizer")
    guard let field = fields.first, fields.count == 1 else {
      throw source.error(node, "\(fields.count) keys found, one canonizer expected; begin a new list item for each")
    }
    guard field.name == Self.named else {
      if CanonizerCatalog.all.contains(where: { $0.name == field.name }) {
        throw source.error(field.key, "\(field.name) takes no arguments; write the name alone")
      }
      throw unknown(field.name, field.key)
    }
    return NamedMergeBatchNorm(nameMap: try source.list(field.value, of: "a list of merges").map(merge))
  }

  private func unknown(_ name: String, _ node: YAMLNode) -> YAMLFileError {
    let names = CanonizerCatalog.all.map(\.name) + [Self.named]
    return source.error(
      node,
      "'\(source.shown(name))' found, a canonizer (\(names.joined(separator: ", "))) expected"
        + source.suggestion(for: name, among: names))
  }

  private func merge(_ node: YAMLNode) throws -> NamedMergeBatchNorm.Merge {
    let what = "{linear: [layers], batch_norm: layer}"
    var linear: [String]?
    var norm: String?
    for field in try source.fields(node, of: what) {
      switch field.name {
      case "linear":
        linear = try source.list(field.value, of: "a list of layers").map { try source.text($0, "a layer's name") }
      case "batch_norm": norm = try source.text(field.value, "a layer's name")
      default: throw source.error(field.key, "the key '\(source.shown(field.name))' found, \(what) expected")
      }
    }
    guard let linear, let norm, !linear.isEmpty else {
      throw source.error(
        node, "\(linear == nil || linear == [] ? "no linear" : "no batch_norm") found, \(what) expected")
    }
    return NamedMergeBatchNorm.Merge(linear: linear, batchNorm: norm)
  }
}
