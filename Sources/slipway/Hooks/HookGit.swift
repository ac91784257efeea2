import Domain
import Host
import Planning

/// git as a hook finds it: in the folder and with the variables that git itself gave us.
///
/// Before a push is accepted its objects are in quarantine, and only git's own variables lead
/// there, see git-receive-pack(1); that is why nothing here goes through libgit2.
struct HookGit: Sendable {
    private let environment: [String: String]

    init() {
        var environment = ownEnvironment()
        environment["GIT_TERMINAL_PROMPT"] = "0"
        environment["LC_ALL"] = "C"
        // Because a pushed refs/replace/… must not show us other objects than are used.
        environment["GIT_NO_REPLACE_OBJECTS"] = "1"
        self.environment = environment
    }

    /// Runs git, whatever it then says.
    func run(_ arguments: [String], input: [UInt8] = []) async throws -> ChildResult {
        try await ChildProcess.run(
            "git", arguments, environment: environment, input: input,
            outputLimitBytes: 512 << 20, deadlineSeconds: 300)
    }

    /// Runs git and returns its output; stops with its own words.
    func output(_ arguments: [String], input: [UInt8] = []) async throws -> [UInt8] {
        let result = try await run(arguments, input: input)
        guard result.status.isSuccess else {
            throw Stop(
                .wrong, "git \(arguments.first ?? "") failed: \(lastWords(result.errorText))",
                at: currentFolder())
        }
        return result.output
    }

    /// The first line of what git answers; nil: it says no.
    func answer(_ arguments: String...) async throws -> String? {
        let result = try await run(arguments)
        guard result.status.isSuccess else { return nil }
        return result.outputText.split(separator: "\n").first.map(String.init)
    }

    func setting(_ key: String) async throws -> String? {
        try await answer("config", "--get", key)
    }

    func isAncestor(_ older: ObjectID, of newer: ObjectID) async throws -> Bool {
        let result = try await run(["merge-base", "--is-ancestor", older.hex, newer.hex])
        switch result.status {
        case .exited(0): return true
        case .exited(1): return false
        default:
            throw Stop(.wrong, "git merge-base failed: \(lastWords(result.errorText))")
        }
    }

    func has(_ id: ObjectID) async throws -> Bool {
        try await run(["cat-file", "-e", id.hex]).status.isSuccess
    }

    // MARK: Trees

    /// A file of a commit, with its size; a submodule has none.
    struct ListedFile: Hashable, Sendable {
        var file: TreeFile
        var sizeBytes: Int?
    }

    func files(of commit: ObjectID) async throws -> [ListedFile] {
        let output = try await output(["ls-tree", "-r", "-l", "-z", "--full-tree", commit.hex])
        return output.split(separator: 0).compactMap { record in
            guard let tab = record.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
            let words = String(decoding: record[..<tab], as: UTF8.self).split(separator: " ")
            guard words.count == 4, let mode = Int32(words[0], radix: 8),
                let blob = ObjectID(String(words[2]))
            else { return nil }
            let path = String(decoding: record[(tab + 1)...], as: UTF8.self)
            return ListedFile(
                file: TreeFile(path: path, mode: mode, blob: blob), sizeBytes: Int(words[3]))
        }
    }

    // MARK: Objects

    struct Object: Hashable, Sendable {
        /// `blob`, `tree`, `commit` or `tag`.
        var kind: String
        var sizeBytes: Int
        var bytes: [UInt8] = []
    }

    /// Kind and size of objects, without reading them; those that are missing are left out.
    func look(_ ids: [ObjectID]) async throws -> [ObjectID: Object] {
        let output = try await output(["cat-file", "--batch-check"], input: lines(ids))
        var found: [ObjectID: Object] = [:]
        for line in output.split(separator: UInt8(ascii: "\n")) {
            if let (id, object) = header(line) { found[id] = object }
        }
        return found
    }

    /// Objects with what is in them; those that are missing are left out.
    ///
    /// The caller bounds their size.
    func read(_ ids: [ObjectID]) async throws -> [ObjectID: Object] {
        guard !ids.isEmpty else { return [:] }
        let output = try await output(["cat-file", "--batch"], input: lines(ids))
        var objects: [ObjectID: Object] = [:]
        var rest = output[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            guard let (id, found) = header(line) else { continue }
            var object = found
            guard rest.count > object.sizeBytes else {
                throw Stop(.internalError, "git cat-file ended early", at: id.hex)
            }
            object.bytes = Array(rest.prefix(object.sizeBytes))
            rest = rest.dropFirst(object.sizeBytes + 1)
            objects[id] = object
        }
        return objects
    }

    private func lines(_ ids: [ObjectID]) -> [UInt8] {
        Array(ids.map { $0.hex + "\n" }.joined().utf8)
    }

    /// `<id> <kind> <size>`; nil for `<id> missing`.
    private func header(_ line: ArraySlice<UInt8>) -> (id: ObjectID, object: Object)? {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 3, let id = ObjectID(String(words[0])), let size = Int(words[2])
        else { return nil }
        return (id, Object(kind: String(words[1]), sizeBytes: size))
    }
}
