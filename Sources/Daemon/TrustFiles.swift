package import Domain
package import Git
package import Host
import Planning
import Review

/// The files that say who may decide, of a commit or from outside the repository; nil where there
/// is none.
package struct TrustFiles: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package var path: String
        package var bytes: [UInt8]

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    var policy = ReviewPolicy()
    package var signers: File?
    package var revoked: File?
    package var gpgSigners: File?
    /// Public keys that gpg can import; whose they are is said by `gpgSigners` alone.
    package var gpgKeys: [File] = []
    var codeOwners: File?

    package init() {}

    var paths: Set<String> {
        Set(([signers, revoked, gpgSigners, codeOwners].compactMap(\.self) + gpgKeys).map(\.path))
    }

    /// Nobody means to write more about who may sign.
    package static let sizeBytesMax = 4 << 20
    private static let gpgKeysMax = 1000
    /// Of all keys together.
    private static let gpgBytesMax = 16 << 20

    /// Reads the files of a commit whose `slipway.yaml` says `declared`.
    ///
    /// Throws a `Failure` that waits for a commit when one of them is too large.
    package static func read(
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
        var files = TrustFiles()
        files.policy = declared.review
        files.signers = try await file(declared.signers)
        files.revoked = try await file(declared.revoked)
        files.gpgSigners = try await file(gpgSignersPath)
        let keys = try await repository.entries(of: commit, under: gpgFolder)
            .filter { isGPGKey($0.path) }
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

    /// The keys, `*.asc`, of a folder outside the repository, in the order of their names.
    package static func keys(inFolder folder: String) throws(HostError) -> [File] {
        var keys: [File] = []
        for name in try namesIn(folder) where name.hasSuffix(keySuffix) {
            let path = "\(folder)/\(name)"
            keys.append(File(path: path, bytes: try readFile(path, limitBytes: sizeBytesMax)))
        }
        return keys
    }
}

// MARK: Where a repository says who may decide

extension TrustFiles {
    private static let gpgSignersPath = ".slipway/gpg_signers"
    private static let gpgFolder = ".slipway/gpg"
    private static let keySuffix = ".asc"

    private static func isGPGKey(_ path: String) -> Bool {
        path.hasPrefix(gpgFolder + "/") && path.hasSuffix(keySuffix)
    }

    /// Whether a commit with this `slipway.yaml` says there who may decide, or in part of it.
    static func counts(_ path: String, _ declared: RepositoryDeclaration) -> Bool {
        path == repositoryFile || paths(declared).contains(path) || isGPGKey(path)
    }

    /// Every path but that of a key, and of `slipway.yaml` itself.
    private static func paths(_ declared: RepositoryDeclaration) -> Set<String> {
        let own: Set<String> = [declared.signers, declared.revoked, gpgSignersPath]
        return declared.review.asksCodeOwners ? own.union(CodeOwners.locations) : own
    }

    /// Returns every path, without `slipway.yaml` itself, at which the commits reachable from
    /// `head` and not from `base` can have changed who may decide: those that either of the two
    /// names, and every one at which any of the commits between them had a key.
    package static func paths(
        from head: CommitID, notFrom base: CommitID?, of repository: Repository
    ) async throws -> Set<String> {
        var paths: Set<String> = [gpgSignersPath]
        for commit in [head, base].compactMap(\.self) {
            if let declared = try await repositoryDeclaration(at: commit, of: repository) {
                paths.formUnion(self.paths(declared))
            }
        }
        // Because it may take a while, and nobody else shall wait for it.
        let steps = try await Repository(path: repository.path).history(
            of: head, notFrom: base, at: PathScope(roots: [gpgFolder], where: isGPGKey),
            keeping: base == nil ? .own : .all)
        for step in steps {
            let parents: [CommitID?] = step.parents.isEmpty ? [nil] : step.parents
            for (parent, differs) in zip(parents, step.differs) where differs {
                let changed = try await repository.changedPaths(from: parent, to: step.commit)
                paths.formUnion(changed.filter(isGPGKey))
            }
        }
        return paths
    }
}

/// Returns what a commit's `slipway.yaml` says; nil when it has none, or errors in it.
package func repositoryDeclaration(
    at commit: CommitID, of repository: Repository
) async throws -> RepositoryDeclaration? {
    guard let bytes = try await repository.blob(at: commit, repositoryFile) else { return nil }
    let file = TreeFile(path: repositoryFile, mode: 0o100644, blob: .zero)
    let plan = try await Planner().plan(files: [file]) { _ in bytes }
    return plan.repositoryIsBroken ? nil : plan.repository
}
