/// Finds the state dict in what a file holds: the object itself, or what training scripts put beside epoch and
/// optimizer.
struct StateDict {
  /// Tensors in the order of the dict.
  private(set) var tensors: [(name: String, view: TensorView)] = []
  /// What the user should know of where the tensors were; empty for a plain state dict.
  private(set) var notes: [String] = []

  /// Keys under which checkpoints keep the state dict, the most telling first; averages of weights come last.
  private static let containers = [
    "state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "weights", "params",
    "state_dict_ema", "ema_state_dict", "model_ema", "ema_model", "ema",
  ]

  init(_ root: PickleValue, file: String) throws {
    guard case .dictionary(let top) = root else {
      var found = root.word
      if case .opaque(let type) = root { found = "a whole object, of the class '\(printable(type))'" }
      throw ModelFormatError.malformed(
        file: file, found: found, expected: "a state dict: names with their tensors",
        advice: "nothing in the file was run; save a state dict with torch.save(model.state_dict(), 'model.pth')")
    }
    guard let found = Self.find(in: top, depth: 0) else {
      throw ModelFormatError.malformed(
        file: file, found: "a dict without tensors: " + (Self.listed(top.entries) ?? "empty"),
        expected: "a state dict, or a checkpoint with one under 'state_dict' or 'model'",
        advice: "nothing in the file was run; save a state dict with torch.save(model.state_dict(), 'model.pth')")
    }
    for (key, dictionary) in found.parts {
      for entry in dictionary.entries {
        guard case (.text(let name), .tensor(let view)) = (entry.key, entry.value) else { continue }
        tensors.append((key.map { "\($0).\(name)" } ?? name, view))
      }
    }
    if !found.path.isEmpty {
      let path = found.path.map { "'\(printable($0))'" }.joined(separator: " in ")
      let others = found.others.map { "'\($0)'" }.joined(separator: ", ")
      notes.append(
        "parameters are those under \(path)" + (others.isEmpty ? "" : ", not the others under \(others)"))
    }
    let objects = found.parts.flatMap(\.dictionary.entries).filter {
      if case (.text, .opaque) = ($0.key, $0.value) { return true }
      return false
    }
    if let list = Self.listed(objects) { notes.append("passed over, as no tensors: \(list)") }
  }

  /// Dicts of tensors and where they are.
  private struct Found {
    /// One dict; several if they are beside each other under names of their own, which come before those of the tensors.
    var parts: [(key: String?, dictionary: PickleDictionary)]
    /// Keys from the innermost to the outermost.
    var path: [String] = []
    /// Other keys for state dicts, with tensors too.
    var others: [String] = []
  }

  /// The most likely state dict. Containers come first: a checkpoint may have tensors of its own beside them, such as a
  /// random generator's state.
  private static func find(in dictionary: PickleDictionary, depth: Int) -> Found? {
    if depth < 3 {
      var found: Found?
      for key in containers {
        guard case .dictionary(let inner) = dictionary[key] else { continue }
        guard found == nil else {
          if hasTensors(inner) { found?.others.append(key) }
          continue
        }
        found = find(in: inner, depth: depth + 1)
        found?.path.append(key)
      }
      if let found { return found }
    }
    if hasTensors(dictionary) { return Found(parts: [(nil, dictionary)]) }
    var parts: [(key: String?, dictionary: PickleDictionary)] = []
    for case (.text(let key), .dictionary(let inner)) in dictionary.entries where hasTensors(inner) {
      parts.append((key, inner))
    }
    guard let first = parts.first else { return nil }
    // A single dict of tensors under another name will be it.
    if parts.count == 1, let key = first.key { return Found(parts: [(nil, first.dictionary)], path: [key]) }
    return Found(parts: parts)
  }

  private static func hasTensors(_ dictionary: PickleDictionary) -> Bool {
    dictionary.entries.contains { entry in
      if case (.text, .tensor) = (entry.key, entry.value) { return true }
      return false
    }
  }

  /// The first entries with what they are; `nil` if there are none.
  private static func listed(_ entries: [(key: PickleValue, value: PickleValue)]) -> String? {
    guard !entries.isEmpty else { return nil }
    let shown = entries.prefix(8).map { entry in
      if case .text(let name) = entry.key { return "'\(printable(name))' (\(entry.value.word))" }
      return entry.key.word
    }
    return shown.joined(separator: ", ") + (entries.count > 8 ? " and \(entries.count - 8) more" : "")
  }
}
