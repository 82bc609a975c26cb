import Dispatch
import Synchronization

/// Runs something asynchronous to its end. The program itself is not, because callgrind cannot follow a main thread that
/// hands over to others.
func waiting<Value: Sendable>(for body: @escaping @Sendable () async throws -> Value) throws -> Value? {
  let outcome = Outcome<Value>()
  let isDone = DispatchSemaphore(value: 0)
  Task.detached {
    do {
      let value = try await body()
      outcome.result.withLock { $0 = .success(value) }
    } catch {
      outcome.result.withLock { $0 = .failure(error) }
    }
    isDone.signal()
  }
  isDone.wait()
  return try outcome.result.withLock { $0 }?.get()
}

private final class Outcome<Value: Sendable>: Sendable {
  let result = Mutex<Result<Value, any Error>?>(nil)
}
