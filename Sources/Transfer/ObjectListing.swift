import Synchronization

/// One page of what ListObjectsV2 answers.
///
/// Source: Amazon S3 API Reference, ListObjectsV2, response syntax.
struct ObjectListing: Hashable, Sendable {
    var objects: [StoredObject] = []
    /// What asks for the next page; nil: this was the last.
    var next: String?

    /// Larger objects exist in no store (the largest has 5 TiB); the sum of very many is a number.
    private static let objectBytesMax = 1 << 46

    init(_ root: XMLNode) throws(XMLReader.Fault) {
        guard root.name == "ListBucketResult" else {
            throw XMLReader.Fault(reason: "it is no listing of objects")
        }
        for child in root.children where child.name == "Contents" {
            guard let key = child.text(of: "Key"), !key.isEmpty,
                let size = child.text(of: "Size").flatMap({ Int($0) }),
                (0...Self.objectBytesMax).contains(size),
                let etag = child.text(of: "ETag")
            else { throw XMLReader.Fault(reason: "an object lacks key, size or etag") }
            objects.append(StoredObject(key: key, etag: unquoted(etag), sizeBytes: size))
        }
        switch root.text(of: "IsTruncated") {
        case "true":
            guard let token = root.text(of: "NextContinuationToken"), !token.isEmpty else {
                throw XMLReader.Fault(reason: "it has more pages and does not say where")
            }
            next = token
        case "false", nil: next = nil
        default: throw XMLReader.Fault(reason: "it does not say whether it has more pages")
        }
    }
}

/// Keeps a body whose size is bounded.
final class CollectedBody: Sendable {
    private let kept = Mutex<[UInt8]>([])

    var bytes: [UInt8] { kept.withLock { $0 } }

    func take(_ piece: [UInt8]) -> Bool {
        kept.withLock { $0 += piece }
        return true
    }
}

/// Counts what goes through to another sink.
final class CountedSink: Sendable {
    private let inner: BodySink
    private let count = Mutex(0)

    init(_ inner: BodySink) { self.inner = inner }

    var bytes: Int { count.withLock { $0 } }

    var sink: BodySink {
        BodySink(bytesMax: inner.bytesMax) { piece in
            self.count.withLock { $0 += piece.count }
            return self.inner.take(piece)
        }
    }
}
