import Crypto
import Domain

/// The id that git gives to these bytes: SHA-1 of `blob <count>` NUL bytes.
func blobID(_ bytes: [UInt8]) -> ObjectID {
    var hash = Insecure.SHA1()
    hash.update(data: Array("blob \(bytes.count)\0".utf8))
    hash.update(data: bytes)
    return ObjectID(bytes: hash.finalize())
}
