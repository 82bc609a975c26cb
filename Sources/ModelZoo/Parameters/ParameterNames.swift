import FileSystem
import ModelFormats
import Tensors

/// Finds an architecture's parameters among the tensors of a file, whatever training has put around their names.
///
/// Wrappers may be anywhere in a path (`features.module.0.weight`), a prefix before all or some of the names
/// (`model.fc.weight`), and beside the parameters lie those of a loss, of averages and counters. Which prefix it is, the
/// file itself tells: the one under which most of the parameters are.
struct ParameterNames {
  /// The file's entry of each parameter that it has, by the architecture's name.
  private(set) var entries: [String: ParameterEntry] = [:]
  /// Parameters that the file does not have.
  private(set) var missing: [String] = []
  /// Tensors of the file that belong to the network, as it seems, but not to the architecture.
  private(set) var extra: [ParameterEntry] = []
  /// Names of tensors that do not belong to the network.
  private(set) var leftOut: [String] = []
  /// What comes before the names in the file, with a dot at its end; may be empty.
  private(set) var prefix = ""
  /// Whether some names are without ``prefix``.
  private var isPrefixOfAll = true
  /// Wrappers that were passed over.
  private var wrappers: [String] = []

  /// Modules that hold nothing but another one: of DataParallel, torch.compile, FSDP, activation checkpointing and
  /// DeepSpeed.
  private static let wrapperModules: Set<Substring> = [
    "module", "_orig_mod", "_fsdp_wrapped_module", "_fpw_module", "_checkpoint_wrapped_module", "_forward_module",
  ]
  /// Words in the names of what is saved with a network without being part of it.
  private static let foreignWords: Set<Substring> = [
    "criterion", "criterions", "criteria", "loss", "losses", "metric", "metrics", "accuracy", "acc", "auc", "auroc",
    "f1", "confmat", "ema", "swa", "teacher", "shadow", "momentum", "target", "queue", "optimizer", "optimizers",
    "optim",
    "scheduler", "schedulers", "epoch", "step", "iteration",
  ]
  /// Names, or ends of names, of counters and of weights of a loss.
  private static let foreignNames: Set<Substring> = [
    "num_batches_tracked", "n_averaged", "total_ops", "total_params", "pos_weight", "class_weight", "class_weights",
  ]
  private static let deepestPrefix = 8
  /// Longer names, in UTF-8, are nobody's parameters.
  private static let longestName = 512

  /// A tensor with the parts of its name, wrappers left out.
  private struct Candidate {
    let entry: ParameterEntry
    let parts: [Substring]

    init(_ entry: ParameterEntry) {
      self.entry = entry
      let all = entry.name.utf8.count <= ParameterNames.longestName ? entry.name.split(separator: ".") : []
      parts = all.filter { !ParameterNames.wrapperModules.contains($0) }
    }

    func name(from part: Int) -> String { parts[part...].joined(separator: ".") }

    /// Whether a word of the name says that this is no part of a network.
    var isForeign: Bool {
      if let last = parts.last, foreignNames.contains(last) { return true }
      // Whole numbers that stand alone count something.
      if entry.shape.count == 1, entry.type.isInteger { return true }
      return parts.contains { $0.lowercased().split(separator: "_").contains { foreignWords.contains($0) } }
    }
  }

  /// - Parameters:
  ///   - names: the architecture's parameters, in order.
  ///   - publishedNames: other names that a parameter may have in files.
  ///   - unusedModules: modules of which the file may have parameters that nobody asks for.
  init(
    _ names: [String], in file: any ParameterFile, publishedNames: (String) -> [String], unusedModules: [String]
  ) {
    let candidates = file.entries.map(Candidate.init)
    var parameters: [String: String] = [:]
    for name in names {
      for known in [name] + publishedNames(name) where parameters[known] == nil { parameters[known] = name }
    }
    let prefix = Self.prefix(of: candidates, parameters: parameters)
    self.prefix = prefix
    // The first of two tensors that differ only in wrappers counts.
    var found: [String: Int] = [:]
    for (index, candidate) in candidates.enumerated() where !candidate.parts.isEmpty {
      let name = candidate.name(from: 0)
      if found[name] == nil { found[name] = index }
    }
    var used = Set<Int>()
    for name in names {
      let known = [name] + publishedNames(name)
      if let index = known.lazy.compactMap({ found[prefix + $0] }).first {
        entries[name] = candidates[index].entry
        used.insert(index)
      } else if let index = known.lazy.compactMap({ found[$0] }).first {
        isPrefixOfAll = false
        entries[name] = candidates[index].entry
        used.insert(index)
      } else {
        missing.append(name)
      }
    }
    let path = prefix.split(separator: ".")
    let depth = path.count
    for (index, candidate) in candidates.enumerated() {
      guard !used.contains(index) else {
        for part in candidate.entry.name.split(separator: ".")
        where Self.wrapperModules.contains(part) && !wrappers.contains("\(part).") {
          wrappers.append("\(part).")
        }
        continue
      }
      // PyTorch counts training batches; evaluation does not read them.
      if candidate.parts.last == "num_batches_tracked" { continue }
      let name = candidate.parts.count > depth ? candidate.name(from: depth) : ""
      if unusedModules.contains(where: { name.hasPrefix($0 + ".") }) { continue }
      // Beside a network that is complete there may be others: a decoder, a discriminator.
      let isOutside = missing.isEmpty && !candidate.parts[..<min(depth, candidate.parts.count)].elementsEqual(path)
      if isOutside || candidate.isForeign {
        leftOut.append(candidate.entry.name)
      } else {
        extra.append(candidate.entry)
      }
    }
  }

  /// What comes before most of the parameters.
  private static func prefix(of candidates: [Candidate], parameters: [String: String]) -> String {
    struct Place {
      var names = Set<String>()
      let order: Int
      let isForeign: Bool
    }
    var places: [String: Place] = [:]
    for candidate in candidates {
      for depth in 0..<min(candidate.parts.count, deepestPrefix + 1) {
        guard let parameter = parameters[candidate.name(from: depth)] else { continue }
        let prefix = candidate.parts[..<depth].map { "\($0)." }.joined()
        // A teacher or an average is taken only if there is nothing else.
        let new = Place(order: places.count, isForeign: depth > 0 && candidate.isForeign)
        places[prefix, default: new].names.insert(parameter)
      }
    }
    func rank(_ place: (key: String, value: Place)) -> (Int, Int, Int, Int) {
      (place.value.names.count, place.value.isForeign ? 0 : 1, place.key.isEmpty ? 1 : 0, -place.value.order)
    }
    return places.max { rank($0) < rank($1) }?.key ?? ""
  }

  /// What the user should know, in a line; `nil` if the names are the architecture's.
  var notice: String? {
    var parts: [String] = []
    var removed = wrappers.map { "'\($0)'" }
    if !prefix.isEmpty {
      removed.insert("'\(prefix.shown())'" + (isPrefixOfAll ? "" : " where they have it"), at: 0)
    }
    if !removed.isEmpty { parts.append("names are taken without \(removed.joined(separator: ", "))") }
    if !leftOut.isEmpty {
      let shown = leftOut.prefix(5).map { "'\($0.shown())'" }.joined(separator: ", ")
      parts.append(
        "left out, as no part of the network: \(shown)" + (leftOut.count > 5 ? " and \(leftOut.count - 5) more" : ""))
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}

extension ElementType {
  fileprivate var isInteger: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: false
    default: true
    }
  }
}
