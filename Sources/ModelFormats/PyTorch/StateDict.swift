/// Finds the state dict in what a file holds: the object itself, or what training scripts put beside epoch and
/// optimizer.
struct StateDict {
  /// Tensors in the order of the dict, names without what wrappers put before them.
  let tensors: [(name: String, view: TensorView)]
  /// `model, names without 'module.'`, or nothing for a plain state dict.
  let origin: String

  /// Keys under which checkpoints keep the state dict, the most telling first.
  private static let containers = [
    "state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "weights", "params",
  ]
  /// What DataParallel, Lightning and torch.compile put before every name.
  private static let wrappers = ["module.", "model.", "_orig_mod."]

  init(_ root: PickleValue, file: String) throws {
    guard case .dictionary(let top) = root else {
      throw ModelFormatError.malformed(
        file: file, found: root.word, expected: "a state dict: names with their tensors",
        advice: "save one with torch.save(model.state_dict(), 'model.pth')")
    }
    guard let (dictionary, path) = Self.find(in: top, depth: 0) else {
      let keys = top.entries.prefix(8).map { entry in
        if case .text(let name) = entry.key { return "'\(printable(name))' (\(entry.value.word))" }
        return entry.key.word
      }
      throw ModelFormatError.malformed(
        file: file, found: "a dict without tensors: " + (keys.isEmpty ? "empty" : keys.joined(separator: ", ")),
        expected: "a state dict, or a checkpoint with one under 'state_dict' or 'model'",
        advice: "save one with torch.save(model.state_dict(), 'model.pth')")
    }
    var tensors = Self.tensors(of: dictionary)
    var removed = ""
    while let wrapper = Self.wrappers.first(where: { wrapper in tensors.allSatisfy { $0.name.hasPrefix(wrapper) } }),
      tensors.allSatisfy({ $0.name.utf8.count > wrapper.utf8.count }), removed.utf8.count < 64
    {
      for index in tensors.indices { tensors[index].name.removeFirst(wrapper.count) }
      removed += wrapper
    }
    self.tensors = tensors
    let parts = path + (removed.isEmpty ? [] : ["names without '\(removed)'"])
    origin = parts.joined(separator: ", ")
  }

  /// The most likely state dict and where it is. Containers come first: a checkpoint may have tensors of its own
  /// beside them, such as a random generator's state.
  private static func find(
    in dictionary: PickleDictionary, depth: Int
  ) -> (PickleDictionary, path: [String])? {
    if depth < 3 {
      for key in containers {
        guard case .dictionary(let inner) = dictionary[key], let found = find(in: inner, depth: depth + 1) else {
          continue
        }
        return (found.0, [key] + found.path)
      }
    }
    if hasTensors(dictionary) { return (dictionary, []) }
    // A single dict of tensors under another name will be it.
    var candidates: [(PickleDictionary, [String])] = []
    for case (.text(let key), .dictionary(let inner)) in dictionary.entries where hasTensors(inner) {
      candidates.append((inner, [printable(key)]))
    }
    return candidates.count == 1 ? candidates.first : nil
  }

  private static func hasTensors(_ dictionary: PickleDictionary) -> Bool {
    dictionary.entries.contains { entry in
      if case (.text, .tensor) = (entry.key, entry.value) { return true }
      return false
    }
  }

  private static func tensors(of dictionary: PickleDictionary) -> [(name: String, view: TensorView)] {
    dictionary.entries.compactMap { entry in
      guard case (.text(let name), .tensor(let view)) = (entry.key, entry.value) else { return nil }
      return (name, view)
    }
  }
}
