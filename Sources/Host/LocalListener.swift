import Glibc

/// Answers at a Unix domain socket: reads what a client sends until it has said all, asks the
/// handler, writes its answer, closes.
///
/// A client that is slow, silent, or says too much is dropped; it never stops the others.
package struct LocalListener: Sendable {
    package var path: String
    /// The most that a client may send.
    package var requestLimitBytes: Int
    /// How long a client may take to send, and again to receive.
    package var clientDeadlineSeconds: Double
    /// How many clients are served at once; others wait in the kernel's queue.
    package var clientsMax: Int

    package init(
        path: String, requestLimitBytes: Int = 1 << 20, clientDeadlineSeconds: Double = 5,
        clientsMax: Int = 32
    ) {
        self.path = path
        self.requestLimitBytes = requestLimitBytes
        self.clientDeadlineSeconds = clientDeadlineSeconds
        self.clientsMax = clientsMax
    }

    /// Listens until the task is cancelled, then removes the socket.
    /// - Parameter ready: called once, when clients can connect.
    @concurrent
    package func run(
        ready: @Sendable () -> Void = {},
        handler: @escaping @Sendable ([UInt8]) async -> [UInt8]
    ) async throws(HostError) {
        ignoreBrokenPipes()
        let socket = try listenSocket(path)
        socket.setNonBlocking()
        let alarm = try CancelAlarm()
        ready()
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                var active = 0
                while let client = await nextClient(socket.number, alarm) {
                    if active >= clientsMax {
                        await group.next()
                        active -= 1
                    }
                    active += 1
                    group.addTask { await serve(client, handler) }
                }
                group.cancelAll()
            }
        } onCancel: {
            alarm.ring()
        }
        try removeFile(path)
    }

    /// Waits for a client; nil when the alarm rang.
    private func nextClient(_ listener: Int32, _ alarm: CancelAlarm) async -> Int32? {
        await withCheckedContinuation { continuation in
            onNewThread {
                continuation.resume(returning: acceptClient(listener, alarm))
            }
        }
    }

    private func serve(
        _ client: Int32, _ handler: @Sendable ([UInt8]) async -> [UInt8]
    ) async {
        do {
            let request = try await onThread { () throws(HostError) in
                // Because the descriptor is used again for the answer, its copy is closed here.
                var talk = self.talk(Descriptor(dup(client)))
                return try talk.receiveAll(limitBytes: requestLimitBytes)
            }
            let answer = await handler(request)
            try await onThread { () throws(HostError) in
                var talk = self.talk(Descriptor(dup(client)))
                try talk.send(answer)
            }
        } catch {
            // Because a client that breaks the rules has nobody left to tell; it sees the close.
        }
        _ = close(client)
    }

    private func talk(_ client: consuming Descriptor) -> SocketTalk {
        SocketTalk(
            client, path: path, end: monotonicSeconds() + clientDeadlineSeconds,
            deadlineSeconds: clientDeadlineSeconds)
    }
}

private func acceptClient(_ listener: Int32, _ alarm: CancelAlarm) -> Int32? {
    while true {
        var entries = [
            pollfd(fd: alarm.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
        ]
        _ = unsafe poll(&entries, 2, 60_000)
        if entries[0].revents != 0 { return nil }
        let client = accept(listener, nil, nil)
        if client >= 0 {
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            return client
        }
        // Because running out of descriptors passes, but would spin here: wait a little.
        if errno == EMFILE || errno == ENFILE { _ = unsafe poll(&entries, 1, 50) }
    }
}
