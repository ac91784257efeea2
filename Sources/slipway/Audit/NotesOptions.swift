import ArgumentParser
import Host

/// Options of the commands that need a clone and no daemon.
struct NotesOptions: ParsableArguments {
    @Flag(help: "Fetch nothing first: what the clone has must do.")
    var offline = false

    @Option(help: "The remote that is watched.")
    var remote = "origin"
}

extension Clone {
    /// Brings branches, tags and decisions of the remote into the clone.
    ///
    /// Returns the tags that the remote has otherwise than the clone, which keeps its own, as it
    /// keeps its decisions when those of the remote do not go on from them. A repository without
    /// that remote is taken as it is: it may be the server's.
    func fetchDecisions(_ options: NotesOptions) async throws -> Set<String> {
        options.offline ? [] : try await fetchDecisions(from: options.remote)
    }

    func fetchDecisions(from remote: String) async throws -> Set<String> {
        guard await setting("remote.\(remote).url") != nil else { return [] }
        let result = try await run([
            "fetch", "--no-tags", remote,
            "+refs/heads/*:refs/remotes/\(remote)/*", "refs/tags/*:refs/tags/*",
            // Because a pattern may match nothing, and a name that is not there is an error.
            "\(DecisionNotes.ref)*:\(DecisionNotes.ref)*",
        ])
        let isRewritten = result.errorText.split(separator: "\n").contains { line in
            line.contains("[rejected]") && line.contains(DecisionNotes.ref)
        }
        guard !isRewritten else {
            throw Stop(
                .wrong,
                "the decisions of `\(remote)` are not those that this clone has: some "
                    + "were altered or taken away", at: "log",
                hint: "git fetch \(remote) +\(DecisionNotes.ref):refs/notes/other, and compare; "
                    + "--offline looks at what the clone has")
        }
        let moved = result.errorText.split(separator: "\n").compactMap { line -> String? in
            guard line.contains("[rejected]"), line.contains("would clobber existing tag") else {
                return nil
            }
            return line.split(separator: " ").drop { $0 != "->" }.dropFirst().first.map(String.init)
        }
        guard result.status.isSuccess || !moved.isEmpty else {
            throw Stop(
                .wrong, "nothing could be fetched: \(lastWords(result.errorText))", at: folder,
                hint: "--offline looks at what the clone has; --remote NAME fetches from another")
        }
        return Set(moved)
    }
}
