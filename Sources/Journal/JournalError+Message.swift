package import Domain

extension JournalError: CustomStringConvertible {
    /// One line of fact.
    package var description: String {
        switch self {
        case .folder(let path, let detail): "could not make the folder of `\(path)`: \(detail)"
        case .notOpened(let path, let detail): "could not open the journal `\(path)`: \(detail)"
        case .notADatabase(let path): "`\(path)` is not a journal: it is no intact SQLite database"
        case .newer(let path): "the journal `\(path)` was written by a later version of Slipway"
        case .notRemoved(let path, let detail): "could not remove `\(path)`: \(detail)"
        case .refused(let doing, let detail): "the journal could not \(doing): \(detail)"
        case .full(let doing): "the journal could not \(doing): the disk is full"
        case .notDecodable(let table, let key, let detail):
            "the journal's row `\(key)` in `\(table)` cannot be read: \(detail)"
        case .notEncodable(let what, let detail):
            "\(what) could not be written to the journal: \(detail)"
        }
    }

    /// How to mend it.
    package var hint: String? {
        switch self {
        case .folder(let path, _), .notOpened(let path, _), .notRemoved(let path, _):
            "ls -ld \(path)*"
        case .notADatabase(let path), .newer(let path):
            "delete it; `slipway rebuild` restores it from git: rm \(path)*"
        case .refused, .notEncodable: nil
        case .full: "make room on the disk that holds the journal: df -h"
        case .notDecodable: "stop the daemon, then: slipway rebuild"
        }
    }

    /// The error as a stage reports it. What the disk refuses may work again: it is tried again.
    package var failure: Failure {
        let disposition: Failure.Disposition =
            switch self {
            case .refused, .full: .retry(afterSeconds: 10)
            case .folder, .notOpened, .notADatabase, .newer, .notRemoved, .notDecodable,
                .notEncodable:
                .stalled
            }
        return Failure(description, hint: hint, disposition)
    }
}
