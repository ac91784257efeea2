import Domain
import Host
import Testing

@Suite struct FileTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `what was written is read, and the folder holds nothing else`() throws {
        try scratch.write("a", "one")
        try scratch.write("a", "two")
        #expect(try scratch.read("a") == "two")
        #expect(try namesIn(scratch.folder) == ["a"])
    }

    @Test func `a file above the limit is an error and one at the limit is not`() throws {
        try scratch.write("a", "12345")
        #expect(try readFile(scratch.path("a"), limitBytes: 5) == Array("12345".utf8))
        #expect(throws: HostError.fileTooLarge(path: scratch.path("a"), limitBytes: 4)) {
            try readFile(scratch.path("a"), limitBytes: 4)
        }
        #expect(try !readFile("/proc/self/stat", limitBytes: 4096).isEmpty)
    }

    @Test func `a large file comes back whole`() throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        try writeFileAtomically(scratch.path("a"), bytes)
        #expect(try readFile(scratch.path("a"), limitBytes: 3_000_000) == bytes)
    }

    @Test func `a failed write leaves the old file and no temporary one`() throws {
        try makeFolder(scratch.path("a/b"))
        #expect(throws: HostError.self) { try writeFileAtomically(scratch.path("a"), [1]) }
        #expect(try namesIn(scratch.folder) == ["a"])
    }

    @Test func `a walk is sorted, complete, and does not follow links`() throws {
        try scratch.write("b/z", "123")
        try scratch.write("b/a/deep", "")
        try scratch.write("b.txt", "1")
        try makeLink(at: scratch.path("loop"), to: ".")
        try setMode(scratch.path("b/z"), 0o755)
        let entries = try walk(scratch.folder)
        #expect(entries.map(\.path) == ["b", "b.txt", "b/a", "b/a/deep", "b/z", "loop"])
        #expect(entries.map(\.kind) == [.folder, .file, .folder, .file, .file, .link])
        #expect(entries[4].sizeBytes == 3 && entries[4].isExecutable)
        #expect(!entries[3].isExecutable)
    }

    @Test func `a walk lists a folder that it is not to open, and nothing below it`() throws {
        try scratch.write(".git/config", "")
        try scratch.write("sub/.git/config", "")
        try scratch.write("sub/.github/a", "")
        let paths = try walk(scratch.folder, unopened: ".git").map(\.path)
        #expect(paths == [".git", "sub", "sub/.git", "sub/.github", "sub/.github/a"])
    }

    @Test func `a walk stops at its bound`() throws {
        for number in 0..<5 { try scratch.write("\(number)", "") }
        #expect(try walk(scratch.folder, entriesMax: 5).count == 5)
        #expect(throws: HostError.self) { try walk(scratch.folder, entriesMax: 4) }
    }

    @Test func `removing a tree takes read-only folders and spares what links point to`() throws {
        try scratch.write("keep/me", "x")
        try scratch.write("tree/read-only/file", "x")
        try makeLink(at: scratch.path("tree/link"), to: scratch.path("keep"))
        try setMode(scratch.path("tree/read-only/file"), 0o400)
        try setMode(scratch.path("tree/read-only"), 0o500)
        try setMode(scratch.path("tree"), 0o500)
        try removeTree(scratch.path("tree"))
        #expect(!exists(scratch.path("tree")))
        #expect(try scratch.read("keep/me") == "x")
        try removeTree(scratch.path("tree"))
    }

    @Test func `a copied tree has the same files, modes and links`() throws {
        try scratch.write("from/a/b", "content")
        try setMode(scratch.path("from/a/b"), 0o750)
        try makeLink(at: scratch.path("from/l"), to: "a/b")
        try copyTree(scratch.path("from"), to: scratch.path("to"))
        func entries(_ name: String) throws -> [FileEntry] {
            try walk(scratch.path(name)).map { entry in
                var entry = entry
                // When files were written is not theirs to copy.
                entry.stamp = nil
                return entry
            }
        }
        #expect(try entries("to") == entries("from"))
        #expect(try scratch.read("to/l") == "content")
        #expect(throws: HostError.self) {
            try copyFile(scratch.path("from/a/b"), to: scratch.path("to/a/b"))
        }
    }

    @Test func `a lock is held once, shared by its copies, and free after the last`() throws {
        let path = scratch.path("lock")
        #expect(!FileLock.isHeld(path))
        var lock = try FileLock.tryTake(path)
        #expect(FileLock.isHeld(path))
        let second = try FileLock.tryTake(path) != nil
        #expect(!second)
        var copy = try lock?.shared()
        lock = nil
        _ = consume lock
        #expect(FileLock.isHeld(path))
        copy = nil
        _ = consume copy
        #expect(!FileLock.isHeld(path))
    }

    @Test func `a lock that stays held ends the wait at its deadline`() async throws {
        let path = scratch.path("lock")
        let lock = try FileLock.tryTake(path)
        await #expect(throws: HostError.lockHeld(path: path, seconds: 0.05)) {
            _ = try await FileLock.take(path, deadlineSeconds: 0.05)
        }
        _ = consume lock
    }

    @Test func `a detached child keeps the lock that it was given`() async throws {
        let path = scratch.path("lock")
        let child = try spawnHolding(path)
        #expect(FileLock.isHeld(path))
        signalGroup(child.pid, Signals.kill)
        #expect(try await eventually { !FileLock.isHeld(path) })
    }

    private func spawnHolding(_ path: String) throws -> ProcessIdentity {
        let taken = try FileLock.tryTake(path)
        guard let lock = taken else { throw HostError.lockHeld(path: path, seconds: 0) }
        return try spawnDetached(["sleep", "600"], holding: lock)
    }

    @Test func `the folder of a path is what stands before the last slash`() {
        #expect(parentFolder("/a/b") == "/a")
        #expect(parentFolder("/a/b/") == "/a")
        #expect(parentFolder("/a") == "/")
        #expect(parentFolder("a") == ".")
    }
}
