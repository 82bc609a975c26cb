import FileSystem
import Tensors

/// A checkpoint in several files, known by its index.
public final class ShardedFile: ParameterFile {
  public let path: String
  public let entries: [ParameterEntry]
  private let shards: [any ParameterFile]
  /// For each name, its place in ``entries`` and the file that has it.
  private let places: [String: (entry: Int, shard: Int)]

  /// - Throws: ``ModelFormatError`` or `FileError` if the index is not sound, or one of its files is missing or damaged.
  init(index file: MappedFile) throws {
    path = file.path
    let index = try ShardIndex(file)
    let folder = Folder.containing(file.path)
    var shards: [any ParameterFile] = []
    var numbers: [String: Int] = [:]
    var entries: [ParameterEntry] = []
    var places: [String: (entry: Int, shard: Int)] = [:]
    for (name, shard) in index.places {
      let number: Int
      if let known = numbers[shard] {
        number = known
      } else {
        number = shards.count
        numbers[shard] = number
        do {
          shards.append(
            try ParameterFiles.whole(MappedFile(path: folder.isEmpty ? shard : "\(folder)/\(shard)")))
        } catch FileError.notFound {
          let count = index.places.count { $0.shard == shard }
          throw ModelFormatError.shard(
            index: file.path,
            problem:
              "the file '\(printable(shard))', which has \(count) of the \(index.places.count) tensors, is missing"
              + " beside the index; put all files of the checkpoint into one folder")
        }
      }
      guard let entry = shards[number].entry(name) else {
        throw ModelFormatError.shard(
          index: file.path,
          problem:
            "says that '\(printable(name))' is in '\(printable(shard))', which has no such tensor; index and files"
            + " do not belong together")
      }
      places[name] = (entries.count, number)
      entries.append(entry)
    }
    self.shards = shards
    self.entries = entries
    self.places = places
  }

  public func checkUnchanged() throws { for shard in shards { try shard.checkUnchanged() } }

  public func entry(_ name: String) -> ParameterEntry? { places[name].map { entries[$0.entry] } }

  public func tensor(_ name: String) throws -> Tensor {
    guard let place = places[name] else { throw noSuchTensor(name) }
    return try shards[place.shard].tensor(name)
  }
}
