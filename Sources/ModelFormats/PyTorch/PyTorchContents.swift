import FileSystem

/// What both of PyTorch's formats come to: an object, and the bytes of the storages that it names.
struct PyTorchContents {
  let root: PickleValue
  let storages: [String: Range<Int>]
  let isBigEndian: Bool

  /// Reads the zip format: `NAME/data.pkl` with the object, `NAME/data/KEY` with each storage, `NAME/byteorder`.
  init(zip file: MappedFile) throws {
    let archive = try ZipArchive(file)
    func malformed(_ found: String, _ advice: String) -> ModelFormatError {
      .malformed(file: file.path, found: found, expected: "an archive written by torch.save", advice: advice)
    }
    guard let name = archive.names.first(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) else {
      if let kind = FileKind(members: archive.names) { throw kind.error(file: file.path) }
      throw malformed("a zip archive without data.pkl", "give the file that torch.save(model.state_dict(), …) wrote")
    }
    let folder = name.dropLast("data.pkl".count)
    guard !archive.names.contains(where: { $0 == folder + "constants.pkl" || $0.hasPrefix(folder + "code/") }) else {
      throw malformed(
        "a TorchScript model",
        "save its state dict: torch.save(torch.jit.load('model.pt').state_dict(), 'model.pth')")
    }
    guard let pickle = try archive.member(name) else { throw malformed("no data.pkl", "get it anew") }
    if let order = try archive.member(folder + "byteorder") {
      var reader = try ByteReader(file, at: order.lowerBound, byteCount: order.count)
      let word = try reader.text(min(order.count, 16))
      guard word == "little" || word == "big" else { throw malformed("byte order '\(printable(word))'", "get it anew") }
      isBigEndian = word == "big"
    } else {
      isBigEndian = false
    }
    var interpreter = PickleInterpreter(
      try ByteReader(file, at: pickle.lowerBound, byteCount: pickle.count))
    root = try interpreter.run()
    var storages: [String: Range<Int>] = [:]
    for (key, storage) in interpreter.storages {
      guard let bytes = try archive.member("\(folder)data/\(key)") else {
        throw malformed("no data for storage '\(printable(key))'", "the file is corrupt; get it anew")
      }
      let needed = storage.count * storage.type.byteCount
      guard bytes.count >= needed else {
        throw malformed(
          "\(bytes.count) bytes for storage '\(printable(key))', which has \(needed)",
          "the file is corrupt; get it anew")
      }
      storages[key] = bytes
    }
    self.storages = storages
  }

  /// 2^63 and beyond: the number that PyTorch's older files begin with, as a pickle has it.
  private static let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]

  /// Reads the format before 1.6: pickles of a magic number, a version, facts about the system, the object and the
  /// storages' keys, then for each storage its number of elements and the elements.
  init(legacy file: MappedFile) throws {
    var position = 0
    func malformed(_ found: String, _ expected: String, _ advice: String? = nil) -> ModelFormatError {
      .malformed(
        file: file.path, found: found, expected: expected,
        advice: advice ?? "the file is truncated or corrupt; get or save it anew")
    }
    func next() throws -> (PickleValue, [String: (type: ElementType, count: Int)]) {
      var interpreter = PickleInterpreter(try ByteReader(file, at: position, byteCount: file.count - position))
      let value = try interpreter.run()
      position = interpreter.reader.position
      return (value, interpreter.storages)
    }
    guard case .bigInteger(Self.magic) = try next().0 else {
      throw malformed(
        "a pickle without PyTorch's magic number", "a file written by torch.save",
        "save a state dict: torch.save(model.state_dict(), 'model.pth')")
    }
    guard case .integer(1001) = try next().0 else { throw malformed("an unknown version", "1001") }
    guard case .dictionary(let system) = try next().0 else { throw malformed("no facts on the system", "a dict") }
    if case .boolean(false) = system["little_endian"] { isBigEndian = true } else { isBigEndian = false }
    let (root, named) = try next()
    self.root = root
    guard case .list(let keys) = try next().0 else { throw malformed("no storage keys", "a list") }
    var storages: [String: Range<Int>] = [:]
    for key in keys.items {
      guard case .text(let key) = key, let storage = named[key], storages[key] == nil else {
        throw malformed("a list of storages that the object does not name", "each of its storages once")
      }
      var reader = try ByteReader(file, at: position, byteCount: file.count - position)
      // The number is in the system's byte order, as the elements are.
      let stored = try reader.unsigned(8)
      let count = isBigEndian ? stored.byteSwapped : stored
      guard count == UInt64(storage.count) else {
        throw malformed("\(count) elements for storage '\(printable(key))'", "\(storage.count)")
      }
      let start = reader.position
      storages[key] = start..<start + (try reader.take(storage.count * storage.type.byteCount).count)
      position = reader.position
    }
    self.storages = storages
  }
}
