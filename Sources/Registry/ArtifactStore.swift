package import Domain
import Host

/// Keeps bytes under their SHA-256, in a folder.
///
///     objects/ab/cdef…       the object abcdef…, read-only, never changed
///     steps/<fingerprint>.json   what a finished step produced
///     pins/…                 which object has an MD5 that DVC names
///     quarantine/…           what was found to have changed, kept for a look
///     tmp/…                  what is being written; safe to delete while nothing writes
///
/// An object appears under its name only when all of it is on the disk. Any number of processes
/// may use one folder.
package struct ArtifactStore: Sendable {
    package let folder: String

    /// Nothing is made on the disk before the first `put`.
    package init(folder: String) { self.folder = folder }

    /// Stores bytes; storing them again changes nothing.
    package func put(_ bytes: [UInt8]) throws(RegistryError) -> Digest {
        let name = digest(of: bytes)
        if contains(name) { return name }
        try writing { temporary throws(RegistryError) in
            let path = temporary + "/object"
            try onDisk { () throws(HostError) in
                try writeFileAtomically(path, bytes, mode: 0o444)
            }
            try publish(path, as: name)
        }
        return name
    }

    /// Stores a file's content; its mode and name are not part of it.
    package func put(file path: String) throws(RegistryError) -> Digest {
        var stored: StoredFile?
        try writing { temporary throws(RegistryError) in
            stored = try put(file: path, by: temporary + "/object")
        }
        guard let stored else { preconditionFailure("writing ended without a result") }
        return stored.digest
    }

    struct StoredFile {
        var digest: Digest
        var sizeBytes: Int
    }

    /// Copies first and hashes the copy, so that the name fits what is kept even if somebody
    /// still writes to the original.
    func put(file path: String, by temporary: String) throws(RegistryError) -> StoredFile {
        try onDisk { () throws(HostError) in
            guard !isFolder(path) else {
                throw HostError.file(operation: "store", path: path, number: 21)  // EISDIR
            }
            try copyFile(path, to: temporary, mode: 0o444)
        }
        let (name, sizeBytes) = try digest(ofFile: temporary)
        if contains(name) {
            try onDisk { () throws(HostError) in try removeFile(temporary) }
        } else {
            try onDisk { () throws(HostError) in try syncFile(temporary) }
            try publish(temporary, as: name)
        }
        return StoredFile(digest: name, sizeBytes: sizeBytes)
    }

    /// Whether an object of this name exists; its bytes are checked when they are read.
    package func contains(_ digest: Digest) -> Bool { exists(path(of: digest)) }

    /// Returns an object's bytes after checking them.
    package func read(
        _ digest: Digest, limitBytes: Int = 1 << 26
    ) throws(RegistryError) -> [UInt8] {
        guard contains(digest) else { throw .missing(digest) }
        let bytes: [UInt8]
        do throws(HostError) {
            bytes = try readFile(path(of: digest), limitBytes: limitBytes)
        } catch .fileTooLarge {
            throw .tooLarge(digest, limitBytes: limitBytes)
        } catch {
            throw .host(error)
        }
        guard Registry.digest(of: bytes) == digest else { throw try quarantine(digest) }
        return bytes
    }

    /// Reads an object once and throws when it is missing or has changed.
    package func verify(_ digest: Digest) throws(RegistryError) {
        guard contains(digest) else { throw .missing(digest) }
        guard try Registry.digest(ofFile: path(of: digest)).digest == digest else {
            throw try quarantine(digest)
        }
    }

    /// `objects/ab/cdef…`, whether it exists or not.
    package func path(of digest: Digest) -> String {
        "\(folder)/objects/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"
    }

    /// Forgets what was stored before a moment, and then the oldest until the rest has no more than
    /// `bytesMax` bytes; only for a store of nothing but what can be made again.
    package func forget(before moment: Instant, bytesMax: Int64) throws(RegistryError) {
        try onDisk { () throws(HostError) in
            // Because an object without its record is found by nobody, but not the other way round.
            try removeOldFiles(below: folder + "/steps", before: moment, bytesMax: .max)
            try removeOldFiles(below: folder + "/objects", before: moment, bytesMax: bytesMax)
            try removeTree(folder + "/quarantine")
        }
    }

    /// Takes an object out of the store that no longer has its bytes.
    func quarantine(_ digest: Digest) throws(RegistryError) -> RegistryError {
        let target = "\(folder)/quarantine/\(digest)"
        try onDisk { () throws(HostError) in
            try makeFolder(parentFolder(target))
            do throws(HostError) {
                try renamePath(path(of: digest), to: target)
            } catch {
                // Because another reader may have moved it already.
                if exists(path(of: digest)) { throw error }
            }
        }
        return .corrupt(digest, quarantine: target)
    }

    /// Gives a finished file its name.
    func publish(_ path: String, as digest: Digest) throws(RegistryError) {
        let target = self.path(of: digest)
        try onDisk { () throws(HostError) in
            try makeFolder(parentFolder(target))
            try renamePath(path, to: target)
            try syncFolder(parentFolder(target))
        }
    }

    /// Lends a new folder below `tmp` and removes it with whatever is left in it.
    func writing(
        _ body: (String) throws(RegistryError) -> Void
    ) throws(RegistryError) {
        let temporary = try onDisk { () throws(HostError) in
            try makeFolder(folder + "/tmp")
            return try temporaryFolder(in: folder + "/tmp", prefix: "put")
        }
        do throws(RegistryError) {
            try body(temporary)
        } catch {
            // Because what went wrong before says more than that the remains could not be removed.
            try? removeTree(temporary)
            throw error
        }
        try onDisk { () throws(HostError) in try removeTree(temporary) }
    }
}
