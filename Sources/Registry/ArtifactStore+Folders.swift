package import Domain
import Host

extension ArtifactStore {
    /// How the files of a stored folder come to where they are used.
    package enum Materialising: Sendable {
        /// Nothing that happens to the copy can harm the store; blocks are shared where the disk
        /// can.
        case copying
        /// A second name of the stored object: quick, for readers that are trusted not to write.
        case linking
    }

    /// Listings above this are refused.
    private static let listingBytesMax = 1 << 28

    /// Stores every file below a folder and the listing of them; returns the listing's digest.
    ///
    /// A symbolic link, a socket or a name with a control character in it is an error, and
    /// then the folder is not stored.
    package func putFolder(_ path: String) throws(RegistryError) -> Digest {
        let entries = try onDisk { () throws(HostError) in try walk(path) }
        for entry in entries {
            let place = "\(path)/\(entry.path)"
            guard entry.kind == .file || entry.kind == .folder else {
                throw .notRegular(path: place, isLink: entry.kind == .link)
            }
            guard isStorable(entry.path) else { throw .nameNotStorable(path: place) }
        }
        var files: [FolderListing.File] = []
        try writing { temporary throws(RegistryError) in
            for entry in entries where entry.kind == .file {
                let stored = try put(file: "\(path)/\(entry.path)", by: temporary + "/object")
                files.append(
                    FolderListing.File(
                        path: entry.path, digest: stored.digest, sizeBytes: stored.sizeBytes,
                        isExecutable: entry.isExecutable))
            }
        }
        return try put(FolderListing(files).bytes)
    }

    /// Returns what a stored folder consists of.
    package func listing(_ digest: Digest) throws(RegistryError) -> FolderListing {
        let bytes = try read(digest, limitBytes: Self.listingBytesMax)
        return try FolderListing(parsing: bytes, of: digest)
    }

    /// Makes `target` the stored folder, with read-only files whose bytes were checked.
    ///
    /// `target` must not exist or be empty; it appears as a whole or not at all.
    package func materialise(
        _ digest: Digest, at target: String, by way: Materialising = .copying
    ) throws(RegistryError) {
        let listing = try listing(digest)
        let parent = parentFolder(target)
        let temporary = try onDisk { () throws(HostError) in
            try makeFolder(parent)
            return try temporaryFolder(in: parent, prefix: ".materialising")
        }
        do throws(RegistryError) {
            for file in listing.files { try place(file, in: temporary, by: way) }
            try onDisk { () throws(HostError) in try setMode(temporary, 0o755) }
            try move(temporary, to: target)
        } catch {
            // Because what went wrong before says more than that the remains could not be removed.
            try? removeTree(temporary)
            throw error
        }
    }

    private func move(_ temporary: String, to target: String) throws(RegistryError) {
        do throws(HostError) {
            try renamePath(temporary, to: target)
        } catch {
            if exists(target) { throw .targetNotEmpty(path: target) }
            throw .host(error)
        }
    }

    private func place(
        _ file: FolderListing.File, in folder: String, by way: Materialising
    ) throws(RegistryError) {
        let target = "\(folder)/\(file.path)"
        let object = path(of: file.digest)
        guard contains(file.digest) else { throw .missing(file.digest) }
        try onDisk { () throws(HostError) in
            try makeFolder(parentFolder(target))
            switch way {
            // Because both names of a linked file have one mode, one that can be run is copied.
            case .linking where !file.isExecutable: try linkOrCopyFile(object, to: target)
            case .linking, .copying:
                try copyFile(object, to: target, mode: file.isExecutable ? 0o555 : 0o444)
            }
        }
        let found = try Registry.digest(ofFile: target)
        guard found.digest == file.digest, found.sizeBytes == file.sizeBytes else {
            throw try quarantine(file.digest)
        }
    }
}
