import Crypto
import Domain
import Planning
import Validation

/// What is wrong in the tree of a commit that is pushed: its declarations, and files that are not
/// those that a manifest means.
struct CommittedTree: Sendable {
    /// A declaration is text of a person; what is larger is none.
    private static let declarationBytesMax = 1 << 20
    private static let warmupBytesMax = 16 << 20
    /// A larger file is left to the daemon, which reads it a piece at a time.
    private static let dataBytesMax = 256 << 20

    private let git: HookGit
    private let commit: ObjectID
    private let files: [HookGit.ListedFile]
    private let byPath: [String: HookGit.ListedFile]

    init(_ git: HookGit, _ commit: ObjectID) async throws {
        self.git = git
        self.commit = commit
        files = try await git.files(of: commit)
        byPath = Dictionary(
            files.map { ($0.file.path, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether the commit is one of a repository of Slipway's at all.
    var hasRepositoryFile: Bool { byPath[repositoryFile] != nil }

    /// What is wrong, in the order of places.
    ///
    /// - Parameter old: what was there before; data that is as it was then is not read. nil: all
    ///   data is read.
    /// - Parameter notes: gets what could not be judged.
    func errors(since old: ObjectID?, notes: inout [String]) async throws -> [Diagnostic] {
        let plan = try await plan()
        var findings = Findings(plan)
        findings.requireFiles(plan) { byPath[$0] != nil }
        let changed = try await changedPaths(since: old)
        for (_, manifest) in plan.datasets.sorted(by: { $0.key < $1.key }) {
            let isWhole = changed?.contains(manifest.path) ?? true
            for file in manifest.namedFiles where file.url == nil {
                guard isWhole || file.isTouched(by: changed ?? []) else { continue }
                findings.diagnostics += try await judge(file, &notes)
            }
        }
        return findings.diagnostics.filter { $0.severity == .error }
    }

    private func changedPaths(since old: ObjectID?) async throws -> Set<String>? {
        guard let old else { return nil }
        let output = try await git.output([
            "diff-tree", "-r", "-z", "--name-only", "--no-renames", old.hex, commit.hex,
        ])
        return Set(output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    }

    // MARK: Declarations

    private func plan() async throws -> RepositoryPlan {
        let declared = try files.filter { isDeclaration($0.file.path) && $0.sizeBytes != nil }
            .map { listed in
                guard listed.sizeBytes ?? 0 <= Self.declarationBytesMax else {
                    throw Stop(
                        .refused, "a declaration has at most 1 MiB", at: listed.file.path,
                        hint: "is this the file that you mean?")
                }
                return listed.file.blob
            }
        let read = try await git.read(declared)
        let sizes = Dictionary(
            files.map { ($0.file.blob, $0.sizeBytes ?? 0) }, uniquingKeysWith: { first, _ in first }
        )
        return try await Planner().plan(files: files.map(\.file)) { [git] file in
            if let known = read[file.blob] { return known.bytes }
            guard let size = sizes[file.blob], size <= Self.warmupBytesMax,
                let object = try await git.read([file.blob])[file.blob]
            else { throw Stop(.refused, "it cannot be read, or has over 16 MiB", at: file.path) }
            return object.bytes
        }
    }

    /// Wider than what the planner reads, so that it finds everything read already.
    private func isDeclaration(_ path: String) -> Bool {
        path == repositoryFile || path.hasPrefix("models/") && path.hasSuffix("/model.yaml")
            || ["datasets/", "environments/"].contains { path.hasPrefix($0) }
                && (path.hasSuffix(".yaml") || path.hasSuffix(".dvc"))
            || croissantName(path) != nil
    }

    // MARK: Data

    private func judge(
        _ declared: DatasetFile, _ notes: inout [String]
    ) async throws -> [Diagnostic] {
        let holds = declared.holds
        let held =
            declared.folder != nil
            ? files.filter { holds($0.file.path) } : [byPath[declared.path]].compactMap(\.self)
        let size = held.reduce(0) { $0 + ($1.sizeBytes ?? 0) }
        guard !held.isEmpty else { return [] }
        guard held.allSatisfy({ $0.file.mode & 0o170000 == 0o100000 && $0.sizeBytes != nil }),
            size <= Self.dataBytesMax
        else {
            notes.append(
                "the digest of \(oneLine(declared.path)) is left to the daemon: it has over 256 MiB"
            )
            return []
        }
        let objects = try await git.read(held.map(\.file.blob))
        let contents = try held.map { listed in
            guard let object = objects[listed.file.blob] else {
                throw Stop(.wrong, "git does not find the content of a file", at: listed.file.path)
            }
            return (path: listed.file.path, bytes: object.bytes)
        }
        guard let wrong = difference(declared, contents) else { return [] }
        return [
            Diagnostic(
                at: declared.digestPlace,
                wrong,
                hint: declared.pin == nil
                    ? "commit the file that is meant, or put this digest into the manifest"
                    : "commit what is meant, or let DVC write its digest: dvc commit")
        ]
    }

    /// The digest that was found, and the one that was declared; nil: they are equal.
    private func difference(
        _ declared: DatasetFile, _ contents: [(path: String, bytes: [UInt8])]
    ) -> String? {
        guard let pin = declared.pin else {
            let digest =
                declared.pattern == nil
                ? Domain.Digest(bytes: SHA256.hash(data: contents[0].bytes))
                : FileList.digest(
                    contents.map { ($0.path, Domain.Digest(bytes: SHA256.hash(data: $0.bytes))) })
            guard digest != declared.sha256 else { return nil }
            return "sha256 of `\(declared.path)` is \(digest.hex), expected \(declared.sha256.hex)"
        }
        let digests = contents.map { path, bytes in
            (
                path: String(path.dropFirst(declared.path.count + 1)),
                md5: DVCHash.of(bytes, isOfLines: pin.isOfLines)
            )
        }
        let md5 = pin.isFolder ? DVCHash.ofFolder(digests) : digests[0].md5
        return md5 == pin.md5
            ? nil : "md5 of `\(declared.path)` is \(md5), expected \(pin.md5)"
    }
}
