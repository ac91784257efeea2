import Crypto
import Domain
import FoundationEssentials
import Host
import Testing

@testable import Registry

/// Data from outside git comes into the store as it should be, or not at all.
@Suite struct ArrivalTests {
    private func sha(_ bytes: [UInt8]) -> Domain.Digest {
        Domain.Digest(bytes: SHA256.hash(data: bytes))
    }

    private func md5(_ bytes: [UInt8]) -> String {
        Insecure.MD5.hash(data: bytes).map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }

    private func pieces(_ bytes: [UInt8], seed: UInt64) -> [[UInt8]] {
        var random = Seeded(state: seed)
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...300_000, using: &random))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }

    @Test(arguments: [0, 1, 1 << 20, (1 << 20) + 1, 3_500_000])
    func `bytes in pieces of any size are kept under their digest`(size: Int) throws {
        let scratch = try Scratch()
        let seed = UInt64(size) + 7
        var random = Seeded(state: seed)
        let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        let arrival = try scratch.store.arrival(of: .sha256(sha(bytes)))
        for piece in pieces(bytes, seed: seed) { #expect(arrival.take(piece)) }
        let kept = try arrival.keep()
        #expect(kept == .init(digest: sha(bytes), sizeBytes: size), "seed \(seed)")
        #expect(try scratch.store.read(kept.digest) == bytes)
        try scratch.store.verify(kept.digest)
    }

    @Test func `other bytes are thrown away, with both digests told`() throws {
        let scratch = try Scratch()
        let wanted = sha([1, 2, 3])
        do {
            let arrival = try scratch.store.arrival(of: .sha256(wanted))
            _ = arrival.take([1, 2, 4])
            _ = try arrival.keep()
            Issue.record("it was kept")
        } catch {
            #expect(
                error
                    == .notExpected(
                        expected: "SHA-256 \(wanted)", found: sha([1, 2, 4]).hex, sizeBytes: 3))
            guard case .wait = error.failure.disposition else {
                Issue.record("nothing but a commit mends it")
                return
            }
        }
        #expect(try scratch.stored().isEmpty)
        let half = try scratch.store.arrival(of: .anything)
        _ = half.take(Array(repeating: 1, count: 3 << 20))
        #expect(try scratch.stored().count == 1)
        withExtendedLifetime(half) {}
    }

    @Test func `an MD5 leads to its object, also where line ends were counted as one`() throws {
        let scratch = try Scratch()
        let (lines, text) = (Array("a,b\r\n1,2\r\n".utf8), Array("a,b\n1,2\n".utf8))
        let plain = Arrival.Expected.md5(md5(lines), ofLines: false)
        let old = Arrival.Expected.md5(md5(text), ofLines: true)
        #expect(try scratch.store.known(plain) == nil)
        for expected in [plain, old] {
            let arrival = try scratch.store.arrival(of: expected)
            _ = arrival.take(lines)
            let kept = try arrival.keep()
            try scratch.store.remember(expected, kept.digest)
            #expect(try scratch.store.known(expected) == sha(lines))
        }
        let strict = try scratch.store.arrival(of: .md5(md5(text), ofLines: false))
        _ = strict.take(lines)
        #expect(throws: RegistryError.self) { try strict.keep() }
        // An object that has gone is fetched again.
        try removeFile(scratch.store.path(of: sha(lines)))
        #expect(try scratch.store.known(plain) == nil)
    }

    @Test func `what is laid out is read-only, and checked`() throws {
        let scratch = try Scratch()
        let digest = try scratch.store.put(Array("data".utf8))
        try scratch.store.place(digest, at: scratch.path("out/a"))
        #expect(try scratch.read("out/a") == Array("data".utf8))
        let entry = try walk(scratch.path("out")).first { $0.path == "a" }
        #expect(entry?.mode == 0o444)
        try setMode(scratch.store.path(of: digest), 0o644)
        try writeFileAtomically(scratch.store.path(of: digest), Array("evil".utf8))
        #expect(throws: RegistryError.self) {
            try scratch.store.place(digest, at: scratch.path("out/b"))
        }
        #expect(!scratch.store.contains(digest), "the next fetch brings it anew")
        #expect(try walk(scratch.path("out")).map(\.path) == ["a"])
    }

    @Test func `what was left half laid out is laid out anew`() throws {
        let scratch = try Scratch()
        let digest = try scratch.store.put(Array("data".utf8))
        try makeFolder(scratch.path("out"))
        try writeFileAtomically(scratch.path("out/a.partial"), Array("da".utf8))
        try scratch.store.place(digest, at: scratch.path("out/a"))
        #expect(try scratch.read("out/a") == Array("data".utf8))
        #expect(try walk(scratch.path("out")).map(\.path) == ["a"])
        #expect(throws: RegistryError.self) {
            try scratch.store.place(digest, at: scratch.path("out/a"))
        }
    }

    @Test func `many arrivals of one object at a time leave one`() async throws {
        let scratch = try Scratch()
        let bytes = [UInt8](repeating: 7, count: 2_000_000)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do {
                        let arrival = try scratch.store.arrival(of: .sha256(sha(bytes)))
                        _ = arrival.take(bytes)
                        #expect(try arrival.keep().digest == sha(bytes))
                    } catch {
                        Issue.record("\(error)")
                    }
                }
            }
        }
        #expect(try scratch.stored().filter { $0.hasPrefix("objects/") }.count == 1)
        #expect(try scratch.store.read(sha(bytes)) == bytes)
    }
}

/// The list of a folder that DVC keeps.
@Suite struct DVCFolderTests {
    private let sum = "d41d8cd98f00b204e9800998ecf8427e"

    private func read(_ paths: [String]) throws -> DVCFolder {
        let entries = paths.map { "{\"md5\": \"\(sum)\", \"relpath\": \"\($0)\"}" }
        return try DVCFolder(Array("[\(entries.joined(separator: ", "))]".utf8))
    }

    @Test func `files are named in their order`() throws {
        #expect(
            try read(["b/c.csv", "a.csv", "b/ä b.csv"]).files.map(\.path)
                == ["a.csv", "b/c.csv", "b/ä b.csv"])
    }

    @Test(arguments: [
        [], ["/etc/passwd"], ["../a"], ["a/../../b"], ["a/./b"], ["a//b"], ["a/"], [""],
        ["a", "a"], ["a", "a/b"], ["a\\nb"], [String(repeating: "x", count: 300)],
    ])
    func `a path that leads out, or cannot be, is refused`(paths: [String]) {
        #expect(throws: RegistryError.self) { try read(paths) }
    }

    @Test(arguments: [
        "", "{}", "[1]", "[{\"relpath\": \"a\"}]", "[{\"md5\": \"../../x\", \"relpath\": \"a\"}]",
        "[{\"md5\": \"D41D8CD98F00B204E9800998ECF8427E\", \"relpath\": \"a\"}]",
    ])
    func `what is no list is refused`(text: String) {
        #expect(throws: RegistryError.self) { try DVCFolder(Array(text.utf8)) }
    }

    @Test func `both layouts of a remote are known`() {
        #expect(
            dvcObjectPaths(md5: sum, isFolder: false, isOfLines: false) == [
                "files/md5/d4/1d8cd98f00b204e9800998ecf8427e", "d4/1d8cd98f00b204e9800998ecf8427e",
            ])
        #expect(
            dvcObjectPaths(md5: sum, isFolder: true, isOfLines: true).first
                == "d4/1d8cd98f00b204e9800998ecf8427e.dir")
    }
}
