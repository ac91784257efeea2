package import Domain
import Host

// Data from outside git lies among the other objects, so it is verified and kept as they are.
//
//     pins/md5/ab/cdef…        the SHA-256 of what has this MD5, in hexadecimal digits
//     pins/lines/ab/cdef…      the same, where line ends may have been counted as LF

extension ArtifactStore {
    /// Takes bytes that come piece by piece.
    package func arrival(of expected: Arrival.Expected) throws(RegistryError) -> Arrival {
        try Arrival(expected, in: self)
    }

    /// The object that is expected, if it is here already.
    package func known(_ expected: Arrival.Expected) throws(RegistryError) -> Digest? {
        switch expected {
        case .anything: return nil
        case .sha256(let digest): return contains(digest) ? digest : nil
        case .md5(let md5, let ofLines):
            let path = pinPath(md5, ofLines)
            guard exists(path) else { return nil }
            let bytes = try onDisk { () throws(HostError) in try readFile(path, limitBytes: 100) }
            // Because what is no digest means the same as nothing: it is fetched again.
            guard let digest = Digest(String(decoding: bytes, as: UTF8.self)), contains(digest)
            else { return nil }
            return digest
        }
    }

    /// Remembers which object has the MD5 that was expected; of other expectations nothing.
    package func remember(
        _ expected: Arrival.Expected, _ digest: Digest
    ) throws(RegistryError) {
        guard case .md5(let md5, let ofLines) = expected else { return }
        let path = pinPath(md5, ofLines)
        try onDisk { () throws(HostError) in
            try makeFolder(parentFolder(path))
            try writeFileAtomically(path, Array(digest.hex.utf8))
        }
    }

    /// Makes `target` a read-only copy of an object, whose bytes are checked on the way.
    ///
    /// `target` must not exist, and it never holds a part, whenever this is interrupted; nothing
    /// that happens to it can harm the store.
    package func place(_ digest: Digest, at target: String) throws(RegistryError) {
        guard contains(digest) else { throw .missing(digest) }
        let partial = "\(target).partial"
        try onDisk { () throws(HostError) in
            guard !exists(target) else {
                throw HostError.file(operation: "write", path: target, number: 17)  // EEXIST
            }
            try makeFolder(parentFolder(target))
            // Because of one that was interrupted a part may be there.
            try removeFile(partial)
            try copyFile(path(of: digest), to: partial, mode: 0o444)
        }
        guard try Registry.digest(ofFile: partial).digest == digest else {
            try onDisk { () throws(HostError) in try removeFile(partial) }
            throw try quarantine(digest)
        }
        try onDisk { () throws(HostError) in
            try syncFile(partial)
            try renamePath(partial, to: target)
        }
    }

    private func pinPath(_ md5: String, _ ofLines: Bool) -> String {
        let isName = md5.utf8.count == 32 && md5.utf8.allSatisfy(isHexDigit)
        precondition(isName, "no MD5: \(md5)")
        return "\(folder)/pins/\(ofLines ? "lines" : "md5")/\(md5.prefix(2))/\(md5.dropFirst(2))"
    }
}

private func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte)
}
