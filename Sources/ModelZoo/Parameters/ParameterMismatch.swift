import FileSystem
import ModelFormats
import NeuralNetwork
import Tensors

/// How the parameters in a file differ from those of an architecture.
public struct ParameterMismatch: Equatable, Sendable {
  /// A tensor's name and shape.
  public struct Item: Equatable, Sendable {
    let name: String
    let shape: Shape

    var text: String { "\(name.shown()) \(shape)" }
  }

  /// Parameters whose shape in the file is another: the architecture's, then the file's.
  var misshapen: [(wanted: Item, found: Item)] = []
  /// What the file lacks.
  var missing: [Item] = []
  /// What the architecture does not have.
  var extra: [Item] = []
  /// How many parameters are right.
  var matching = 0
  /// What a user may have changed: `head`, `first layer`.
  var replaced: [String] = []
  /// The number of classes that the file speaks of, if nothing but that is wrong.
  var classes: Int?

  /// Names that are shown of each side.
  private static let shownCount = 10

  public static func == (left: Self, right: Self) -> Bool {
    left.text(file: "", model: "") == right.text(file: "", model: "")
  }

  /// - Returns: `nil` if everything is right.
  init?(
    _ names: ParameterNames, declared: DeclaredParameters, classifier: String
  ) {
    for name in declared.names {
      guard let wanted = declared.shapes[name] else { continue }
      let item = Item(name: name, shape: wanted)
      if let entry = names.entries[name] {
        if entry.shape.holds(wanted) {
          matching += 1
        } else {
          misshapen.append((item, Item(name: entry.name, shape: entry.shape)))
        }
      } else {
        missing.append(item)
      }
    }
    extra = names.extra.map { Item(name: $0.name, shape: $0.shape) }
    guard !misshapen.isEmpty || !missing.isEmpty || !extra.isEmpty else { return nil }
    let wrong = misshapen.map(\.wanted) + missing
    func isOf(_ module: String, _ item: Item) -> Bool { item.name.hasPrefix(module + ".") }
    if missing.isEmpty, extra.isEmpty, let first = misshapen.first,
      misshapen.allSatisfy({
        isOf(classifier, $0.wanted) && $0.found.shape.rank == $0.wanted.shape.rank
          && $0.found.shape.dimensions.dropFirst() == $0.wanted.shape.dimensions.dropFirst()
      })
    {
      classes = first.found.shape[0]
      return
    }
    // What is only missing was not replaced, and a network that is mostly another one has no head that was.
    guard matching > wrong.count, !misshapen.isEmpty || !extra.isEmpty else { return }
    if wrong.contains(where: { isOf(classifier, $0) }) { replaced.append("head") }
    if let first = declared.names.first, wrong.contains(where: { $0.name == first }) { replaced.append("first layer") }
  }

  func text(file: String, model: String) -> String {
    var parts: [String] = []
    if let first = misshapen.first {
      let more = misshapen.count == 1 ? "" : " (and \(misshapen.count - 1) more differ)"
      parts.append(
        "parameter '\(first.found.name.shown())' has the shape \(first.found.shape), where \(model) has"
          + " \(first.wanted.shape)" + more)
    }
    if !missing.isEmpty { parts.append("lacks \(Self.listed(missing)) of \(model)") }
    if !extra.isEmpty { parts.append("has \(Self.listed(extra)), which \(model) does not have") }
    let sentence = "\(file): \(parts.joined(separator: ", and ")); \(advice(model: model))"
    guard misshapen.count + missing.count + extra.count > 1, classes == nil else { return sentence }
    return sentence + "\n" + table(model: model)
  }

  private func advice(model: String) -> String {
    if let classes { return "check the number of classes (--classes \(classes)) and the architecture" }
    let export = "export the network to ONNX (torch.onnx.export) and give that file with --model"
    if !replaced.isEmpty {
      return
        "its \(replaced.joined(separator: " and its ")) \(replaced.count > 1 ? "were" : "was") replaced, so it is no"
        + " \(model) any more: \(export)"
    }
    return "give weights of this architecture (--model), or \(export)"
  }

  /// Both sides' names beside each other.
  private func table(model: String) -> String {
    var rows = misshapen.prefix(Self.shownCount).map { ($0.wanted.text, $0.found.text) }
    let rest = Self.shownCount - rows.count
    for index in 0..<min(rest, max(missing.count, extra.count)) {
      rows.append((index < missing.count ? missing[index].text : "", index < extra.count ? extra[index].text : ""))
    }
    let more = (
      misshapen.count + missing.count - Self.shownCount, misshapen.count + extra.count - Self.shownCount
    )
    if more.0 > 0 || more.1 > 0 {
      rows.append((more.0 > 0 ? "… and \(more.0) more" : "", more.1 > 0 ? "… and \(more.1) more" : ""))
    }
    rows.insert(("\(model) has", "the file has"), at: 0)
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { left, right in
      "  " + left + (right.isEmpty ? "" : String(repeating: " ", count: width - left.count + 2) + right)
    }.joined(separator: "\n")
  }

  private static func listed(_ items: [Item]) -> String {
    let shown = items.prefix(3).map { "'\($0.name.shown())'" }.joined(separator: ", ")
    let kind = items.count == 1 ? "parameter" : "parameters"
    return "\(kind) \(shown)" + (items.count > 3 ? " and \(items.count - 3) more" : "")
  }
}

extension Shape {
  /// Whether numbers of this shape are, in the same order, those of `other`: a fully connected layer may be stored as a
  /// convolution, a scale with or without axes of extent 1.
  func holds(_ other: Shape) -> Bool {
    self == other || rank != other.rank && count == other.count && rank > 0 && other.rank > 0 && self[0] == other[0]
  }
}
