package import Domain
import Host

extension RegistryError: CustomStringConvertible {
    /// One line of fact.
    package var description: String {
        switch self {
        case .host(let error): error.description
        case .unreadable(let path, let detail): "could not read `\(path)`: \(detail)"
        case .missing(let digest): "the artifact \(digest) is not in the store"
        case .corrupt(let digest, let quarantine):
            "the artifact \(digest) has other bytes than it was stored with; "
                + "it was moved to `\(quarantine)`"
        case .tooLarge(let digest, let limitBytes):
            "the artifact \(digest) has more than the \(limitBytes) bytes that are read here"
        case .notRegular(let path, true):
            "`\(path)` is a symbolic link, and only files are stored"
        case .notRegular(let path, false):
            "`\(path)` is neither a file nor a folder, and only files are stored"
        case .nameNotStorable(let path):
            "the name of `\(path)` contains a control character or is not UTF-8"
        case .listingMalformed(let digest, let line):
            "the artifact \(digest) is not a folder listing: line \(line) is malformed"
        case .targetNotEmpty(let path): "`\(path)` exists and is not an empty folder"
        case .notExpected(let expected, let found, let sizeBytes):
            "the data has another digest: \(expected) is expected, \(found) came in "
                + "\(sizeBytes) bytes"
        case .folderListMalformed(let detail):
            "the list of a folder that DVC keeps is refused: \(detail)"
        case .recordNotEncodable(let fingerprint, let detail):
            "the record of step \(fingerprint.short) could not be written: \(detail)"
        case .tagMalformed(let tag, let detail): "the tag `\(tag)` is ignored: \(detail)"
        case .messageMalformed(let trailer, let value):
            "the tag's message says `\(trailer): \(value)`, which cannot be read"
        }
    }

    /// How to mend it.
    package var hint: String? {
        switch self {
        case .host(let error): error.hint
        case .unreadable(let path, _): "ls -l \(path)"
        case .missing, .corrupt: "push again, or `slipway rebuild`: the step runs again"
        case .tooLarge, .listingMalformed: nil
        case .notRegular(let path, true):
            "let the step copy the file instead of linking it: cp -L \(path) …"
        case .notRegular: "remove it at the end of the step"
        case .nameNotStorable: "let the step give the file another name"
        case .targetNotEmpty(let path): "rm -r \(path)"
        case .folderListMalformed: "write it anew: dvc add, dvc push"
        case .notExpected:
            "put the right bytes there; or commit the digest of those that are there"
        case .recordNotEncodable: nil
        case .tagMalformed(let tag, _): "git tag -d '\(tag)'"
        case .messageMalformed: nil
        }
    }

    /// The error as a stage reports it. What the disk refuses may work again: it is tried again.
    package var failure: Failure {
        let disposition: Failure.Disposition =
            switch self {
            case .host, .unreadable, .corrupt, .missing: .retry(afterSeconds: 30)
            case .notRegular, .nameNotStorable: .wait(for: "a commit that changes the step")
            case .notExpected, .folderListMalformed:
                .wait(for: "a commit that names the digest of the data")
            case .messageMalformed, .tagMalformed: .wait(for: "another tag")
            case .tooLarge, .listingMalformed, .targetNotEmpty, .recordNotEncodable: .stalled
            }
        return Failure(description, hint: hint, disposition)
    }
}

/// Runs file operations and wraps what they throw.
func onDisk<Value>(
    _ body: () throws(HostError) -> Value
) throws(RegistryError) -> Value {
    do throws(HostError) {
        return try body()
    } catch {
        throw .host(error)
    }
}
