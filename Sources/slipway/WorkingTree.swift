import Domain
import Host
import Planning

/// The files of a folder as they are now, committed or not.
struct WorkingTree: Sendable {
    let root: String

    /// The folder that `path` means: itself when it has a `slipway.yaml`, else the top of the
    /// repository that it is in.
    init(at path: String) async throws {
        let folder = absolutePath(path)
        guard isFolder(folder) else {
            throw Stop(.notFound, "there is no such folder", at: folder)
        }
        if exists("\(folder)/\(repositoryFile)") {
            root = folder
        } else {
            // Because a folder outside any repository is checked as it is.
            root = (try? await Clone.find(in: folder))?.folder ?? folder
        }
    }

    /// The files as they were at one time.
    struct Listing: Sendable {
        var files: [TreeFile] = []
        /// When the last change of any of them was, in nanoseconds since 1970.
        var youngestAt = Int64.min
    }

    /// Every file that git would not ignore, named by when it changed instead of by its content:
    /// no fingerprint is made of what is not committed.
    func files() throws -> [TreeFile] { try listing().files }

    /// The same, with the time of the last change.
    func listing() throws -> Listing {
        // On this thread, because git would have ended before others had come up.
        var walked: Result<[FileEntry], HostError>?
        let names = namesFromGit { walked = entries() }
        var listing = Listing()
        for entry in try (walked ?? entries()).get() {
            if let names, !names.contains(Array(entry.path.utf8)) { continue }
            listing.files.append(try file(entry))
            if let stamp = entry.stamp {
                listing.youngestAt = max(listing.youngestAt, stamp.modifiedAt, stamp.changedAt)
            }
        }
        return listing
    }

    private func entries() -> Result<[FileEntry], HostError> {
        do throws(HostError) {
            return .success(
                try walk(root, unopened: ".git").filter { $0.kind == .file || $0.kind == .link })
        } catch {
            return .failure(error)
        }
    }

    private func file(_ entry: FileEntry) throws -> TreeFile {
        guard let stamp = entry.stamp else {
            let blob = blobID(Array(try readLink("\(root)/\(entry.path)").utf8))
            return TreeFile(path: entry.path, mode: 0o120000, blob: blob)
        }
        return TreeFile(
            path: entry.path, mode: entry.isExecutable ? 0o100755 : 0o100644,
            blob: blobID(Array("\(entry.path)\0\(stamp.text)".utf8)))
    }

    func read(_ file: TreeFile) throws -> [UInt8] {
        let path = "\(root)/\(file.path)"
        return file.mode == 0o120000
            ? Array(try readLink(path).utf8) : try readFile(path, limitBytes: 64 << 20)
    }

    /// What is tracked or could be, relative to the root; nil when git does not know the folder.
    ///
    /// - Parameter work: is done while git looks.
    private func namesFromGit(beside work: () -> Void) -> Set<[UInt8]>? {
        // Because without git, every file counts.
        let result = try? ChildProcess.runBlocking(
            "git", ["-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            outputLimitBytes: 256 << 20, deadlineSeconds: 60, beside: work)
        guard let result, result.status.isSuccess else { return nil }
        let names = Set(result.output.split(separator: 0).map(Array.init))
        // Because a folder that is itself ignored by a repository around it has no names there.
        let hasRoot = names.contains(Array(repositoryFile.utf8))
        return hasRoot || !exists("\(root)/\(repositoryFile)") ? names : nil
    }
}
