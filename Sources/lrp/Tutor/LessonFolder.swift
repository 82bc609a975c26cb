import Explorer
import FileSystem
import Foundation
import ModelZoo

/// A folder of lessons: every `.yaml` file is one, in the order of their names.
enum LessonFolder {
  private static let limit = 99

  /// The folder of the program's own lessons.
  /// - Throws: if there is none.
  static func shipped() throws -> String { try AssetLocator().path("lessons") }

  /// - Throws: the first file that is no lesson, with line and column; or that there are none.
  static func read(_ folder: String) throws -> [Lesson] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw CommandFailure("\(folder): no folder found, a folder with lessons (.yaml) expected")
    }
    let names = try Folder.names(in: folder).sorted().filter {
      ["yaml", "yml"].contains(($0 as NSString).pathExtension) && !$0.hasPrefix(".")
    }
    guard !names.isEmpty else {
      throw CommandFailure("\(folder): no lessons found, files such as 01-first.yaml expected")
    }
    guard names.count <= limit else {
      throw CommandFailure("\(folder): \(names.count) lessons found, at most \(limit) expected")
    }
    return try names.map { name in
      let path = (folder as NSString).appendingPathComponent(name)
      var lesson = try LessonReader(path: path).lesson(id: (name as NSString).deletingPathExtension)
      // A model may lie beside its lesson.
      let beside = (folder as NSString).appendingPathComponent(lesson.start.model)
      if FileManager.default.fileExists(atPath: beside) { lesson.start.model = beside }
      do {
        _ = try ModelZoo.listing(of: lesson.start.model)
      } catch {
        throw CommandFailure("\(path): start: model: \(error)")
      }
      return lesson
    }
  }

  /// The place that `3`, `3.2` or a lesson's name stands for.
  /// - Throws: what was found and what there is.
  static func place(_ text: String, in lessons: [Lesson]) throws -> LessonPlace {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let lesson = parts.first.flatMap { word in
      // The number first: it may be any that fits into 64 bits.
      Int(word).flatMap { $0 > 0 && $0 <= lessons.count ? $0 - 1 : nil } ?? lessons.firstIndex { $0.id == word }
    }
    guard let lesson else {
      throw CommandFailure(
        "'\(text)' found, a lesson from 1 to \(lessons.count) expected, or a step such as 1.2 (--list shows them)")
    }
    let count = lessons[lesson].headlines.count
    guard parts.count > 1 else { return LessonPlace(lesson: lesson) }
    guard parts.count == 2, let step = Int(parts[1]), (1...count).contains(step) else {
      throw CommandFailure("'\(text)' found, a step from \(lesson + 1).1 to \(lesson + 1).\(count) expected")
    }
    return LessonPlace(lesson: lesson, step: step - 1)
  }
}
