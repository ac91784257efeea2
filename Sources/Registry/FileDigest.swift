import Crypto
package import Domain
import FoundationEssentials

/// Returns the SHA-256 and size of a file that nobody writes to any more.
///
/// The file is mapped, so that its bytes go from the page cache into the hash without a copy.
package func digest(
    ofFile path: String
) throws(RegistryError) -> (digest: Domain.Digest, sizeBytes: Int) {
    let content = try mapped(path)
    var hasher = SHA256()
    var start = content.startIndex
    while start < content.endIndex {
        let end = content.index(start, offsetBy: 1 << 20, limitedBy: content.endIndex)
        hasher.update(data: content[start..<(end ?? content.endIndex)])
        start = end ?? content.endIndex
    }
    return (Domain.Digest(bytes: hasher.finalize()), content.count)
}

func digest(of bytes: [UInt8]) -> Domain.Digest {
    Domain.Digest(bytes: SHA256.hash(data: bytes))
}

private func mapped(_ path: String) throws(RegistryError) -> Data {
    do {
        return try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch {
        throw .unreadable(path: path, detail: "\(error)")
    }
}
