import Domain
import Planning

/// Looks for secrets in files that are about to be committed or accepted.
struct SecretHunt: Sendable {
    /// More than these are not looked at, and that is said.
    static let commitsMax = 10_000
    static let filesMax = 50_000
    static let bytesMax = 512 << 20
    private static let batchBytes = 32 << 20
    private static let skippedShown = 3

    struct Found: Hashable, Sendable {
        var path: String
        var commit: ObjectID?
        var finding: SecretFinding

        var place: Place { Place(file: path, line: finding.line, column: finding.column) }
    }

    let git: HookGit
    private(set) var found: [Found] = []
    private(set) var notes: [String] = []
    private var allowed: Set<Digest> = []

    init(_ git: HookGit) { self.git = git }

    /// How a finding is mended.
    static let mend =
        "take it out of the file, and revoke it if anybody saw it; if it is none, put "
        + "`\(secretPermission)` into a comment of the line or of the one above"

    // MARK: What is searched

    /// Searches what is staged.
    mutating func searchStaged() async throws {
        let output = try await git.output([
            "diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-relative",
            "--no-ext-diff", "--ignore-submodules",
        ])
        try await search(BroughtFile.reading(output))
    }

    /// Searches every commit that `tips` bring and that neither `refs` (an option of
    /// `git rev-list` that names some) nor `known` reach.
    mutating func searchCommits(
        _ tips: [ObjectID], notIn refs: String, _ known: [ObjectID] = []
    ) async throws {
        guard !tips.isEmpty else { return }
        let ends = tips.map { $0.hex + "\n" } + known.map { "^\($0.hex)\n" }
        let commits = try await git.output(
            [
                "rev-list", "--reverse", "--max-count=\(Self.commitsMax + 1)", "--stdin", "--not",
                refs,
            ], input: Array(ends.joined().utf8))
        guard !commits.isEmpty else { return }
        if commits.count(where: { $0 == UInt8(ascii: "\n") }) > Self.commitsMax {
            notes.append("only the newest \(Self.commitsMax) commits were searched for secrets")
        }
        let output = try await git.output(
            ["diff-tree", "--stdin", "-r", "-c", "--root", "--raw", "-z", "--no-renames"],
            input: commits)
        try await search(BroughtFile.reading(output))
    }

    // MARK: Searching

    private mutating func search(_ files: [BroughtFile]) async throws {
        var seen: Set<ObjectID> = []
        let first = files.filter { seen.insert($0.blob).inserted }
        let sizes = try await git.look(first.prefix(Self.filesMax).map(\.blob))
        var batch: [BroughtFile] = []
        var (batchBytes, bytes, skipped) = (0, 0, Array(first.dropFirst(Self.filesMax)))
        for file in first.prefix(Self.filesMax) {
            guard let size = sizes[file.blob]?.sizeBytes else { continue }
            guard size <= secretFileBytesMax, bytes + size <= Self.bytesMax else {
                skipped.append(file)
                continue
            }
            bytes += size
            batchBytes += size
            batch.append(file)
            if batchBytes >= Self.batchBytes {
                skipped += try await searchBatch(batch)
                (batch, batchBytes) = ([], 0)
            }
        }
        skipped += try await searchBatch(batch)
        note(skipped)
        // Because a later commit may say that what an earlier one brought is no secret.
        found.removeAll { allowed.contains($0.finding.digest) }
    }

    /// Searches files of which the sizes are bounded; returns those that are binary.
    private mutating func searchBatch(_ files: [BroughtFile]) async throws -> [BroughtFile] {
        let objects = try await git.read(files.map(\.blob))
        var binary: [BroughtFile] = []
        for file in files {
            guard let bytes = objects[file.blob]?.bytes else { continue }
            var scan = findSecrets(in: bytes, path: file.path)
            if scan.skipped != nil { binary.append(file) }
            if !scan.findings.isEmpty, !file.earlier.isEmpty {
                let before = try await earlier(file)
                scan = findSecrets(in: bytes, path: file.path, since: before)
            }
            allowed.formUnion(scan.allowed)
            found += scan.findings.map {
                Found(path: file.path, commit: file.commit, finding: $0)
            }
        }
        return binary
    }

    /// What the file was before; what was too large then has nothing to compare with.
    private func earlier(_ file: BroughtFile) async throws -> [[UInt8]] {
        let small = try await git.look(file.earlier).filter {
            $0.value.sizeBytes <= secretFileBytesMax
        }
        return try await git.read(Array(small.keys)).values.map(\.bytes)
    }

    private mutating func note(_ skipped: [BroughtFile]) {
        guard !skipped.isEmpty else { return }
        let names = skipped.prefix(Self.skippedShown).map { oneLine($0.path, charactersMax: 100) }
        let more = skipped.count > names.count ? ", …" : ""
        notes.append(
            "not searched for secrets, because binary or over 1 MiB: "
                + "\(count(skipped.count, "file")) (\(names.joined(separator: ", "))\(more))")
    }
}

extension SecretHunt.Found {
    /// For a commit that is being made.
    var diagnostic: Diagnostic {
        Diagnostic(at: place, finding.message, hint: SecretHunt.mend)
    }

    /// For commits that are pushed.
    var refusal: Refusal {
        let commit = commit.map { " in commit \($0.short)" } ?? ""
        return Refusal(
            finding.message, at: "\(place)\(commit)",
            mend: "take it out of that commit (git rebase), and revoke it if anybody saw it; if "
                + "it is none, commit `\(secretPermission)` in a comment of the line")
    }
}
