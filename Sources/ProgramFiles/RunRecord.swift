import FileSystem
import Foundation

/// What an earlier run of the same command has finished: a file of JSON lines beside the results, the settings first,
/// then a line per picture. It is written on after every batch, so that a run that ends early can go on.
package final class RunRecord {
  /// What is known of a picture that was explained.
  package struct Entry: Codable, Equatable {
    package let sample: Int
    package let picture: String
    package let `class`: Int
    package let predicted: Int

    package init(sample: Int, picture: String, class: Int, predicted: Int) {
      self.sample = sample
      self.picture = picture
      self.class = `class`
      self.predicted = predicted
    }
  }

  /// What makes a run the same: names and values.
  package typealias Settings = [String: String]

  /// What an older record says.
  package struct Old {
    package fileprivate(set) var entries: [Int: Entry] = [:]
    /// The settings that differ from those of the run whose results are replaced; empty if nothing was there.
    package fileprivate(set) var changedSettings: [String] = []
  }

  package let path: String
  private let old: Old
  private let file: AppendedFile

  package var changedSettings: [String] { old.changedSettings }

  /// - Parameter output: the format of the results' paths; the record lies in the folder that it begins with.
  /// - Throws: `FileError` if the record cannot be written.
  package init(besides output: String, settings: Settings) throws {
    path = Self.path(besides: output)
    let folder = Folder.containing(path)
    if !folder.isEmpty { try Folder.make(folder) }
    old = try Self.read(path, settings: settings)
    let kept = try [Self.line(settings)] + old.entries.values.sorted { $0.sample < $1.sample }.map(Self.line)
    try AtomicFile.write(kept.joined(separator: "\n") + "\n", to: path)
    file = try AppendedFile(path: path)
  }

  /// The entry of a sample whose results are all there.
  package func finished(sample: Int, picture: String, class: Int, outputs: [String]) -> Entry? {
    guard let entry = old.entries[sample], entry.picture == picture, entry.class == `class`,
      outputs.allSatisfy(FileManager.default.fileExists)
    else { return nil }
    return entry
  }

  /// - Throws: `FileError` if they cannot be written.
  package func append(_ new: [Entry]) throws {
    try file.append(Data(try new.map { try Self.line($0) + "\n" }.joined().utf8))
  }

  // MARK: - Reading

  /// Reads the record of an earlier run. Lines that are no entries are left out, and what no program wrote counts as
  /// another run's.
  /// - Throws: `FileError` if there is a record that cannot be read.
  package static func read(_ path: String, settings: Settings) throws -> Old {
    guard FileManager.default.fileExists(atPath: path) else { return Old() }
    let file = try MappedFile(path: path)
    return try withExtendedLifetime(file) { try parse(file.bytes, settings) }
  }

  private static func parse(_ bytes: UnsafeRawBufferPointer, _ settings: Settings) throws -> Old {
    var old = Old()
    let header = Array(try line(settings).utf8)
    let decoder = JSONDecoder()
    // The last line is empty, or was being written when the program was killed.
    var rest = bytes[...]
    var isFirst = true
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      rest = rest[(end + 1)...]
      if isFirst, !line.elementsEqual(header) {
        let before = (try? decoder.decode(Settings.self, from: Data(line))) ?? [:]
        let names = Set(before.keys).union(settings.keys).filter { before[$0] != settings[$0] }
        old.changedSettings = names.sorted().prefix(settings.count + 8).map { $0.shown() }
        return old
      }
      if !isFirst, let entry = try? decoder.decode(Entry.self, from: Data(line)) { old.entries[entry.sample] = entry }
      isFirst = false
    }
    return old
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
}
