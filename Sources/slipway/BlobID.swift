import Crypto
import Domain
import Host

/// The id that git gives to these bytes: SHA-1 of `blob <count>` NUL bytes.
func blobID(_ bytes: [UInt8]) -> ObjectID {
    var hash = Insecure.SHA1()
    hash.update(data: Array("blob \(bytes.count)\0".utf8))
    hash.update(data: bytes)
    return ObjectID(bytes: hash.finalize())
}

/// The id that git gives to a file, read a piece at a time.
func blobID(ofFile path: String, sizeBytes: Int) throws(HostError) -> ObjectID {
    var hash = Insecure.SHA1()
    hash.update(data: Array("blob \(sizeBytes)\0".utf8))
    var offset = 0
    while offset < sizeBytes {
        let piece = try readFile(path, from: offset, limitBytes: 1 << 20)
        if piece.isEmpty { break }
        hash.update(data: piece)
        offset += piece.count
    }
    return ObjectID(bytes: hash.finalize())
}
