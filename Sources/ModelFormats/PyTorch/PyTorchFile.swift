import FileSystem
import NeuralNetwork
import Tensors

/// A state dict saved by `torch.save`, mapped into memory: named tensors that are read when they are asked for.
///
/// Both formats are read, the zip archives that PyTorch writes since 1.6 and the series of pickles before. Nothing in
/// the file is ever run: see ``PickleGlobal`` for what becomes of the things that a pickle names. Opening checks every tensor against the
/// bytes there are.
public final class PyTorchFile: ParameterFile {
  public let path: String
  public let entries: [ParameterEntry]
  public let notes: [String]
  private let file: MappedFile
  private let views: [TensorView]
  private let indices: [String: Int]
  /// The bytes of every storage, by key.
  private let storages: [String: Range<Int>]
  private let isBigEndian: Bool

  /// - Throws: `FileError` if the file cannot be read, ``ModelFormatError`` if it is not sound or asks for more than
  ///   tensors.
  public convenience init(path: String) throws { try self.init(MappedFile(path: path)) }

  init(_ file: MappedFile) throws {
    let contents = try Self.isZip(file) ? PyTorchContents(zip: file) : PyTorchContents(legacy: file)
    let dict = try StateDict(contents.root, file: file.path)
    path = file.path
    self.file = file
    isBigEndian = contents.isBigEndian
    storages = contents.storages
    notes = dict.notes
    entries = try Self.checked(dict, in: contents, file: file)
    views = dict.tensors.map(\.view)
    indices = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
  }

  public func checkUnchanged() throws { try file.checkUnchanged() }

  /// Whether the file begins as one of PyTorch's does.
  static func recognizes(_ file: MappedFile) -> Bool {
    isZip(file) || (file.count > 2 && file.bytes[0] == 0x80 && (2...5).contains(file.bytes[1]) && !hasHeader(file))
  }

  private static func isZip(_ file: MappedFile) -> Bool {
    file.bytes.prefix(4).elementsEqual([0x50, 0x4b, 3, 4])
  }

  /// A safetensors header of 640 (0x280) bytes or the like begins with the same two bytes as a pickle.
  private static func hasHeader(_ file: MappedFile) -> Bool {
    file.count > 8 && file.bytes[2..<8].allSatisfy { $0 == 0 } && file.bytes[8] == UInt8(ascii: "{")
  }

  /// Checks the tensors against the storages, and that reading them all takes no more memory than there is reason for.
  private static func checked(
    _ dict: StateDict, in contents: PyTorchContents, file: MappedFile
  ) throws -> [ParameterEntry] {
    // Views with strides of 0 can make any number of elements from one.
    let limit = file.count + 1 << 20
    var total = 0
    return try dict.tensors.map { name, view in
      func wrong(_ found: String, _ expected: String) -> ModelFormatError {
        .tensor(
          file: file.path, name: name, found: found, expected: expected, advice: "the file is truncated or corrupt")
      }
      guard let bytes = contents.storages[view.storage.key] else {
        throw wrong("no storage '\(printable(view.storage.key))'", "one in the file")
      }
      let needed = (view.storage.offset + view.storage.count) * view.storage.type.byteCount
      guard needed <= bytes.count else { throw wrong("a storage of \(bytes.count) bytes", "\(needed)") }
      guard let shape = Shape(checking: view.shape), shape.count <= limit - total else {
        throw wrong("shape \(view.shape)", "fewer elements in all tensors than the file has bytes")
      }
      total += shape.count
      return ParameterEntry(name: name, type: view.type, shape: shape)
    }
  }

  /// The tensor's entry, or `nil`.
  public func entry(_ name: String) -> ParameterEntry? { indices[name].map { entries[$0] } }

  /// The tensor called `name` as float32, row-major. Contiguous, aligned float32 is not copied: the result keeps the
  /// file mapped.
  /// - Throws: ``ModelFormatError/noSuchTensor(file:name:nearest:)``.
  public func tensor(_ name: String) throws -> Tensor {
    guard let index = indices[name], let bytes = storages[views[index].storage.key] else { throw noSuchTensor(name) }
    let (view, shape) = (views[index], entries[index].shape)
    guard shape.count > 0, let end = view.end else { return Tensor(uninitialized: shape, layout: .rowMajor) }
    let first = view.storage.offset * view.storage.type.byteCount + view.offset * view.type.byteCount
    let source = try file.slice(
      at: bytes.lowerBound + first, byteCount: (end - view.offset) * view.type.byteCount)
    let axes = view.mergedAxes
    if view.type == .float32, axes.isContiguous, isBigEndian == (1.littleEndian != 1), let start = source.baseAddress,
      Int(bitPattern: start) % MemoryLayout<Float>.alignment == 0
    {
      return Tensor(shape, borrowing: start.assumingMemoryBound(to: Float.self), owner: file)
    }
    var tensor = Tensor(uninitialized: shape, layout: .rowMajor)
    tensor.withUnsafeMutableBufferPointer { target in
      axes.read(source, as: view.type, bigEndian: isBigEndian, into: target)
    }
    return tensor
  }
}
