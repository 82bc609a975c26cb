import FileSystem
import Foundation

/// Files and folders that are given as models, but have the ending of none.
public enum ForeignModel {
  /// Says what it is, if its place or its first bytes tell.
  /// - Throws: `FileError` if it is no regular file or not readable, ``ModelFormatError`` if it is of another kind.
  public static func check(_ path: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue,
      FileManager.default.fileExists(atPath: path + "/saved_model.pb")
    {
      throw ModelFormatError.foreign(
        file: path, kind: "a SavedModel of TensorFlow",
        advice: "convert it to ONNX: python -m tf2onnx.convert --saved-model \(path) --output model.onnx")
    }
    if let kind = FileKind(try MappedFile(path: path), isWeights: true) {
      throw ModelFormatError.foreign(file: path, kind: kind.name, advice: kind.adviceForModels)
    }
  }
}

extension FileKind {
  /// What to do with a file that was given as a model.
  fileprivate var adviceForModels: String {
    name == "an ONNX model" ? "give it the ending .onnx" : advice
  }
}
