import FileSystem
import Heatmaps
import ModelFormats
import ModelZoo
import NeuralNetwork
import Tensors

/// Reads what is to be explained: a picture, prepared as the model's card says, or an array, used as it is.
enum InputLoading {
  /// The input `(N, C, H, W)` in the file at `path`; what it is, is told by its first bytes.
  /// - Throws: `FileError`, `ModelFormatError`, `HeatmapError` or ``InputError``, naming the file.
  static func load(_ path: String, card: ModelCard) throws -> Tensor {
    if try isArray(path) { return try array(path, card: card) }
    let picture = try Picture(contentsOfFile: path)
    return try card.preprocessing.tensor(rgb: picture.rgb, width: picture.width, height: picture.height)
  }

  private static func isArray(_ path: String) throws -> Bool {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    let file = try MappedFile(path: path)
    return withExtendedLifetime(file) { file.bytes.starts(with: magic) }
  }

  private static func array(_ path: String, card: ModelCard) throws -> Tensor {
    var tensor = try NPYFile.read(path)
    let expected = card.inputShape
    if tensor.shape.rank == expected.rank {
      tensor = Tensor(Shape([1] + tensor.shape.dimensions), rowMajor: tensor.rowMajorElements())
    }
    guard tensor.shape.rank == expected.rank + 1, tensor.shape.channels == expected[0], tensor.count > 0 else {
      throw InputError.shape(path: path, found: tensor.shape, model: card.name, expected: expected)
    }
    guard tensor.isFinite else { throw InputError.notFinite(path: path) }
    return tensor
  }
}

/// What can be wrong with an array that is to be explained.
enum InputError: Error, CustomStringConvertible {
  case shape(path: String, found: Shape, model: String, expected: Shape)
  case notFinite(path: String)

  var description: String {
    switch self {
    case .shape(let path, let found, let model, let expected):
      let sizes = expected.dimensions.map(String.init).joined(separator: ", ")
      return "\(path): an array of shape \(found) found, \(model) expects (N, \(sizes)) or \(expected)"
    case .notFinite(let path):
      return "\(path): the array contains NaN or infinite values; only finite numbers can be explained"
    }
  }
}
