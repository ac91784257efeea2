import Glibc

/// Runs work that blocks on a thread made for it.
///
/// Because Dispatch gives out no more threads than processors, and one a second when those block,
/// a few children that run long would stop everything else that waits there.
package func onNewThread(_ work: @escaping @Sendable () -> Void) {
    let box = unsafe Unmanaged.passRetained(ThreadWork(work)).toOpaque()
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    unsafe pthread_attr_setstacksize(&attributes, 512 << 10)
    defer { unsafe pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let result = unsafe pthread_create(
        &thread, &attributes,
        { pointer in
            guard let pointer = unsafe pointer else { return nil }
            unsafe Unmanaged<ThreadWork>.fromOpaque(pointer).takeRetainedValue().work()
            return nil
        }, box)
    precondition(result == 0, "cannot make a thread: \(systemMessage(result))")
}

private final class ThreadWork: Sendable {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
}

/// Waits, without holding a task thread, for work that blocks.
func onThread<Value: Sendable>(
    _ work: @escaping @Sendable () throws(HostError) -> Value
) async throws(HostError) -> Value {
    let result: Result<Value, HostError> = await withCheckedContinuation { continuation in
        onNewThread {
            do throws(HostError) {
                continuation.resume(returning: .success(try work()))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
    }
    return try result.get()
}
