import Heatmaps
import ModelFormats
import Tensors

/// Writes relevance as an array or as a picture, by the file's extension.
enum RelevanceFile {
  static let formats = ["npy", "png", "safetensors"]

  /// - Parameters:
  ///   - extra: stored beside `relevance` in a safetensors file.
  ///   - metadata: what the relevance is of, for a safetensors file.
  static func write(
    _ relevance: Tensor, to file: OutputFile, options: ImageOptions,
    extra: [(name: String, tensor: Tensor)] = [], metadata: [String: String] = [:]
  ) throws {
    switch file.format {
    case "npy": try NPYFile.write(relevance, to: file.path)
    case "png": try picture(relevance, options).write(toPNG: file.path)
    default: try SafetensorsFile.write([("relevance", relevance)] + extra, metadata: metadata, to: file.path)
    }
  }

  /// The channel sums as a heatmap; several samples are normalised each by itself and laid out on one sheet.
  static func picture(_ relevance: Tensor, _ options: ImageOptions) throws -> RasterImage {
    var options = options
    let maps = try (0..<relevance.shape.batch).map { try RelevanceMap(channelSumOf: relevance, sample: $0) }
    guard let first = maps.first, first.width > 0, first.height > 0 else {
      throw CommandFailure("relevance of shape \(relevance.shape) found, which has no pixels")
    }
    if maps.count == 1 {
      return try imgify(Tensor([first.height, first.width], rowMajor: first.values), options)
    }
    options.grid = options.grid ?? .square
    return try imgify(
      Tensor([maps.count, first.height, first.width], rowMajor: maps.flatMap(\.values)), options)
  }
}
