import FileSystem
import Tensors

/// numpy's archives of arrays: a zip archive of NPY files, stored (`numpy.savez`) or compressed (`numpy.savez_compressed`).
struct NPZFile {
  private let file: MappedFile
  private let archive: ZipArchive
  /// The members that are arrays, without their ending.
  private let names: [String]

  /// An archive of a few bytes can hold any number of zeros: so much is unpacked at most.
  private static let largest = 1 << 28
  /// Enough for any header that numpy writes.
  private static let headerSize = NPYHeader.largest + 12

  static func recognizes(_ file: MappedFile) -> Bool {
    withExtendedLifetime(file) {
      file.bytes.starts(with: [0x50, 0x4b, 3, 4]) || file.bytes.starts(with: [0x50, 0x4b, 5, 6])
    }
  }

  /// - Throws: ``ModelFormatError`` if the archive is not sound.
  init(_ file: MappedFile) throws {
    self.file = file
    archive = try ZipArchive(file)
    names = archive.names.filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(".npy".count)) }
  }

  /// - Parameter name: which array; the only one if `nil`.
  /// - Throws: ``ModelFormatError`` that lists the arrays, if it is not clear which is meant.
  func array(_ name: String?, layout: Tensor.Layout) throws -> Tensor {
    let chosen = try name ?? onlyName()
    guard names.contains(chosen) else {
      throw malformed("no array '\(printable(chosen))'", "one of its own: \(listed)", "name one of these")
    }
    let tensor = try withBytes(of: chosen, upTo: Self.largest) { bytes, isWhole in
      guard isWhole else {
        throw malformed(
          "an array of more than \(Self.largest >> 20) MB when unpacked", "less",
          "save it with numpy.save, as one .npy file")
      }
      guard archive.isIntact(chosen + ".npy", bytes) else {
        throw malformed(
          "an array '\(printable(chosen))' that does not match its checksum", "an intact archive",
          "the file is corrupt; get or save it anew")
      }
      return try NPYFile.read(bytes, of: "\(file.path):\(printable(chosen))", layout: layout)
    }
    try file.checkUnchanged()
    return tensor
  }

  private func onlyName() throws -> String {
    guard let first = names.first else {
      throw malformed(
        "a zip archive without arrays (.npy)", "an archive of numpy.savez", "save the array with numpy.save")
    }
    guard names.count == 1 else {
      throw malformed(
        "\(names.count) arrays: \(listed)", "one, or a name",
        "choose one as in \(file.path):\(printable(first))")
    }
    return first
  }

  /// `images (10, 3, 32, 32), labels (10)`.
  private var listed: String {
    names.prefix(8).map { name in
      let shape = try? withBytes(of: name, upTo: Self.headerSize) { bytes, _ in
        try NPYFile.header(of: bytes, name: name).0.shape
      }
      return printable(name) + (shape.map { " \($0)" } ?? "")
    }.joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }

  /// Hands over the first bytes of a member, and whether they are all.
  private func withBytes<Result>(
    of name: String, upTo count: Int, _ body: (UnsafeRawBufferPointer, _ isWhole: Bool) throws -> Result
  ) throws -> Result {
    let member = name + ".npy"
    if let packed = archive.deflatedMember(member) {
      let source = try file.slice(at: packed.range.lowerBound, byteCount: packed.range.count)
      guard let bytes = Inflation.bytes(source, count: min(packed.size, count)),
        packed.size > count || bytes.count == packed.size
      else {
        throw malformed(
          "an array '\(printable(name))' that cannot be unpacked", "an intact archive",
          "the file is corrupt; get or save it anew")
      }
      return try bytes.withUnsafeBytes { try body($0, packed.size <= count) }
    }
    guard let range = try archive.member(member) else {
      throw malformed("no array '\(printable(name))'", "one of its own", "save the archive anew with numpy.savez")
    }
    return try body(try file.slice(at: range.lowerBound, byteCount: range.count), true)
  }

  private func malformed(_ found: String, _ expected: String, _ advice: String) -> ModelFormatError {
    .malformed(file: file.path, found: found, expected: expected, advice: advice)
  }
}
