import Planning
import Synchronization

/// The files that a plan is made from, noted as they are read.
final class DeclaredFiles: Sendable {
    private let noted = Mutex<Set<String>>([])

    /// Relative to the root.
    var paths: Set<String> { noted.withLock { $0 } }

    /// Notes a file, and gives it back.
    func noting(_ file: TreeFile) -> TreeFile {
        noted.withLock { _ = $0.insert(file.path) }
        return file
    }
}
