package import Domain
package import Host

/// What the registry could not keep, find or read.
package enum RegistryError: Error, Hashable, Sendable {
    /// The disk or its permissions stood in the way.
    case host(HostError)
    /// Mapping or reading a file failed; the text is the system's.
    case unreadable(path: String, detail: String)
    case missing(Digest)
    /// The bytes under this digest are others now; they were moved to the path.
    case corrupt(Digest, quarantine: String)
    case tooLarge(Digest, limitBytes: Int)
    /// A folder that shall be stored contains something that is neither file nor folder.
    case notRegular(path: String, isLink: Bool)
    case nameNotStorable(path: String)
    case listingMalformed(Digest, line: Int)
    case targetNotEmpty(path: String)
    /// What was fetched is not what its digest says; it was thrown away.
    case notExpected(expected: String, found: String, sizeBytes: Int)
    /// The list of a folder that DVC keeps is no such list.
    case folderListMalformed(detail: String)
    /// A step record could not be written as JSON.
    case recordNotEncodable(Fingerprint, detail: String)
    /// A tag does not follow GTO's grammar.
    case tagMalformed(tag: String, detail: String)
    case messageMalformed(trailer: String, value: String)
}
