import CNcurses
import Glibc
import Synchronization

/// Where background tasks leave messages for the main loop; posting wakes the loop from its `poll`.
public final class Mailbox<Message: Sendable>: Sendable {
  private let messages = Mutex<[Message]>([])
  /// Readable while there may be messages; -1 if the system has no descriptors left (then posting does not wake).
  let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))

  public init() {}

  deinit {
    if descriptor >= 0 { Glibc.close(descriptor) }
  }

  /// Leaves a message; from any thread.
  public func post(_ message: Message) {
    messages.withLock { $0.append(message) }
    if descriptor >= 0 { eventfd_write(descriptor, 1) }
  }

  /// Waits until there are messages, or until the time is up, and takes them.
  public func wait(atMost milliseconds: Int32) -> [Message] {
    var readiness = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    poll(&readiness, 1, max(0, milliseconds))
    return drain()
  }

  /// Takes all messages in the order in which they came.
  public func drain() -> [Message] {
    var count: eventfd_t = 0
    if descriptor >= 0 { eventfd_read(descriptor, &count) }
    return messages.withLock { messages in
      let all = messages
      messages.removeAll()
      return all
    }
  }
}
