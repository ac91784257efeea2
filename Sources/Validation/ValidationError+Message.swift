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
        case .badPattern(let column, let pattern, let place):
            Failure(
                "`\(pattern.prefix(40))` of column `\(column)` is not a regular expression",
                at: place, hint: "mend `pattern:`", .wait(for: place))
        case .cancelled:
            Failure("validation was cancelled", .retry(afterSeconds: 0))
        }
    }
}
