import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Transfer

/// A store that really checks signatures: our own in Python always, a real one where it is named.
@Suite struct ObjectStoreTests {
    private let client = HTTPClient(userAgent: "slipway-test/1")
    /// Whatever a key may hold that has to be encoded somewhere.
    private static let keys = [
        "a.csv", "p/ä é.csv", "p/a+b=c&d,e.csv", "p/x%20y.csv", "p/(1)*'!~$@;:.csv", "q/z.csv",
    ]

    private func key(_ secret: String = "SK/te+st") throws -> StoreKey {
        try StoreKey(region: "us-east-1", keyID: "AKTEST", secret: secret)
    }

    private func beside(
        _ body: (ObjectStore, Scratch, Server) async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        try makeFolder(scratch.path("b"))
        try await Server.with(
            storeScript.replacing("sys.argv[1:4]", with: "sys.argv[2:5]"),
            [scratch.folder, "AKTEST", "SK/te+st"]
        ) { server in
            try await body(
                try ObjectStore(
                    client: client, endpoint: "http://127.0.0.1:\(server.port)", key: key()),
                scratch, server)
        }
    }

    private func put(_ scratch: Scratch, _ key: String, _ text: String) throws {
        try makeFolder(parentFolder(scratch.path("b/\(key)")))
        try writeFileAtomically(scratch.path("b/\(key)"), Array(text.utf8))
    }

    private func read(
        _ store: ObjectStore, _ key: String, bucket: String = "b", bytesMax: Int = 1 << 20
    ) async throws -> (String, StoredObject) {
        let body = CollectedBody()
        let object = try await store.get(
            bucket, key, into: BodySink(bytesMax: bytesMax) { body.take($0) })
        return (String(decoding: body.bytes, as: UTF8.self), object)
    }

    private func refusal(_ work: () async throws -> Void) async -> DataRefusal? {
        do {
            try await work()
        } catch TransferError.dataRefused(let refusal) {
            return refusal
        } catch {
            Issue.record("\(error)")
        }
        return nil
    }

    @Test func `keys of every kind are listed and read under a signature`() async throws {
        try await beside { store, scratch, _ in
            for key in Self.keys { try put(scratch, key, "of \(key)") }
            let all = try await store.list("b", prefix: "", objectsMax: 100)
            #expect(Set(all.map(\.key)) == Set(Self.keys))
            for object in all {
                let (text, got) = try await read(store, object.key)
                #expect(text == "of \(object.key)" && got == object)
            }
            let some = try await store.list("b", prefix: "p/", objectsMax: 100)
            #expect(some.count == 4)
            #expect(try await store.list("b", prefix: "p/ä é", objectsMax: 9).count == 1)
        }
    }

    @Test func `a listing of many pages comes whole, and is bounded`() async throws {
        try await beside { store, scratch, server in
            for number in 0..<25 { try put(scratch, "n/\(number).csv", "\(number)") }
            try writeFileAtomically(scratch.path(".page"), Array("7".utf8))
            #expect(try await store.list("b", prefix: "n/", objectsMax: 25).count == 25)
            let asked = try String(
                decoding: readFile(scratch.path(".asked"), limitBytes: 1 << 20), as: UTF8.self)
            #expect(asked.split(separator: "\n").count == 4)
            let bound = await error { () async throws(TransferError) in
                try await store.list("b", prefix: "n/", objectsMax: 24)
            }
            #expect(bound == .tooManyObjects(prefix: "s3://b/n/", limit: 24))
        }
    }

    @Test func `a refusal names object, status, the store's word and the key`() async throws {
        try await beside { store, scratch, server in
            try put(scratch, "a.csv", "x")
            let missing = await refusal { _ = try await read(store, "no.csv") }
            #expect(missing?.status == 404 && missing?.code == "NoSuchKey")
            #expect(missing?.what == "s3://b/no.csv")
            let bucket = await refusal {
                _ = try await store.list("other", prefix: "", objectsMax: 1)
            }
            #expect(bucket?.code == "NoSuchBucket")
            let stranger = try ObjectStore(
                client: client, endpoint: "http://127.0.0.1:\(server.port)", key: key("wrong"))
            let wrong = await refusal { _ = try await read(stranger, "a.csv") }
            #expect(wrong?.status == 403 && wrong?.code == "SignatureDoesNotMatch")
            let failure = TransferError.dataRefused(try #require(wrong)).failure
            #expect(failure.hint?.contains("AKTEST") == true)
            #expect(!"\(failure)".contains("wrong"))
            let nobody = try ObjectStore(
                client: client, endpoint: "http://127.0.0.1:\(server.port)", key: nil)
            let unsigned = await refusal { _ = try await read(nobody, "a.csv") }
            #expect(
                TransferError.dataRefused(try #require(unsigned)).failure.hint?
                    .contains("not signed") == true)
        }
    }

    @Test func `a store that is busy is asked three times`() async throws {
        try await beside { store, scratch, _ in
            try writeFileAtomically(scratch.path(".fault"), Array("503".utf8))
            let busy = await refusal { _ = try await store.list("b", prefix: "", objectsMax: 1) }
            #expect(busy?.code == "SlowDown")
            let asked = try String(
                decoding: readFile(scratch.path(".asked"), limitBytes: 1 << 20), as: UTF8.self)
            #expect(asked.split(separator: "\n").count == 3)
        }
    }

    @Test func `a body above its bound, or that nobody wants, ends the transfer`() async throws {
        try await beside { store, scratch, server in
            try put(scratch, "big.csv", String(repeating: "x", count: 100_000))
            await #expect(
                throws: TransferError.bodyTooLarge(
                    server: "http://127.0.0.1:\(server.port)", limitBytes: 99_999)
            ) { try await read(store, "big.csv", bytesMax: 99_999) }
            await #expect(throws: TransferError.self) {
                try await store.get(
                    "b", "big.csv", into: BodySink(bytesMax: 1 << 20) { _ in false })
            }
        }
    }

    @Test(.enabled(if: realStore != nil, "SLIPWAY_TEST_S3 names no object store"))
    func `a real store takes the signature`() async throws {
        let real = try #require(realStore)
        let store = try ObjectStore(
            client: client, endpoint: real[0],
            key: StoreKey(region: "us-east-1", keyID: real[1], secret: real[2]))
        let bucket = real[3]
        let listed = try await store.list(bucket, prefix: "", objectsMax: 10_000)
        #expect(!listed.isEmpty, "put objects there first")
        for object in listed {
            let (_, got) = try await read(
                store, object.key, bucket: bucket, bytesMax: 16 << 20)
            #expect(got == object)
        }
        let wrong = try ObjectStore(
            client: client, endpoint: real[0],
            key: StoreKey(region: "us-east-1", keyID: real[1], secret: "wrong"))
        let no = await refusal { _ = try await wrong.list(bucket, prefix: "", objectsMax: 1) }
        #expect(no?.status == 403)
    }
}

/// `endpoint,key id,secret,bucket` of a store that runs already.
private let realStore: [String]? = {
    let parts = environmentVariable("SLIPWAY_TEST_S3")?.split(separator: ",").map(String.init)
    return parts?.count == 4 ? parts : nil
}()

/// The XML that stores write, and what they must not write.
@Suite struct XMLReaderTests {
    private func read(_ text: String) throws -> XMLNode {
        try XMLReader.read(Array(text.utf8))
    }

    @Test func `elements, attributes, entities and name spaces are read`() throws {
        let node = try read(
            """
            <?xml version="1.0"?>
            <s:A xmlns:s='http://x/'  b="&lt;">
              <K>a&amp;b &lt;&#x41;&#66;&quot;&apos;</K><E/><F a="1" />
            </s:A >

            """)
        #expect(node.name == "A" && node.children.map(\.name) == ["K", "E", "F"])
        #expect(node.text(of: "K") == "a&b <AB\"'")
    }

    @Test(arguments: [
        "", "x", "<a>", "<a></b>", "<a/><b/>", "<a b></a>", "<a b=c/>", "<a>&x;</a>", "<a>&</a>",
        "<a>&#x110000;</a>", "<a>&#+65;</a>", "<!DOCTYPE a><a/>", "<a><!-- c --></a>",
        "<a><![CDATA[x]]></a>", "<a b='1></a>", "<?xml",
        String(repeating: "<a>", count: 100_000),
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: XMLReader.Fault.self) { try read(text) }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `whatever bytes come, it ends with a document or a fault`(seed: UInt64) {
        let good = Array(
            "<?xml version='1.0'?><A x=\"1\"><K>a&amp;b</K><E/><F>&#65;</F></A>".utf8)
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var kept = 0
        for _ in 0..<5000 {
            var bytes = good
            for _ in 0...next(3) {
                let at = next(bytes.count)
                switch next(3) {
                case 0: bytes[at] = UInt8(next(256))
                case 1: bytes.insert(good[next(good.count)], at: at)
                default: bytes.removeSubrange(at..<min(bytes.count, at + 1 + next(4)))
                }
                if bytes.isEmpty { break }
            }
            // Because whether it is one is not asked here, only that nothing traps.
            if (try? XMLReader.read(bytes)) != nil { kept += 1 }
        }
        #expect(kept < 5000, "seed \(seed)")
    }

    @Test func `a listing without key, size or an end is refused`() {
        for inner in [
            "<Contents><Key>a</Key><Size>1</Size></Contents>",
            "<Contents><Key>a</Key><Size>-1</Size><ETag>x</ETag></Contents>",
            "<Contents><Key>a</Key><Size>9223372036854775807</Size><ETag>x</ETag></Contents>",
            "<IsTruncated>true</IsTruncated>", "<IsTruncated>perhaps</IsTruncated>",
        ] {
            #expect(throws: XMLReader.Fault.self) {
                try ObjectListing(read("<ListBucketResult>\(inner)</ListBucketResult>"))
            }
        }
        #expect(throws: XMLReader.Fault.self) { try ObjectListing(read("<Error/>")) }
    }
}
