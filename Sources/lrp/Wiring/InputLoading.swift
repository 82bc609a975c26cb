import FileSystem
import Foundation
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
    if try NPYFile.recognizes(path) { return try array(path, card: card) }
    let picture: Picture
    do {
      picture = try Picture(contentsOfFile: path)
    } catch let error as HeatmapError where ["npy", "npz"].contains((path.lowercased() as NSString).pathExtension) {
      // An array was meant.
      _ = try NPYFile.read(path)
      throw error
    }
    return try card.preprocessing.tensor(rgb: picture.rgb, width: picture.width, height: picture.height)
  }

  /// The shapes of all nodes for an input that may have another size than the model's.
  /// - Throws: ``InputError/size(path:found:model:expected:problem:)`` if that does not go.
  static func shapes(of network: Network, for input: Tensor, in path: String, card: ModelCard) throws -> [Shape] {
    do {
      return try network.shapes(forInput: input.shape)
    } catch {
      guard Array(input.shape.dimensions.dropFirst()) != card.inputShape.dimensions else { throw error }
      throw InputError.size(
        path: path, found: input.shape, model: card.name, expected: card.inputShape, problem: "\(error)")
    }
  }

  private static func array(_ path: String, card: ModelCard) throws -> Tensor {
    var tensor = try NPYFile.read(path)
    let expected = card.inputShape
    if tensor.shape.rank == expected.rank {
      tensor = Tensor(Shape([1] + tensor.shape.dimensions), rowMajor: tensor.rowMajorElements())
    }
    guard tensor.shape.rank != expected.rank + 1 || tensor.count > 0 else {
      throw InputError.empty(path: path, found: tensor.shape)
    }
    guard tensor.shape.rank == expected.rank + 1, tensor.shape.channels == expected[0] else {
      throw InputError.shape(path: path, found: tensor.shape, model: card.name, expected: expected)
    }
    try InputError.checkFinite(tensor, path: path)
    return tensor
  }
}

/// What can be wrong with an array that is to be explained.
enum InputError: Error, CustomStringConvertible {
  case shape(path: String, found: Shape, model: String, expected: Shape)
  /// A size at which a layer has nothing to do.
  case size(path: String, found: Shape, model: String, expected: Shape, problem: String)
  case empty(path: String, found: Shape)
  /// - Parameter index: of the first such number, in row-major order.
  case notFinite(path: String, index: Int, value: Float, shape: Shape)

  /// - Throws: ``notFinite(path:index:value:shape:)``.
  static func checkFinite(_ tensor: Tensor, path: String) throws {
    let elements = tensor.isFinite ? [] : tensor.rowMajorElements()
    guard let index = elements.firstIndex(where: { !$0.isFinite }) else { return }
    throw InputError.notFinite(path: path, index: index, value: elements[index], shape: tensor.shape)
  }

  var description: String {
    switch self {
    case .shape(let path, let found, let model, let expected):
      let sizes = expected.dimensions.map(String.init).joined(separator: ", ")
      return "\(path): an array of shape \(found) found, \(model) expects (N, \(sizes)) or \(expected)"
    case .size(let path, let found, let model, let expected, let problem):
      let sizes = expected.dimensions.map(String.init).joined(separator: ", ")
      return "\(path): an array of shape \(found) found, \(model) is made for (N, \(sizes)): \(problem)"
    case .empty(let path, let found):
      return "\(path): an array of shape \(found) found, which has no numbers; at least one sample expected"
    case .notFinite(let path, var index, let value, let shape):
      var place: [String] = []
      for extent in shape.dimensions.reversed() {
        place.insert("\(index % max(1, extent))", at: 0)
        index /= max(1, extent)
      }
      return
        "\(path): the array has \(value.isNaN ? "NaN" : "an infinite number") at [\(place.joined(separator: ", "))];"
        + " only finite numbers can be explained"
    }
  }
}
