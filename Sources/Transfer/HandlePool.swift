import Synchronization

/// Handles that no transfer uses, so that the next one finds a connection open.
final class HandlePool: Sendable {
    private let idle = Mutex<[EasyHandle]>([])
    private let most: Int

    init(most: Int) { self.most = most }

    /// Returns the handle that was used last, or a new one.
    func take() throws(TransferError) -> EasyHandle {
        if let handle = idle.withLock({ $0.popLast() }) { return handle }
        return try EasyHandle()
    }

    /// Takes a handle back, without its options.
    func give(_ handle: EasyHandle) {
        handle.reset()
        idle.withLock { idle in
            if idle.count < most { idle.append(handle) }
        }
    }
}
