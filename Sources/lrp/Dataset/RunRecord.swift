import FileSystem
import Foundation

/// What an earlier run of the same command has finished: a file of JSON lines beside the results, the settings first,
/// then a line per picture. It is written on after every batch, so that a run that ends early can go on.
final class RunRecord {
  /// What is known of a picture that was explained.
  struct Entry: Codable, Equatable {
    let sample: Int
    let picture: String
    let `class`: Int
    let predicted: Int
  }

  /// What makes a run the same: names and values.
  typealias Settings = [String: String]

  let path: String
  private var entries: [Int: Entry] = [:]
  private let handle: FileHandle
  /// The settings that differ from those of the run whose results are replaced; empty if nothing was there.
  private(set) var changedSettings: [String] = []

  /// - Parameter output: the format of the results' paths; the record lies in the folder that it begins with.
  /// - Throws: `FileError` if the record cannot be written.
  init(besides output: String, settings: Settings) throws {
    path = Self.path(besides: output)
    let folder = (path as NSString).deletingLastPathComponent
    try Self.makeFolder(folder, for: path)
    let header = try Self.line(settings)
    let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    var lines = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // The last line is empty, or was being written when the program was killed.
    if !lines.isEmpty { lines.removeLast() }
    let decoder = JSONDecoder()
    if lines.first == header {
      for line in lines.dropFirst() {
        guard let entry = try? decoder.decode(Entry.self, from: Data(line.utf8)) else { continue }
        entries[entry.sample] = entry
      }
    } else if let first = lines.first {
      let before = (try? decoder.decode(Settings.self, from: Data(first.utf8))) ?? [:]
      changedSettings = Set(before.keys).union(settings.keys).filter { before[$0] != settings[$0] }.sorted()
    }
    let kept = try [header] + entries.values.sorted { $0.sample < $1.sample }.map { try Self.line($0) }
    try AtomicFile.write(kept.joined(separator: "\n") + "\n", to: path)
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw FileError.notPermitted(path: path, action: "write")
    }
    self.handle = handle
    try handle.seekToEnd()
  }

  deinit { try? handle.close() }

  /// The entry of a sample whose results are all there.
  func finished(_ sample: DatasetPlan.Sample) -> Entry? {
    guard let entry = entries[sample.number], entry.picture == sample.picture, entry.class == sample.classIndex,
      sample.outputs.allSatisfy(FileManager.default.fileExists)
    else { return nil }
    return entry
  }

  /// - Throws: if there is no room for them.
  func append(_ new: [Entry]) throws {
    let text = try new.map { try Self.line($0) + "\n" }.joined()
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      throw CommandFailure("\(path): could not be written on (\(error.localizedDescription)); is the disk full?")
    }
  }

  private static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// `heatmaps/.{sample}.png.run` for `heatmaps/{sample}.png`.
  private static func path(besides output: String) -> String {
    let prefix = output.prefix { $0 != "{" }
    let folder = prefix.lastIndex(of: "/").map { output[...$0] } ?? ""
    let rest = output.dropFirst(folder.count).replacing("/", with: "_")
    return "\(folder).\(rest).run"
  }

  /// Makes a folder and those around it.
  /// - Throws: `FileError` if that cannot be.
  static func makeFolder(_ folder: String, for path: String) throws {
    guard !folder.isEmpty else { return }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError.notPermitted(path: path, action: "make the folder \(folder)")
    }
  }
}
