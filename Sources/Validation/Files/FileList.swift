import Crypto
package import Domain

/// The digest of many files that stand in one entry of `files:`.
package enum FileList {
    /// Returns the SHA-256 of what `sha256sum` prints of the files, in the order of the paths'
    /// bytes.
    ///
    /// - Parameter files: paths from the repository's root, with the files' own digests.
    package static func digest(_ files: [(path: String, sha256: Domain.Digest)]) -> Domain.Digest {
        var hash = SHA256()
        for file in files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
            hash.update(data: line(file.path, file.sha256))
        }
        return Domain.Digest(bytes: hash.finalize())
    }

    /// As coreutils write it: a backslash in front of a line whose name needs some itself.
    private static func line(_ path: String, _ digest: Domain.Digest) -> [UInt8] {
        var name: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): name += Array("\\\\".utf8)
            case UInt8(ascii: "\n"): name += Array("\\n".utf8)
            case UInt8(ascii: "\r"): name += Array("\\r".utf8)
            default: name.append(byte)
            }
        }
        let mark: [UInt8] = name.count == path.utf8.count ? [] : [UInt8(ascii: "\\")]
        return mark + Array("\(digest.hex)  ".utf8) + name + [UInt8(ascii: "\n")]
    }
}
