@preconcurrency import Glibc

/// Where results are printed.
enum StandardOutput {
  /// Opens what whoever started the program has closed: a file that is written must not get the number of a standard
  /// stream, or what is printed goes into it.
  static func prepare() {
    for (descriptor, path) in [(STDIN_FILENO, "/dev/null"), (STDOUT_FILENO, "/dev/full"), (STDERR_FILENO, "/dev/null")]
    where fcntl(descriptor, F_GETFD) < 0 {
      if open(path, O_RDWR) < 0 { _ = open("/dev/null", O_RDWR) }
    }
  }

  /// Makes sure that everything printed has arrived.
  /// - Throws: ``CommandFailure`` if it has not.
  static func finish() throws {
    guard fflush(stdout) == 0, ferror(stdout) == 0 else {
      throw CommandFailure(
        "standard output: could not be written to its end (closed, or the disk is full?); print to another place")
    }
  }
}
