import Glibc
import Synchronization

/// Rings when this process is asked to end (SIGTERM or SIGINT), instead of ending it.
package struct TerminationAlarm: Sendable {
    let number: Int32

    /// Takes the two signals over for the rest of this process's life.
    package static func install() throws(HostError) -> TerminationAlarm {
        let ends = try makePipe()
        _ = fcntl(ends.writing, F_SETFL, O_WRONLY | O_NONBLOCK)
        alarmEnd.store(ends.writing, ordering: .sequentiallyConsistent)
        for number in [SIGTERM, SIGINT] {
            _ = signal(number) { _ in ring() }
        }
        return TerminationAlarm(number: ends.reading)
    }

    /// Calls `stop` once when this process is first asked to end; when it is asked again it ends at
    /// once. What it was started to ignore it goes on to ignore.
    package static func first(_ stop: @escaping @Sendable () -> Void) throws(HostError) {
        let ends = try makePipe()
        alarmEnd.store(ends.writing, ordering: .sequentiallyConsistent)
        for number in [SIGTERM, SIGINT, SIGHUP] {
            let before = signal(number) { number in
                let first = asked.exchange(number, ordering: .relaxed)
                guard first == 0 else { _exit(128 + number) }
                ring()
            }
            // 1 is SIG_IGN: of nohup, and of what a script starts beside itself.
            if unsafe unsafeBitCast(before, to: Int.self) == 1 { _ = signal(number, SIG_IGN) }
        }
        let end = ends.reading
        onNewThread {
            var byte: UInt8 = 0
            while unsafe read(end, &byte, 1) < 0, errno == EINTR {}
            stop()
        }
    }

    /// Ends this process as it was asked to, so that who waits for it sees why; returns where
    /// nobody asked.
    package static func endIfAsked() {
        let number = asked.load(ordering: .relaxed)
        guard number != 0 else { return }
        _ = signal(number, SIG_DFL)
        // Because the threads of Dispatch take no signals.
        var own = sigset_t()
        unsafe sigemptyset(&own)
        unsafe sigaddset(&own, number)
        _ = unsafe pthread_sigmask(SIG_UNBLOCK, &own, nil)
        raise(number)
    }
}

private func ring() {
    var byte: UInt8 = 1
    _ = unsafe write(alarmEnd.load(ordering: .relaxed), &byte, 1)
}

private let alarmEnd = Atomic<Int32>(-1)
/// The signal by which this process was asked to end; 0: none.
private let asked = Atomic<Int32>(0)
