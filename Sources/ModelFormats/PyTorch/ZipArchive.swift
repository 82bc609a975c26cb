import FileSystem

/// The directory of a zip archive.
///
/// Members that are stored as they are, as in the files of `torch.save`, are ranges of the mapped file. Those that are
/// deflated, as `numpy.savez_compressed` writes them, are unpacked one by one, when they are asked for.
/// Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3 to 4.5. Sizes come from the central
/// directory, so members with data descriptors need no special care.
struct ZipArchive {
  let file: MappedFile
  /// Members by name, with their places in the file.
  private var members: [String: Range<Int>] = [:]
  /// A member that has to be unpacked.
  struct Deflated {
    let range: Range<Int>
    /// Bytes when unpacked, as the directory says.
    let size: Int
  }
  private var deflated: [String: Deflated] = [:]
  private var checksums: [String: UInt64] = [:]
  /// Why members that are there cannot be read, by name.
  private var unreadable: [String: ModelFormatError] = [:]
  /// Names in the order of the directory.
  private(set) var names: [String] = []

  private static let endSize = 22
  private static let end64Size = 56
  private static let locatorSize = 20

  /// - Throws: ``ModelFormatError`` if the directory is not sound.
  init(_ file: MappedFile) throws {
    self.file = file
    let (start, size, count) = try Self.directory(of: file)
    var reader = try ByteReader(file, at: start, byteCount: size)
    // A member takes at least 46 bytes of the directory, so a false count cannot make this long.
    for _ in 0..<count { try addMember(&reader, directory: start) }
    guard reader.remaining == 0 else {
      throw reader.wrong("\(reader.remaining) bytes after the \(count) members of the zip directory", "none")
    }
  }

  /// Where a member's bytes are; `nil` if there is none.
  /// - Throws: ``ModelFormatError`` if it is compressed or encrypted.
  func member(_ name: String) throws -> Range<Int>? {
    if let problem = unreadable[name] { throw problem }
    return members[name]
  }

  /// What a deflated member has to be unpacked from; `nil` for any other.
  func deflatedMember(_ name: String) -> Deflated? { deflated[name] }

  /// Whether these are the bytes that were packed under a name.
  func isIntact(_ name: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
    checksums[name].map { $0 == Inflation.checksum(bytes) } ?? true
  }

  private mutating func addMember(_ reader: inout ByteReader, directory: Int) throws {
    guard try reader.unsigned(4) == 0x0201_4b50 else {
      throw reader.wrong("no member at byte \(reader.position - 4)", "one of a zip directory")
    }
    _ = try reader.take(4)  // versions
    let flags = try reader.unsigned(2)
    let method = try reader.unsigned(2)
    _ = try reader.take(4)  // time, date
    let checksum = try reader.unsigned(4)
    var packed = try reader.count(4)
    var size = try reader.count(4)
    let nameLength = try reader.count(2)
    let extraLength = try reader.count(2)
    let commentLength = try reader.count(2)
    let disk = try reader.unsigned(2)
    _ = try reader.take(6)  // attributes
    var offset = try reader.count(4)
    let name = try reader.text(nameLength)
    var extra = try ByteReader(file, at: reader.position, byteCount: min(extraLength, reader.remaining))
    _ = try reader.take(extraLength)
    _ = try reader.take(commentLength)
    try Self.widen(&extra, size: &size, packed: &packed, offset: &offset)

    func wrong(_ found: String, _ expected: String, _ advice: String? = nil) -> ModelFormatError {
      reader.wrong("zip member '\(printable(name))' with \(found)", expected, advice)
    }
    guard members[name] == nil, unreadable[name] == nil else {
      throw wrong("a name that occurs twice", "each name once")
    }
    names.append(name)
    guard flags & 1 == 0 else {
      unreadable[name] = wrong("encryption", "none", "decrypt the file first")
      return
    }
    checksums[name] = checksum
    if method == 8, let start = try? dataStart(name, offset: offset, directory: directory), packed <= directory - start
    {
      deflated[name] = Deflated(range: start..<start + packed, size: size)
    }
    guard method == 0, packed == size else {
      unreadable[name] = wrong(
        method == 0 ? "\(packed) bytes stored for \(size)" : "compression method \(method)",
        "members stored as they are (method 0), as torch.save writes them",
        "unpack the archive and pack it without compression (zip -0), or save it anew with torch.save")
      return
    }
    guard disk == 0 || disk == 0xffff else { throw wrong("a part on disk \(disk)", "a single file") }
    let start = try dataStart(name, offset: offset, directory: directory)
    guard size <= directory - start else {
      throw wrong("\(size) bytes from byte \(start)", "at most \(directory - start), where the directory begins")
    }
    members[name] = start..<start + size
  }

  /// Where a member's bytes begin: after its local header.
  private func dataStart(_ name: String, offset: Int, directory: Int) throws -> Int {
    guard offset <= directory - 30, offset >= 0 else {
      throw ModelFormatError.malformed(
        file: file.path, found: "zip member '\(printable(name))' at byte \(offset)",
        expected: "a place before the directory at byte \(directory)", advice: "the file is corrupt; get it anew")
    }
    var local = try ByteReader(file, at: offset, byteCount: directory - offset)
    guard try local.unsigned(4) == 0x0403_4b50 else {
      throw local.wrong("no zip member at byte \(offset)", "'\(printable(name))'")
    }
    _ = try local.take(22)
    let nameLength = try local.count(2)
    let extraLength = try local.count(2)
    let localName = try local.text(nameLength)
    guard localName == name else {
      throw local.wrong("zip member '\(printable(localName))' at byte \(offset)", "'\(printable(name))'")
    }
    _ = try local.take(extraLength)
    return local.position
  }

  /// Replaces what did not fit into 32 bits by the numbers of the zip64 field, if there is one.
  private static func widen(
    _ extra: inout ByteReader, size: inout Int, packed: inout Int, offset: inout Int
  ) throws {
    while extra.remaining >= 4 {
      let identifier = try extra.unsigned(2)
      let length = try extra.count(2)
      guard identifier == 1 else {
        _ = try extra.take(length)
        continue
      }
      if size == 0xffff_ffff { size = try extra.count(8) }
      if packed == 0xffff_ffff { packed = try extra.count(8) }
      if offset == 0xffff_ffff { offset = try extra.count(8) }
      return
    }
  }

  /// Where the central directory is and how many members it lists.
  private static func directory(of file: MappedFile) throws -> (start: Int, size: Int, count: Int) {
    func wrong(_ found: String, _ expected: String) -> ModelFormatError {
      .malformed(
        file: file.path, found: found, expected: expected,
        advice: "the file is truncated or corrupt; get or save it anew")
    }
    guard let end = endRecord(of: file) else { throw wrong("no end of a zip directory", "a whole zip archive") }
    var reader = try ByteReader(file, at: end + 4, byteCount: endSize - 4)
    let disks = try (reader.unsigned(2), reader.unsigned(2))
    _ = try reader.take(2)
    var count = try reader.count(2)
    var size = try reader.count(4)
    var start = try reader.count(4)
    var limit = end
    if let end64 = try end64Record(of: file, end: end) {
      var reader = try ByteReader(file, at: end64, byteCount: end64Size)
      _ = try reader.take(32)
      count = try reader.count(8)
      size = try reader.count(8)
      start = try reader.count(8)
      limit = end64
    }
    guard disks == (0, 0) || disks == (0xffff, 0xffff) else { throw wrong("one part of a zip archive", "all of it") }
    guard start <= limit, size <= limit - start else {
      throw wrong("a zip directory of \(size) bytes at byte \(start)", "one that ends by byte \(limit)")
    }
    guard count <= size / 46 else {
      throw wrong("\(count) members in a zip directory of \(size) bytes", "at most \(size / 46)")
    }
    return (start, size, count)
  }

  /// The end record is last in the file, but for a comment of at most 65,535 bytes.
  private static func endRecord(of file: MappedFile) -> Int? {
    var position = file.count - endSize
    let last = max(0, position - 0xffff)
    while position >= last, position >= 0 {
      if file.bytes[position] == 0x50, file.bytes[position + 1] == 0x4b, file.bytes[position + 2] == 5,
        file.bytes[position + 3] == 6
      {
        let comment = Int(file.bytes[position + 20]) | Int(file.bytes[position + 21]) << 8
        if position + endSize + comment == file.count { return position }
      }
      position -= 1
    }
    return nil
  }

  private static func end64Record(of file: MappedFile, end: Int) throws -> Int? {
    guard end >= locatorSize else { return nil }
    var locator = try ByteReader(file, at: end - locatorSize, byteCount: locatorSize)
    guard try locator.unsigned(4) == 0x0706_4b50 else { return nil }
    _ = try locator.take(4)
    let offset = try locator.count(8)
    guard offset <= end - locatorSize - end64Size else {
      throw locator.wrong("a zip64 record at byte \(offset)", "one before byte \(end - locatorSize - end64Size)")
    }
    var record = try ByteReader(file, at: offset, byteCount: end64Size)
    guard try record.unsigned(4) == 0x0606_4b50 else { throw record.wrong("no zip64 record at byte \(offset)", "one") }
    return offset
  }
}
