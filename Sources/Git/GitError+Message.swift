package import Domain

extension GitError {
    /// What people and the reconcile loop see of this error.
    package var failure: Failure {
        switch self {
        case .notARepository(let path, let reason):
            Failure(
                "no git repository could be opened: \(reason)", at: path,
                hint: "git init --bare \(path)")
        case .notOwned(let path):
            Failure(
                "the repository belongs to another user", at: path,
                hint: "git config --global --add safe.directory \(path)")
        case .notFound(let name): Failure("git has no \(name)")
        case .wrongKind(let id, let expected): Failure("git object \(id) is not a \(expected)")
        case .tooLarge(let id, let size, let limit):
            Failure("git object \(id) has \(size) bytes, more than the limit of \(limit)")
        case .conflict(let ref):
            Failure(
                "somebody else changed `\(ref)` at the same time", at: ref,
                .retry(afterSeconds: 0))
        case .locked(let ref):
            Failure(
                "another process holds the lock of `\(ref)`", at: ref,
                hint: "if no git process is running, remove the file `\(ref).lock`",
                .retry(afterSeconds: 1))
        case .invalidRefName(let name): Failure("`\(name)` is not a legal ref name")
        case .unsafePath(let path): Failure("the path `\(path)` may not be written")
        case .folderNotEmpty(let path): Failure("the folder for a checkout is not empty", at: path)
        case .file, .library, .libraryMissing, .libraryMismatch: systemFailure
        case .unreachable, .timedOut, .refused: remoteFailure
        }
    }

    private var systemFailure: Failure {
        switch self {
        case .file(let path, let number):
            Failure(
                "a file could not be written: \(systemMessage(number))", at: path,
                .retry(afterSeconds: 10))
        case .libraryMissing(let reason):
            Failure("libgit2 cannot be used: \(reason)", hint: "apt-get install libgit2-dev")
        case .libraryMismatch(let built, let running):
            Failure(
                "libgit2 \(running) is installed, and slipway was built with \(built)",
                hint: "make build")
        case .library(let during, let code, let message):
            Failure("\(during) failed: \(message) (libgit2 error \(code))")
        default: Failure("\(self)")
        }
    }

    /// Whether gitolite refused a ref because of the characters in its name.
    private static func isForGitolite(_ message: String) -> Bool {
        message.contains("invalid characters in ref or filename")
    }

    private var remoteFailure: Failure {
        switch self {
        case .unreachable(let line):
            Failure("the remote repository cannot be reached: \(line)", .retry(afterSeconds: 15))
        case .timedOut(let seconds):
            Failure(
                "git did not finish within \(seconds) seconds and was stopped",
                .retry(afterSeconds: 15))
        case .refused(let message):
            Failure(
                "the remote repository refused the push: \(message)",
                hint: Self.isForGitolite(message)
                    ? "gitolite takes no `#` and `!` in names until its `~/.gitolite.rc` says "
                        + #"`$REF_OR_FILENAME_PATT = qr(^[0-9a-zA-Z][-0-9a-zA-Z._\@/+ :,#!]*$);`"#
                    : "allow slipway's user to push tags, notes and `slipway/*` branches")
        default: Failure("\(self)")
        }
    }
}
