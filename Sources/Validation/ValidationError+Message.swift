package import Domain

extension ValidationError {
    /// The error as the stage border reports it.
    package var failure: Failure {
        switch self {
        case .noRoot(let root):
            Failure(
                "the folder of the dataset's files is not there", at: root,
                hint: "see `slipway doctor`", .retry(afterSeconds: 30))
        case .unreadable(let path, let code):
            Failure(
                "the file cannot be read: \(errorText(code))", at: path,
                hint: "check its permissions and the disk", .retry(afterSeconds: 30))
        case .unlisted(let path, let reason):
            Failure(
                "the folder's files cannot be listed: \(reason)", at: path,
                hint: "check its permissions and the disk", .retry(afterSeconds: 30))
        case .badPattern(let column, let message, let place, let hint):
            Failure(
                "the column `\(oneLine(column, charactersMax: 60))`: \(message)", at: place,
                hint: hint, .wait(for: place))
        case .noRoom(let folder, let code):
            Failure(
                "keys that do not fit into memory cannot be kept on disk: \(errorText(code))",
                at: folder, hint: "make room there", .retry(afterSeconds: 300))
        case .badRule(let name, let message, let place, let hint):
            Failure(
                "the rule `\(oneLine(name, charactersMax: 60))`: \(message)", at: place, hint: hint,
                .wait(for: place))
        case .libraryMissing(let library, let package, let path, let reason):
            Failure(
                "\(library), which undoes the file's compression, cannot be used: \(reason)",
                at: path, hint: "apt-get install \(package)", .stalled)
        case .encodingMissing(let encoding, let path):
            Failure(
                "text in `\(encoding)` cannot be read: the C library of this machine has no "
                    + "converter for it",
                at: path, hint: "install its gconv modules, or write the file in UTF-8", .stalled)
        case .partsLost:
            Failure("what was kept of the files is gone", .retry(afterSeconds: 0))
        case .changed(let path):
            Failure(
                "the file was written to, moved or deleted while it was read", at: path,
                hint: "let its writer finish, and check again", .retry(afterSeconds: 30))
        case .cancelled:
            Failure("validation was cancelled", .retry(afterSeconds: 0))
        }
    }
}
