import FileSystem
import Foundation
import Tensors

/// Turns an array into a picture and writes it to a PNG file, whole or not at all: zennit's `imsave`.
///
/// See ``imgify(_:_:)`` for the array. A picture with one channel is written with its palette.
/// - Throws: ``HeatmapError``, or `FileError` if the file cannot be written.
public func imsave(
  _ array: Tensor, to path: String, _ options: ImageOptions, overwriting: Bool = true
) throws {
  try imgify(array, options).write(toPNG: path, overwriting: overwriting)
}

extension RasterImage {
  /// Writes the picture to a PNG file, whole or not at all.
  /// - Throws: ``HeatmapError/encoding(reason:)``, or `FileError` if the file cannot be written.
  public func write(toPNG path: String, overwriting: Bool = true) throws {
    try AtomicFile.write(Data(PNGEncoder.encode(self)), to: path, overwriting: overwriting)
  }
}
