import Foundation
import ModelFormats
import Tensors

/// The files under `Tests/Fixtures/golden`.
enum GoldenFiles {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/golden")

  /// Where further fixtures were made with `make_fixtures.py --maps N --folder FOLDER`, from the environment.
  static let moreMaps = ProcessInfo.processInfo.environment["LRP_MORE_MAPS"].map { URL(filePath: $0) }

  static func manifest<Manifest: Decodable>(
    _ group: String, as type: Manifest.Type, in folder: URL = folder
  ) throws -> Manifest {
    let data = try Data(contentsOf: folder.appending(path: "\(group).json"))
    return try JSONDecoder().decode(type, from: data)
  }

  static func tensors(_ group: String, in folder: URL = folder) throws -> SafetensorsFile {
    try SafetensorsFile(path: folder.appending(path: "\(group).safetensors").path)
  }

  /// Names of the groups that begin with `prefix`, in alphabetical order.
  static func groups(_ prefix: String, in folder: URL = folder) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }

  /// All cases of the groups that begin with `prefix`; none if a manifest cannot be read, which a test catches.
  static func cases(_ prefix: String, in folder: URL = folder) -> [GoldenCase] {
    groups(prefix, in: folder).flatMap { group in
      let cases = (try? manifest(group, as: GoldenModel.self, in: folder).cases) ?? []
      return cases.enumerated().map { GoldenCase(folder: folder, group: group, index: $0, name: $1.name) }
    }
  }
}
