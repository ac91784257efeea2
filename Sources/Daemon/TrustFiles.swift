import Domain
import Git
import Planning
import Review

/// The files that say who may decide, of a commit or of the state folder; nil where there is none.
struct TrustFiles: Hashable, Sendable {
    struct File: Hashable, Sendable {
        var path: String
        var bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    var policy = ReviewPolicy()
    var signers: File?
    var revoked: File?
    var gpgSigners: File?
    /// Public keys that gpg can import; whose they are is said by `gpgSigners` alone.
    var gpgKeys: [File] = []
    var codeOwners: File?

    var paths: Set<String> {
        Set(([signers, revoked, gpgSigners, codeOwners].compactMap(\.self) + gpgKeys).map(\.path))
    }

    /// Nobody means to write more about who may sign.
    static let sizeBytesMax = 4 << 20
    private static let gpgSignersPath = ".slipway/gpg_signers"
    private static let gpgFolder = ".slipway/gpg"
    private static let gpgKeysMax = 1000
    /// Of all keys together.
    private static let gpgBytesMax = 16 << 20

    /// Reads the files of a commit whose `slipway.yaml` says `declared`.
    ///
    /// Throws a `Failure` that waits for a commit when one of them is too large.
    static func read(
        _ commit: CommitID, _ declared: RepositoryDeclaration, of repository: Repository
    ) async throws -> TrustFiles {
        func file(_ path: String) async throws -> File? {
            do throws(GitError) {
                return try await repository.blob(at: commit, path, limitBytes: sizeBytesMax)
                    .map { File(path: path, bytes: $0) }
            } catch {
                guard case .tooLarge = error else { throw error }
                throw tooMuch("the file is larger than \(sizeBytesMax >> 20) MiB", path)
            }
        }
        var files = TrustFiles(policy: declared.review)
        files.signers = try await file(declared.signers)
        files.revoked = try await file(declared.revoked)
        files.gpgSigners = try await file(gpgSignersPath)
        let keys = try await repository.entries(of: commit, under: gpgFolder)
            .filter { $0.path.hasSuffix(".asc") }
        guard keys.count <= gpgKeysMax else {
            throw tooMuch("there are more than \(gpgKeysMax) keys", gpgFolder)
        }
        var sizeBytes = 0
        for key in keys {
            guard let key = try await file(key.path) else { continue }
            sizeBytes += key.bytes.count
            guard sizeBytes <= gpgBytesMax else {
                throw tooMuch("the keys have more than \(gpgBytesMax >> 20) MiB", gpgFolder)
            }
            files.gpgKeys.append(key)
        }
        guard declared.review.asksCodeOwners else { return files }
        for path in CodeOwners.locations where files.codeOwners == nil {
            files.codeOwners = try await file(path)
        }
        return files
    }

    private static func tooMuch(_ what: String, _ path: String) -> Failure {
        Failure(what, at: path, .wait(for: "a commit"))
    }

    /// Every path at which a commit with this `slipway.yaml` says who may decide, without that
    /// file itself.
    static func paths(_ declared: RepositoryDeclaration) -> Set<String> {
        let own: Set<String> = [declared.signers, declared.revoked, gpgSignersPath]
        return declared.review.asksCodeOwners ? own.union(CodeOwners.locations) : own
    }
}

/// Returns what a commit's `slipway.yaml` says; nil when it has none, or errors in it.
func repositoryDeclaration(
    at commit: CommitID, of repository: Repository
) async throws -> RepositoryDeclaration? {
    guard let bytes = try await repository.blob(at: commit, repositoryFile) else { return nil }
    let file = TreeFile(path: repositoryFile, mode: 0o100644, blob: .zero)
    let plan = try await Planner().plan(files: [file]) { _ in bytes }
    return plan.repositoryIsBroken ? nil : plan.repository
}
