import LRP

/// The document that is edited: a rule, with where it came from, for every module of the canonized network that has one.
///
/// Presets and files fill the whole map; the map is what is edited afterwards.
public struct EditedComposite: Sendable {
  /// The preset's or the file's name.
  public var title: String
  /// The file it was read from or last saved to.
  public var path: String?
  public var canonizers: [any Canonizer]
  /// By module path; layers that are missing use the plain gradient.
  public var rules: [String: RuleMatch]

  public init(title: String, path: String? = nil, canonizers: [any Canonizer] = [], rules: [String: RuleMatch] = [:]) {
    self.title = title
    self.path = path
    self.canonizers = canonizers
    self.rules = rules
  }

  /// The map with one entry per rule and parameter set, in the order of `paths`: what is run and what is saved.
  public func expanded(over paths: [String]) -> NameMapComposite {
    var entries: [NameMapEntry] = []
    var places: [AnyHashable: Int] = [:]
    for path in paths {
      guard let rule = rules[path]?.rule else { continue }
      if let place = places[AnyHashable(rule)] {
        entries[place].names.append(path)
      } else {
        places[AnyHashable(rule)] = entries.count
        entries.append(NameMapEntry([path], rule))
      }
    }
    return NameMapComposite(nameMap: entries, canonizers: canonizers)
  }
}
