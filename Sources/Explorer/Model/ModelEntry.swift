/// A model that can be opened.
public struct ModelEntry: Hashable, Sendable {
  /// Unique; what `--model` takes.
  public var name: String
  /// A few words: `ImageNet, 4.7 M parameters, embedded`.
  public var summary: String

  public init(name: String, summary: String) {
    self.name = name
    self.summary = summary
  }
}

/// An input that can be explained.
public struct InputEntry: Hashable, Sendable {
  /// As shown: the file's name, or `random`, `blank`.
  public var name: String
  /// What the runtime loads it by.
  public var path: String

  public init(name: String, path: String) {
    self.name = name
    self.path = path
  }
}
