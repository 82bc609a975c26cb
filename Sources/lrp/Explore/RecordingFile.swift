import Explorer
import FileSystem
import Foundation

/// The file of a session that is being recorded. Every step is in it as soon as it is done: whatever ends the program,
/// what is there can be played.
final class RecordingFile {
  private let descriptor: Int32
  private let path: String
  private var recorder = ScriptRecorder()
  private var end = 0
  private var lastLine: (start: Int, bytes: [UInt8])?
  private var isBroken = false

  /// - Throws: ``CommandFailure`` if the file is there already and must not be replaced, `FileError` if it cannot be
  ///   written.
  init(_ path: String, overwriting: Bool, heading: String) throws {
    self.path = path
    // The check and the writing are done as for every other file; then it is written in place.
    do {
      try AtomicFile.write(heading, to: path, overwriting: overwriting)
    } catch FileError.alreadyExists {
      throw CommandFailure("\(path): exists already; choose another name, or --overwrite, which replaces it")
    }
    descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.notPermitted(path: path, action: "write") }
    end = heading.utf8.count
  }

  deinit { close(descriptor) }

  func noteStart(_ commands: [ExplorerCommand]) { recorder.noteStart(commands) }

  /// Takes an event and what came of it.
  /// - Returns: what to tell the user, if it could not be written.
  func note(
    _ event: ExplorerEvent, commands: [ExplorerCommand], before: ExplorerState, after: ExplorerState
  ) -> String? {
    switch event {
    case .message(let message):
      recorder.note(message, commands: commands, after)
      return nil
    case .terminal(let event):
      return write(recorder.note(event, commands: commands, before: before, after: after))
    }
  }

  func finish(_ state: ExplorerState) { _ = write(recorder.finish(state)) }

  private func write(_ edits: [ScriptRecorder.Edit]) -> String? {
    guard !isBroken else { return nil }
    for edit in edits {
      switch edit {
      case .append(let line): put(line, at: end, minimum: 0)
      case .replaceLast(let line): put(line, at: lastLine?.start ?? end, minimum: lastLine?.bytes.count ?? 0)
      }
      if isBroken {
        let reason = String(cString: strerror(errno))
        return "\(path): the recording ends here, it cannot be written: \(reason); what is in the file can be played"
      }
    }
    return nil
  }

  /// Writes a line in one piece, so that none is ever found in part; it may replace a shorter one.
  private func put(_ text: String, at offset: Int, minimum: Int) {
    var bytes = Array(text.utf8)
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: max(0, minimum - bytes.count - 1)) + [UInt8(ascii: "\n")]
    let count = pwrite(descriptor, bytes, bytes.count, off_t(offset))
    guard count == bytes.count else {
      isBroken = true
      let problem = count < 0 ? errno : ENOSPC
      // A part of a line is worse than none; a line that was to grow stays as it was.
      let old = lastLine?.start == offset ? lastLine?.bytes ?? [] : []
      _ = pwrite(descriptor, old, old.count, off_t(offset))
      ftruncate(descriptor, off_t(offset + old.count))
      errno = problem
      return
    }
    lastLine = (offset, bytes)
    end = offset + bytes.count
  }
}
