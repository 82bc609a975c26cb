import FileSystem

/// The index of a checkpoint in several files, as Hugging Face's libraries write it beside them:
/// `{"metadata": {…}, "weight_map": {"conv1.weight": "model-00001-of-00002.safetensors", …}}`.
struct ShardIndex {
  /// Names of tensors in the order of the index, each with its file.
  private(set) var places: [(name: String, shard: String)] = []

  /// More files than the largest models have; each takes a descriptor.
  private static let mostShards = 256

  /// Whether the file is JSON. (A safetensors file may begin with the same byte, but not with text behind it.)
  static func recognizes(_ file: MappedFile) -> Bool {
    let start = file.bytes.prefix(8)
    guard !start.contains(0) else { return false }
    return start.first { !JSONReader.spaces.contains($0) } == UInt8(ascii: "{")
  }

  /// - Throws: ``ModelFormatError`` if the index is not sound, or names files outside its folder.
  init(_ file: MappedFile) throws {
    func wrong(_ problem: String) -> ModelFormatError { .shard(index: file.path, problem: problem) }
    guard file.count <= SafetensorsHeader.largest else { throw wrong("is too large for an index of a checkpoint") }
    var reader = JSONReader(bytes: file.bytes, file: file.path, part: "index")
    var names = Set<String>()
    var shards = Set<String>()
    var hasMap = false
    try reader.object { reader, key in
      guard key == "weight_map", !hasMap else { return try reader.skipValue() }
      hasMap = true
      try reader.object { reader, name in
        let shard = try reader.string()
        guard names.count < SafetensorsHeader.mostEntries else { throw wrong("names more tensors than a model has") }
        guard names.insert(name).inserted else { throw wrong("names the tensor '\(printable(name))' twice") }
        guard Self.staysInFolder(shard) else {
          throw wrong(
            "names the file '\(printable(shard))', which is not in the index's own folder; only files beside the index"
              + " are read")
        }
        shards.insert(shard)
        guard shards.count <= Self.mostShards else { throw wrong("names more than \(Self.mostShards) files") }
        places.append((name, shard))
      }
    }
    try reader.end()
    guard !places.isEmpty else {
      throw wrong(
        "is JSON, but no index of a checkpoint's files: it has no \(hasMap ? "tensors in its " : "")'weight_map'; give"
          + " the index (….index.json) or the parameters themselves")
    }
  }

  private static func staysInFolder(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !path.utf8.contains(0) && path.utf8.count <= 255 && parts.allSatisfy { !["", ".", "..", "~"].contains($0) }
  }
}
