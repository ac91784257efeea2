import Domain
import Host
import TestKit
import Testing

@testable import Registry

@Suite struct ArtifactStoreTests {
    let scratch: Scratch
    var store: ArtifactStore { scratch.store }

    init() throws { scratch = try Scratch() }

    @Test func `bytes come back under their SHA-256, and twice is once`() throws {
        let abc = try #require(
            Digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
        #expect(try !store.contains(abc) && store.put(Array("abc".utf8)) == abc)
        #expect(try store.put(Array("abc".utf8)) == abc)
        try scratch.write("file", Array("abc".utf8), mode: 0o600)
        #expect(try store.put(file: scratch.path("file")) == abc)
        #expect(try store.read(abc) == Array("abc".utf8))
        #expect(try scratch.stored() == ["objects/ba/\(abc.hex.dropFirst(2))"])
        try store.verify(abc)
    }

    @Test func `files of every size are stored as openssl hashes them`() throws {
        for size in [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_500_000] {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            try scratch.write("file", bytes)
            let digest = try store.put(file: scratch.path("file"))
            let openssl = try ChildProcess.runBlocking(
                "openssl", ["dgst", "-sha256", "-r", scratch.path("file")],
                outputLimitBytes: 4096, deadlineSeconds: patienceSeconds)
            #expect(openssl.outputText.hasPrefix(digest.hex))
            #expect(try store.read(digest) == bytes)
        }
    }

    @Test func `a changed object is never served, and putting it again mends the store`() throws {
        let digest = try store.put(Array("abc".utf8))
        try setMode(store.path(of: digest), 0o644)
        try writeFileAtomically(store.path(of: digest), Array("abd".utf8))
        let quarantine = "\(store.folder)/quarantine/\(digest)"
        #expect(throws: RegistryError.corrupt(digest, quarantine: quarantine)) {
            try store.read(digest)
        }
        #expect(exists(quarantine) && !store.contains(digest))
        #expect(throws: RegistryError.missing(digest)) { try store.verify(digest) }
        #expect(try store.put(Array("abc".utf8)) == digest)
        try store.verify(digest)
    }

    @Test func `a read above its limit is an error and quarantines nothing`() throws {
        let digest = try store.put(Array("abc".utf8))
        #expect(throws: RegistryError.tooLarge(digest, limitBytes: 2)) {
            try store.read(digest, limitBytes: 2)
        }
        #expect(store.contains(digest))
    }

    @Test func `a folder comes back with its files, modes and digest`() throws {
        try scratch.write("made/model/weights", [1, 2, 3])
        try scratch.write("made/run.sh", Array("#!/bin/sh".utf8), mode: 0o755)
        try scratch.write("made/a b.txt", [])
        let digest = try store.putFolder(scratch.path("made"))
        for way in [ArtifactStore.Materialising.copying, .linking] {
            let target = scratch.path("deep/\(way)")
            try store.materialise(digest, at: target, by: way)
            let found = try walk(target).filter { $0.kind == .file }
            #expect(found.map(\.path) == ["a b.txt", "model/weights", "run.sh"])
            #expect(found.map(\.mode) == [0o444, 0o444, 0o555])
            #expect(try readFile(target + "/model/weights", limitBytes: 9) == [1, 2, 3])
            #expect(try store.putFolder(target) == digest)
        }
        #expect(try namesIn(scratch.path("deep")) == ["copying", "linking"])
        #expect(try namesIn(store.folder + "/tmp").isEmpty)
    }

    @Test func `the listing is the documented one`() throws {
        try scratch.write("made/b", Array("abc".utf8))
        try scratch.write("made/a", Array("abc".utf8), mode: 0o700)
        let sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let digest = try store.putFolder(scratch.path("made"))
        let text = String(decoding: try store.read(digest), as: UTF8.self)
        #expect(text == "100755 \(sha) 3 a\n100644 \(sha) 3 b\n")
        #expect(try store.listing(digest).files.map(\.isExecutable) == [true, false])
    }

    @Test(arguments: [
        "100644 SHA 3 ../x\n", "100644 SHA 3 /x\n", "100644 SHA 3 a//b\n", "100644 SHA 3 a",
        "100600 SHA 3 a\n", "100644 SHA 03 a\n", "100644 SHA -3 a\n", "100644 abc 3 a\n",
        "100644 SHA 3 b\n100644 SHA 3 a\n", "100644 SHA 3 a\n100644 SHA 3 a\n", "\n",
        "100644 SHA 3 ./a\n",
    ])
    func `a listing that could escape its folder or is not canonical is refused`(
        text: String
    ) throws {
        let sha = try store.put(Array("abc".utf8))
        let digest = try store.put(Array(text.replacing("SHA", with: sha.hex).utf8))
        #expect(throws: RegistryError.self) {
            try store.materialise(digest, at: scratch.path("out"))
        }
        #expect(!exists(scratch.path("out")) && !exists(scratch.path("x")))
    }

    @Test func `links and impossible names are refused with their path`() throws {
        try scratch.write("made/a", [1])
        try makeLink(at: scratch.path("made/link"), to: "a")
        #expect(throws: RegistryError.notRegular(path: scratch.path("made/link"), isLink: true)) {
            try store.putFolder(scratch.path("made"))
        }
        try removeFile(scratch.path("made/link"))
        try scratch.write("made/new\nline", [1])
        #expect(throws: RegistryError.nameNotStorable(path: scratch.path("made/new\nline"))) {
            try store.putFolder(scratch.path("made"))
        }
    }

    @Test func `materialising is all or nothing`() throws {
        try scratch.write("made/a", [1])
        try scratch.write("made/b", [2])
        let digest = try store.putFolder(scratch.path("made"))
        try makeFolder(scratch.path("full/x"))
        #expect(throws: RegistryError.targetNotEmpty(path: scratch.path("full"))) {
            try store.materialise(digest, at: scratch.path("full"))
        }
        let object = try #require(store.listing(digest).files.last).digest
        try setMode(store.path(of: object), 0o644)
        try writeFileAtomically(store.path(of: object), [3])
        #expect(throws: RegistryError.self) {
            try store.materialise(digest, at: scratch.path("out"))
        }
        #expect(try namesIn(scratch.folder) == ["full", "made", "store"])
        #expect(!store.contains(object))
    }

    @Test func `what the disk refuses is tried again and leaves nothing half-written`() throws {
        let digest = try store.put(Array("abc".utf8))
        let place = parentFolder(store.path(of: digest))
        try removeTree(place)
        try writeFileAtomically(place, [])
        try scratch.write("file", Array("abc".utf8))
        do throws(RegistryError) {
            _ = try store.put(file: scratch.path("file"))
            Issue.record("stored although a file is in the way")
        } catch {
            guard case .retry = error.failure.disposition else {
                Issue.record("\(error.failure)")
                return
            }
        }
        #expect(try namesIn(store.folder + "/tmp").isEmpty)
        try removeFile(place)
        #expect(try store.put(file: scratch.path("file")) == digest)
        #expect(throws: RegistryError.self) {
            try ArtifactStore(folder: "/proc/none/store").put([1])
        }
        #expect(throws: RegistryError.self) { try store.put(file: scratch.path("absent")) }
        #expect(throws: RegistryError.self) { try store.put(file: scratch.folder) }
    }

    @Test func `many writers of the same content leave one good object`() async throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        try scratch.write("file", bytes)
        let (store, path) = (scratch.store, scratch.path("file"))
        let digests = try await withThrowingTaskGroup(of: Digest.self) { group in
            for number in 0..<16 {
                group.addTask {
                    try number % 2 == 0 ? store.put(bytes) : store.put(file: path)
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        let digest = try #require(digests.first)
        #expect(digests.count == 1)
        try store.verify(digest)
        #expect(try scratch.stored().count == 1)
    }

    @Test func `a step record counts only while all it names is there`() throws {
        try scratch.write("made/model", [1])
        let output = try store.putFolder(scratch.path("made"))
        let file = try #require(store.listing(output).files.first)
        let fingerprint = Fingerprint(checked: String(repeating: "ab", count: 32))
        let record = StepRecord(
            fingerprint: fingerprint, model: ModelName(checked: "digits"),
            step: StepName(checked: "train"), output: output, files: [file.path: file.digest],
            finishedAt: Instant(seconds: 1), seconds: 0.25, resolvedRequirements: "a==1\n")
        #expect(try store.look(fingerprint) == nil)
        try store.store(record)
        #expect(try store.look(fingerprint) == record)
        let other = Fingerprint(checked: String(repeating: "cd", count: 32))
        try renamePath(
            "\(store.folder)/steps/\(fingerprint).json", to: "\(store.folder)/steps/\(other).json")
        #expect(try store.look(other) == nil)
        try store.store(record)
        try removeFile(store.path(of: file.digest))
        #expect(try store.look(fingerprint) == nil)
        try writeFileAtomically("\(store.folder)/steps/\(fingerprint).json", Array("{".utf8))
        #expect(try store.look(fingerprint) == nil)
    }
}
