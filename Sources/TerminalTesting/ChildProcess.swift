import Foundation

/// Runs a short command and collects its output.
///
/// Not Foundation's `Process`: that one waits for the end of its pipes, which a tmux server, started in passing,
/// keeps open for as long as it lives. Here the output goes to a file, and nothing else is inherited.
package struct ChildProcess {
  package let status: Int32
  package let output: String

  package enum Failure: Error {
    case cannotStart(String, code: Int32)
  }

  /// - Parameter command: the program, searched in `PATH`, and its arguments.
  package init(_ command: [String], environment: [String: String]) throws {
    let path = NSTemporaryDirectory() + "lrp-output-\(UUID().uuidString)"
    defer { unlink(path) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    // Everything above is closed in the child; Glibc does not export the function that does it in one call.
    for descriptor in ChildProcess.openDescriptors() {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    // Worker threads block most signals; a child that inherited this would be deaf.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      for text in arguments + variables { free(text) }
    }
    var child: pid_t = 0
    let code = posix_spawnp(&child, command[0], &actions, &attributes, &arguments, &variables)
    guard code == 0 else { throw Failure.cannotStart(command[0], code: code) }
    var state: Int32 = 0
    while waitpid(child, &state, 0) < 0, errno == EINTR {}
    status = state & 0x7F == 0 ? state >> 8 & 0xFF : 128 + state & 0x7F
    output = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// The descriptors of this process above standard error.
  private static func openDescriptors() -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.compactMap { Int32($0) }.filter { $0 > STDERR_FILENO && fcntl($0, F_GETFD) >= 0 }
  }
}
