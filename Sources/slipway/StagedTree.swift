import Domain
import Git
import Host
import Planning

/// The files that the next commit would have.
struct StagedTree: Sendable {
    let clone: Clone
    private let repository: Repository

    init() async throws {
        clone = try await Clone.find()
        repository = try clone.repository()
    }

    /// Every staged file; those in conflict are left out, because git commits none of them.
    func files() async throws -> [TreeFile] {
        let result = try await clone.run(["ls-files", "--stage", "-z"])
        guard result.status.isSuccess else {
            throw Stop(.wrong, "git ls-files failed: \(lastWords(result.errorText))")
        }
        return result.output.split(separator: 0).compactMap { record in
            guard let tab = record.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
            let words = String(decoding: record[..<tab], as: UTF8.self).split(separator: " ")
            guard words.count == 3, words[2] == "0", let mode = Int32(words[0], radix: 8),
                let blob = ObjectID(String(words[1]))
            else { return nil }
            let path = String(decoding: record[(tab + 1)...], as: UTF8.self)
            return TreeFile(path: path, mode: mode, blob: blob)
        }
    }

    func read(_ file: TreeFile) async throws -> [UInt8] { try await repository.blob(file.blob) }

    /// The paths that the next commit changes.
    func changedPaths() async throws -> Set<String> {
        let result = try await clone.run(["diff", "--cached", "--name-only", "--no-renames", "-z"])
        guard result.status.isSuccess else {
            throw Stop(.wrong, "git diff failed: \(lastWords(result.errorText))")
        }
        return Set(result.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    }

    /// Writes the staged contents of some files below a folder, byte for byte as they are
    /// committed: no filter of git's changes what the daemon will read.
    func write(_ paths: [String], into folder: String) async throws {
        let wanted = Set(paths)
        for file in try await files() where wanted.contains(file.path) {
            let path = "\(folder)/\(file.path)"
            try makeFolder(parentFolder(path))
            switch file.mode & 0o170000 {
            case 0o100000:
                let bytes = try await repository.blob(file.blob, limitBytes: Self.fileBytesMax)
                try replaceFile(path, bytes)
            case 0o120000:
                try makeLink(at: path, to: String(decoding: try await read(file), as: UTF8.self))
            default: continue
            }
        }
    }

    /// The most that one file of a dataset may have to be checked before it is committed.
    private static let fileBytesMax = 2 << 30
}
