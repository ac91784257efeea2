import Crypto
import Domain
import Host
import Provenance
import Registry

/// The released files as an auditor has them: an artifact store, or the folder itself.
///
/// Nothing is moved or mended, unlike by the daemon's own reading.
struct AuditedArtifacts: Sendable {
    let folder: String
    /// Whether it is a store of many artifacts; else the files of one.
    let isStore: Bool

    init(_ path: String) throws {
        folder = absolutePath(path)
        guard isFolder(folder) else { throw Stop(.notFound, "there is no such folder", at: folder) }
        isStore = isFolder("\(folder)/objects")
    }

    /// Hashes every file of an artifact; says on standard error which one is another.
    func look(at digest: Domain.Digest) async throws -> ArtifactFinding {
        isStore ? try await storedFolder(digest) : .checked(try plainFolder())
    }

    private func storedFolder(_ digest: Domain.Digest) async throws -> ArtifactFinding {
        let store = ArtifactStore(folder: folder)
        guard store.contains(digest) else { return .missing }
        let found = try fileDigest(store.path(of: digest))
        guard found == digest else {
            await Console.say(
                "note: the list of files \(digest.short) has the digest \(found.short)")
            return .checked(found)
        }
        var files = try store.listing(digest).files
        for (index, file) in files.enumerated() {
            guard store.contains(file.digest) else {
                await Console.say("note: \(file.path) is missing")
                return .missing
            }
            files[index].digest = try fileDigest(store.path(of: file.digest))
            if files[index].digest != file.digest {
                await Console.say(
                    "note: \(file.path) has the digest \(files[index].digest.short), not "
                        + file.digest.short)
            }
        }
        return .checked(sha256(FolderListing(files).bytes))
    }

    private func plainFolder() throws -> Domain.Digest {
        var files: [FolderListing.File] = []
        for entry in try walk(folder) where entry.kind != .folder {
            let path = "\(folder)/\(entry.path)"
            let isPlain = entry.path.unicodeScalars.allSatisfy {
                $0.value >= 32 && $0.value != 127 && $0.value != 0xFFFD
            }
            guard entry.kind == .file, isPlain else {
                throw Stop(.wrong, "no artifact has such a file", at: path)
            }
            files.append(
                FolderListing.File(
                    path: entry.path, digest: try fileDigest(path),
                    sizeBytes: Int(entry.sizeBytes), isExecutable: entry.isExecutable))
        }
        return sha256(FolderListing(files).bytes)
    }
}

/// The SHA-256 of a file, read a piece at a time.
private func fileDigest(_ path: String) throws(HostError) -> Domain.Digest {
    var hash = SHA256()
    var offset = 0
    while true {
        let piece = try readFile(path, from: offset, limitBytes: 1 << 20)
        guard !piece.isEmpty else { break }
        hash.update(data: piece)
        offset += piece.count
    }
    return Domain.Digest(bytes: hash.finalize())
}
