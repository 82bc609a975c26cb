import CNcurses
import Glibc

/// Keeps what is written to standard error while the interface has the screen, and shows it afterwards.
///
/// Runtime messages and library warnings would otherwise land in the middle of the picture and be gone with it.
struct StandardErrorCapture: Sendable {
  private let original: Int32
  private let captured: Int32

  /// Starts capturing, if standard error is a terminal at all.
  init() {
    guard isatty(STDERR_FILENO) == 1 else {
      original = -1
      captured = -1
      return
    }
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    captured = lrp_memory_file("standard error")
    if original >= 0, captured >= 0 { dup2(captured, STDERR_FILENO) }
  }

  /// Ends capturing and writes everything to the real standard error; safe in a signal handler.
  func replay(through buffer: UnsafeMutableBufferPointer<UInt8>) {
    guard original >= 0, captured >= 0 else { return }
    dup2(original, STDERR_FILENO)
    var offset: off_t = 0
    while true {
      let count = pread(captured, buffer.baseAddress, buffer.count, offset)
      guard count > 0, write(STDERR_FILENO, buffer.baseAddress, count) > 0 else { return }
      offset += off_t(count)
    }
  }

  /// Ends capturing for good.
  func close() {
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
    defer { buffer.deallocate() }
    replay(through: buffer)
    for descriptor in [original, captured] where descriptor >= 0 { Glibc.close(descriptor) }
  }
}
