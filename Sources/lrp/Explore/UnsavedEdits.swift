import Foundation

/// Edits that are in no file yet, kept for the case that the session ends unexpectedly: `$XDG_STATE_HOME/lrp`.
enum UnsavedEdits {
  /// Of this session: `unsaved-4711.yaml`, where 4711 is the process.
  static var path: String { folder + "/\(prefix)\(getpid()).yaml" }

  private static let prefix = "unsaved-"

  private static var folder: String {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? NSHomeDirectory()
    let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.local/state"
    return state + "/lrp"
  }

  /// Gives the files of sessions that are gone a name of their own, so that each is reported once and none is lost.
  /// - Returns: their paths now.
  static func recover() -> [String] {
    let files = FileManager.default
    let names = ((try? files.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    return names.compactMap { name in
      guard name.hasPrefix(prefix), name.hasSuffix(".yaml"),
        let process = pid_t(name.dropFirst(prefix.count).dropLast(5)), process > 0,
        process == getpid() || (kill(process, 0) != 0 && errno == ESRCH)
      else { return nil }
      let free = (1...).lazy.map { folder + "/recovered-\($0).yaml" }.first { !files.fileExists(atPath: $0) }
      guard let free, (try? files.moveItem(atPath: folder + "/" + name, toPath: free)) != nil else { return nil }
      return free
    }
  }
}
