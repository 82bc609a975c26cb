import CursesTerminal
import Explorer
import FileSystem
import Foundation
import TerminalUI

/// How far the lessons are, kept in `$XDG_STATE_HOME/lrp`: a file for each folder of lessons.
enum ProgressFile {
  static func path(lessons: [Lesson]) -> String {
    let folder = lessons.first.map { Folder.containing($0.path) } ?? ""
    let isShipped = (try? LessonFolder.shipped()).map { same($0, folder) } ?? false
    return UserFolder.state.path() + "/tutor" + (isShipped ? "" : "-" + hash(absolute(folder))) + ".yaml"
  }

  /// What was kept, and what to tell the user if it cannot be read: it is put aside then.
  static func read(_ path: String) -> (progress: TutorProgress, problem: String?) {
    guard FileManager.default.fileExists(atPath: path) else { return (TutorProgress(), nil) }
    do {
      return (try TutorProgress(contentsOf: path), nil)
    } catch {
      let aside = path + ".broken"
      try? FileManager.default.removeItem(atPath: aside)
      let isAside = (try? FileManager.default.moveItem(atPath: path, toPath: aside)) != nil
      return (TutorProgress(), "\(error); the lessons start anew" + (isAside ? ", the file is kept as \(aside)" : ""))
    }
  }

  static func forget(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    try FileManager.default.removeItem(atPath: path)
  }

  /// Writes in the background.
  static func keep(_ progress: TutorProgress, at path: String, mailbox: Mailbox<ExplorerMessage>) {
    do {
      try Folder.make(Folder.containing(path))
      try AtomicFile.write(progress.text, to: path, overwriting: true)
    } catch {
      mailbox.post(.notice(Notice(.warning, "progress is not kept: \(error)")))
    }
  }

  private static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path.isEmpty ? "." : path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  private static func same(_ left: String, _ right: String) -> Bool { absolute(left) == absolute(right) }

  /// FNV-1a, the same in every session.
  private static func hash(_ text: String) -> String {
    let value = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return String(value, radix: 16)
  }
}
