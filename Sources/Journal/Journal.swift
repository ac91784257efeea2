import Domain
import FoundationEssentials
import GRDB

/// Work in progress and the index of what git says, in one SQLite file.
///
/// Nothing in it is a truth of its own: the file can be deleted at any time and is rebuilt from
/// git. Writes follow one another; reads see the last commit and never wait for a write. A write
/// that was asked for is finished even when the task that asked for it is cancelled.
package final class Journal: Sendable {
    /// How long a write waits for another process that holds the file.
    private static let busySeconds = 10.0

    private let pool: DatabasePool

    /// Opens the journal at `path`, making the folder, the file and its tables where they miss.
    package init(path: String) throws(JournalError) {
        try makeFolder(of: path)
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.busyMode = .timeout(Self.busySeconds)
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            let migrator = journalMigrations()
            guard try !pool.read(migrator.hasBeenSuperseded) else {
                throw JournalError.newer(path: path)
            }
            try migrator.migrate(pool)
        } catch let error as JournalError {
            throw error
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: throw .notADatabase(path: path)
            case .SQLITE_FULL: throw .full(doing: "be opened")
            default: throw .notOpened(path: path, detail: sentence(error))
            }
        } catch {
            throw .notOpened(path: path, detail: "\(error)")
        }
    }

    /// Removes the journal at `path` with SQLite's files beside it; nobody may have it open.
    package static func delete(path: String) throws(JournalError) {
        for file in ["\(path)-wal", "\(path)-shm", path] {
            guard FileManager.default.fileExists(atPath: file) else { continue }
            do {
                try FileManager.default.removeItem(atPath: file)
            } catch {
                throw .notRemoved(path: file, detail: "\(error)")
            }
        }
    }

    /// Reads one consistent snapshot; `doing` completes "the journal could not …".
    func read<Value: Sendable>(
        _ doing: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        let outcome: Result<Value, JournalError> = await withCheckedContinuation { waiting in
            pool.asyncRead { access in
                let result = access.flatMap { database in Result { try body(database) } }
                waiting.resume(returning: result.mapError { journalError($0, doing) })
            }
        }
        return try outcome.get()
    }

    /// Writes in one transaction; `doing` completes "the journal could not …".
    @discardableResult
    func write<Value: Sendable>(
        _ doing: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        let outcome: Result<Value, JournalError> = await withCheckedContinuation { waiting in
            pool.asyncWrite(body) { _, result in
                waiting.resume(returning: result.mapError { journalError($0, doing) })
            }
        }
        return try outcome.get()
    }
}

private func makeFolder(of path: String) throws(JournalError) {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    let folder = String(path[..<slash])
    do {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    } catch {
        throw .folder(path: path, detail: "\(error)")
    }
}

private func journalError(_ error: any Error, _ doing: String) -> JournalError {
    switch error {
    case let error as JournalError: error
    case let error as DatabaseError where error.resultCode == .SQLITE_FULL: .full(doing: doing)
    case let error as DatabaseError: .refused(doing: doing, detail: sentence(error))
    default: .refused(doing: doing, detail: "\(error)")
    }
}

private func sentence(_ error: DatabaseError) -> String {
    "\(error.message ?? "no message") (SQLite code \(error.extendedResultCode.rawValue))"
}
