import FileSystem
import NeuralNetwork
import Tensors

/// Tensors may borrow what a file holds.
extension MappedFile: TensorMemoryOwner {}

/// What a file says about one of its tensors.
public struct ParameterEntry: Sendable {
  public let name: String
  /// The type its numbers are stored in; they are read as float32.
  public let type: ElementType
  public let shape: Shape
}

/// A file of named tensors, which are read when they are asked for.
public protocol ParameterFile: Sendable {
  var path: String { get }
  /// All tensors, in the order of the file.
  var entries: [ParameterEntry] { get }
  /// What the user should know of where in the file the tensors are; empty where there is nothing to choose.
  var notes: [String] { get }

  /// The tensor's entry, or `nil`.
  func entry(_ name: String) -> ParameterEntry?

  /// The tensor called `name` as float32, row-major. Where the file holds just that, nothing is copied: the result
  /// keeps the file mapped.
  /// - Throws: ``ModelFormatError/noSuchTensor(file:name:nearest:)``.
  func tensor(_ name: String) throws -> Tensor

  /// Whether the file is still what was opened: whoever has read its tensors asks.
  /// - Throws: `FileError` if it was overwritten or truncated.
  func checkUnchanged() throws
}

extension ParameterFile {
  public var notes: [String] { [] }

  /// The tensor of one of ``entries``, as float32.
  public func tensor(_ entry: ParameterEntry) throws -> Tensor { try tensor(entry.name) }

  func noSuchTensor(_ name: String) -> ModelFormatError {
    .noSuchTensor(file: path, name: name, nearest: Spelling.nearest(to: name, among: entries.map(\.name)))
  }
}

/// The formats that hold parameters.
public enum ParameterFiles {
  /// Opens a file of parameters: safetensors, PyTorch's (zip or older) or an index of several such, whichever its first
  /// bytes show it to be.
  /// - Throws: `FileError` if the file cannot be read, ``ModelFormatError`` if it is not sound.
  public static func open(path: String) throws -> any ParameterFile {
    let file = try MappedFile(path: path)
    return try ShardIndex.recognizes(file) ? ShardedFile(index: file) : whole(file)
  }

  /// A file that is no index.
  static func whole(_ file: MappedFile) throws -> any ParameterFile {
    let path = file.path
    if PyTorchFile.recognizes(file) { return try PyTorchFile(file) }
    if let kind = FileKind(file, isWeights: true) { throw kind.error(file: path) }
    return try SafetensorsFile(file)
  }
}
