import Domain
import Glibc
import Host
import Synchronization

/// The repository that the daemon watches: what engineers push to.
///
/// A bare repository on this machine is read and written directly. Any other location (a path,
/// `file://`, `ssh://`, `host:path`, `http(s)://`) is a remote: its branches, tags and notes
/// are mirrored under the same names in the state folder by `git fetch`, and written by
/// `git push`, which tests and sets all refs of one publication together. Once `follow` has said
/// which branches matter, only those are fetched, beside the tags and the notes.
package struct Upstream: Sendable {
    /// How the location is reached.
    package enum Kind: Hashable, Sendable {
        /// Read and written in place.
        case direct
        /// Mirrored; the text is what `git fetch` gets.
        case remote(String)
    }

    package let kind: Kind
    /// The folder of the repository that `open` returns.
    package let path: String
    /// The longest that one fetch or push may take.
    package var deadlineSeconds: Double

    private let runner: GitRunner
    private let opened = OpenedRepository()
    private let wanted = WantedRefs()
    private let turn = Turn()

    /// Looks at `location` once to tell a bare repository from a remote; nothing is opened yet.
    package init(
        location: String, stateFolder: String, runner: @escaping GitRunner,
        deadlineSeconds: Double = 120
    ) {
        self.runner = runner
        self.deadlineSeconds = deadlineSeconds
        if !isURL(location), Repository.isBare(at: location) {
            kind = .direct
            path = location
        } else {
            kind = .remote(isURL(location) ? location : absolutePath(location))
            path = "\(stateFolder)/mirror.git"
        }
    }

    /// Opens the repository to read from; the same one every time.
    ///
    /// A mirror that was never filled is filled first, so that an unreachable remote never looks
    /// like an empty one.
    package func open() async throws(GitError) -> Repository {
        if let repository = opened.value { return repository }
        return try await inTurn { () async throws(GitError) in try await openNow() }
    }

    private func openNow() async throws(GitError) -> Repository {
        if let repository = opened.value { return repository }
        if case .remote = kind, !exists(path + "/HEAD") {
            _ = try Repository.createBare(at: path)
        }
        let repository = try Repository(path: path)
        if case .remote(let url) = kind, !exists(filledMark) {
            try await fetch(url)
            try await followHead(of: url, in: repository)
            // Because fetch writes a file for each ref, and reading those is ten times slower.
            _ = try await git(["pack-refs", "--all"])
            try markFilled()
        }
        return opened.keep(repository)
    }

    /// Brings the mirror up to date with the remote; does nothing for a direct repository.
    package func refresh() async throws(GitError) {
        guard case .remote(let url) = kind else { return }
        try await inTurn { () async throws(GitError) in
            _ = try await openNow()
            try await fetch(url)
        }
    }

    /// Lets the mirror fetch these and no other branches or refs from now on, beside tags and
    /// notes; returns whether that was new to it.
    @discardableResult
    package func follow(_ patterns: [RefPattern]) -> Bool {
        guard case .remote = kind else { return false }
        return wanted.replace(patterns.map(\.fetched))
    }

    /// Moves refs upstream, each only if it has the expected value there, all or none.
    ///
    /// Throws `conflict` when one has another value, `refused` when the server says no, and
    /// `unreachable` or `timedOut` when it is not known whether anything happened. Objects must be
    /// in the repository that `open` returned. Its refs move only after the remote's have.
    package func publish(_ updates: [RefUpdate]) async throws(GitError) {
        guard case .remote(let url) = kind, !updates.isEmpty else {
            return try await open().update(updates)
        }
        try await inTurn { () async throws(GitError) in
            try await publish(updates, to: url, in: openNow())
        }
    }

    private func publish(
        _ updates: [RefUpdate], to url: String, in repository: Repository
    ) async throws(GitError) {
        for update in updates {
            guard isRefName(update.name) else { throw .invalidRefName(update.name) }
            if let new = update.new, try await !repository.has(new) {
                throw .notFound("object \(new)")
            }
        }
        try await push(updates, to: url)
        do throws(GitError) {
            try await repository.update(updates)
        } catch {
            // Because the push has happened: a mirror that lagged behind or has already seen it
            // is set right by what the remote has now.
            try await fetch(url)
        }
    }

    /// Lets fetches and pushes into one mirror follow each other.
    ///
    /// A fetch that began before a push would take what was pushed out of the mirror again.
    private func inTurn<Value>(
        _ body: () async throws(GitError) -> Value
    ) async throws(GitError) -> Value {
        await turn.take()
        do throws(GitError) {
            let value = try await body()
            await turn.pass()
            return value
        } catch {
            await turn.pass()
            throw error
        }
    }

    private var filledMark: String { path + "/slipway-filled" }

    private func markFilled() throws(GitError) {
        do throws(HostError) {
            try appendToFile(filledMark, [])
        } catch {
            guard case .file(_, let path, let number) = error else {
                throw .library(during: "marking the mirror", code: 0, message: error.failure.what)
            }
            throw .file(path: path, errno: number)
        }
    }

    private func push(_ updates: [RefUpdate], to url: String) async throws(GitError) {
        let leases = updates.map { update in
            "--force-with-lease=\(update.name):\(update.expected?.hex ?? "")"
        }
        let refs = updates.map { "\($0.new?.hex ?? ""):\($0.name)" }
        let result = try await git(
            ["push", "--porcelain", "--atomic", "--no-follow-tags", "--no-signed"] + leases
                + ["--", url] + refs)
        if result.status.isSuccess { return }
        let report = PushReport(output: result.output, errorText: result.errorText)
        if let error = report.error { throw error }
        if result.errorText.contains("does not support --atomic") {
            throw .refused(firstLine(of: result.errorText))
        }
        throw .unreachable(firstLine(of: result.errorText))
    }

    private func fetch(_ url: String) async throws(GitError) {
        let refs = wanted.value + ["refs/tags/*", "refs/notes/*"]
        let result = try await git(
            ["fetch", "--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--", url]
                + refs.map { "+\($0):\($0)" })
        guard result.status.isSuccess else {
            throw .unreachable(firstLine(of: result.errorText))
        }
    }

    /// Lets the mirror's HEAD name the branch that the remote's does.
    private func followHead(
        of url: String, in repository: Repository
    ) async throws(GitError) {
        let result = try await git(["ls-remote", "--symref", "--", url, "HEAD"])
        let prefix = "ref: "
        for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        where line.utf8.starts(with: prefix.utf8) {
            guard let name = line.dropFirst(prefix.count).split(separator: "\t").first else {
                continue
            }
            try await repository.setHead(to: String(name))
        }
    }

    private func git(_ arguments: [String]) async throws(GitError) -> GitRunResult {
        do {
            return try await runner(["-C", path] + arguments, deadlineSeconds)
        } catch let error as GitError {
            throw error
        } catch let error as HostError {
            throw .unreachable(error.failure.what)
        } catch {
            throw .unreachable("\(error)")
        }
    }
}

/// Keeps the one repository that an upstream has opened, across copies of the value.
private final class OpenedRepository: Sendable {
    private let repository = Mutex<Repository?>(nil)

    var value: Repository? { repository.withLock { $0 } }

    /// Returns the one that was kept first.
    func keep(_ new: Repository) -> Repository {
        repository.withLock { kept in
            let first = kept ?? new
            kept = first
            return first
        }
    }
}

/// What is fetched beside tags and notes, across copies of the value; at first all branches.
private final class WantedRefs: Sendable {
    private let patterns = Mutex(["refs/heads/*"])

    var value: [String] { patterns.withLock { $0 } }

    /// Returns whether anything changed.
    func replace(_ new: [String]) -> Bool {
        // Because one pattern that is there twice is an error to some versions of git.
        let new = Array(Set(new)).sorted()
        return patterns.withLock { known in
            defer { known = new }
            return known != new
        }
    }
}

/// Whether git would take the text for a URL or `host:path` and not for a path.
private func isURL(_ location: String) -> Bool {
    let beforeSlash = location.utf8.prefix { $0 != UInt8(ascii: "/") }
    return beforeSlash.contains(UInt8(ascii: ":"))
}

/// A path that means the same in another working folder.
private func absolutePath(_ path: String) -> String {
    guard !path.utf8.starts(with: "/".utf8), let here = unsafe getcwd(nil, 0) else {
        return path
    }
    defer { unsafe free(here) }
    return unsafe String(cString: here) + "/" + path
}
