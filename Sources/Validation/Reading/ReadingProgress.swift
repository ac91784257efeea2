import Domain
import Synchronization

/// How far the reading of files is, for whoever waits for it; counted by the passes as they go.
package final class ReadingProgress: Sendable {
    private let bytesRead = Atomic<Int>(0)
    private let rowsRead = Atomic<Int>(0)
    private let bytesKnown = Atomic<Int>(0)
    private let files = Atomic<Int>(0)
    private let knownFiles = Atomic<Int>(0)
    /// How many bytes there are to read in all; 0: that is not known.
    package let bytesTotal: Int

    package init(bytesTotal: Int) { self.bytesTotal = bytesTotal }

    package var bytes: Int { bytesRead.load(ordering: .relaxed) }
    package var rows: Int { rowsRead.load(ordering: .relaxed) }
    /// Bytes that need not be read, because it is known what they hold.
    package var bytesLeftOut: Int { bytesKnown.load(ordering: .relaxed) }
    /// Files that were read for their records.
    package var filesRead: Int { files.load(ordering: .relaxed) }
    /// Files of which it was known what they hold.
    package var filesKnown: Int { knownFiles.load(ordering: .relaxed) }

    func add(bytes count: Int) { bytesRead.add(count, ordering: .relaxed) }
    func addFile() { files.add(1, ordering: .relaxed) }

    /// Counts a file of which it was known what it holds.
    func know(_ file: FoundFile, _ manifest: DatasetManifest, rows: Int) {
        // Because such a file is read for its digest and once more for its columns.
        bytesKnown.add(file.bytes * (manifest.format.isTyped ? 2 : 1), ordering: .relaxed)
        knownFiles.add(1, ordering: .relaxed)
        add(rows: rows)
    }

    func add(rows count: Int) { rowsRead.add(count, ordering: .relaxed) }
}
