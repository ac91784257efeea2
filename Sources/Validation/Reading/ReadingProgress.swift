import Synchronization

/// How far the reading of files is, for whoever waits for it; counted by the passes as they go.
package final class ReadingProgress: Sendable {
    private let bytesRead = Atomic<Int>(0)
    private let rowsRead = Atomic<Int>(0)
    /// How many bytes there are to read in all; 0: that is not known.
    package let bytesTotal: Int

    package init(bytesTotal: Int) { self.bytesTotal = bytesTotal }

    package var bytes: Int { bytesRead.load(ordering: .relaxed) }
    package var rows: Int { rowsRead.load(ordering: .relaxed) }

    func add(bytes count: Int) { bytesRead.add(count, ordering: .relaxed) }
    func add(rows count: Int) { rowsRead.add(count, ordering: .relaxed) }
}
