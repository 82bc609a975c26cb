import Foundation

/// Says which file it was when the program ends in the middle of one.
enum LastWords {
  nonisolated(unsafe) static var number: Int32 = 0
  nonisolated(unsafe) private static var text = [UInt8](repeating: 0, count: 64)

  static func prepare(format: String) {
    text = Array("\(format): ended by a signal in file ".utf8)
    for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGALRM, SIGPROF] {
      Foundation.signal(signal) { signal in
        LastWords.speak()
        Foundation.signal(signal, SIG_DFL)
        raise(signal)
      }
    }
  }

  private static func speak() {
    text.withUnsafeBufferPointer { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    var digits: (UInt8, UInt8) = (0, 0x0a)
    var divisor: Int32 = 1_000_000_000
    var hasBegun = false
    while divisor > 0 {
      digits.0 = UInt8(number / divisor % 10) + 0x30
      if digits.0 != 0x30 || divisor == 1 { hasBegun = true }
      if hasBegun { _ = withUnsafeBytes(of: &digits) { write(STDERR_FILENO, $0.baseAddress, divisor == 1 ? 2 : 1) } }
      divisor /= 10
    }
  }
}
