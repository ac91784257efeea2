import Domain
import Git
import Testing

@Suite struct NotesTests {
    private static let ref = "refs/notes/slipway"

    @Test func `git reads a thousand notes that we wrote, and so do we`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let commit = try fixture.commit(["a": "1"], in: work)
            let repository = try Repository(path: work)
            let ids = (0..<1000).map { number in
                ObjectID(
                    bytes: [UInt8](repeating: UInt8(number & 255), count: 18)
                        + [UInt8(number >> 8), UInt8(number & 255)])
            }
            let lines =
                ids.map { ($0, "{\"id\":\"\($0)\"}") }
                + [(commit, "first"), (commit, "second\n")]
            let one = try await repository.writeNotes(
                on: nil, appending: lines, author: .bot, message: "notes")
            let two = try await repository.writeNotes(
                on: one, appending: [(commit, "third"), (ids[7], "more")], author: .bot,
                message: "notes")
            try await repository.update([RefUpdate(name: Self.ref, expected: nil, new: two)])
            let shown = try fixture.git("notes", "--ref=slipway", "show", commit.hex, in: work)
            #expect(shown == "first\nsecond\nthird\n")
            let listed = try fixture.git("notes", "--ref=slipway", "list", in: work)
                .split(separator: "\n").map { $0.split(separator: " ")[1] }
            #expect(Set(listed.map(String.init)) == Set((ids + [commit]).map(\.hex)))
            let tree = try fixture.git("ls-tree", "-r", "--name-only", two.hex, in: work)
            #expect(tree.split(separator: "\n").allSatisfy { $0.utf8.count == 41 })
            let notes = try await repository.notes(at: two)
            #expect(notes.count == 1001)
            #expect(notes[commit] == "first\nsecond\nthird\n")
            #expect(notes[ids[999]] == "{\"id\":\"\(ids[999])\"}\n")
            let changed = try await repository.notesChanged(from: one, to: two)
            #expect(Set(changed.keys) == [commit, ids[7]])
            #expect(changed[ids[7]] == notes[ids[7]])
            #expect(try await repository.notesChanged(from: two, to: two).isEmpty)
            try fixture.git("fsck", "--strict", "--no-dangling", in: work)
        }
    }

    @Test func `flat and deeper notes that git wrote are read, appended to and moved`()
        async throws
    {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let commit = try fixture.commit(["a": "1"], in: work)
            try fixture.git("notes", "--ref=slipway", "add", "-m", "flat", commit.hex, in: work)
            let flat = try fixture.id(Self.ref, in: work)
            let repository = try Repository(path: work)
            #expect(try await repository.notes(at: flat) == [commit: "flat\n"])
            let grown = try await repository.writeNotes(
                on: flat, appending: [(commit, "ours")], author: .bot, message: "m")
            #expect(try await repository.notes(at: grown) == [commit: "flat\nours\n"])
            let names = try fixture.git("ls-tree", "-r", "--name-only", grown.hex, in: work)
            #expect(names == "\(commit.hex.prefix(2))/\(commit.hex.dropFirst(2))\n")

            let blob = try fixture.id("HEAD:a", in: work)
            let hex = commit.hex
            let deepPath = "\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex.dropFirst(4))"
            let deep = try await repository.writeCommit(
                parents: [], base: nil,
                changes: [
                    FileChange(path: deepPath, content: .entry(mode: 0o100644, id: blob)),
                    FileChange(path: "README", content: .bytes(Array("not a note".utf8))),
                ], message: "m", author: .bot, committer: .bot)
            #expect(try await repository.notes(at: deep) == [commit: "1"])
            let moved = try await repository.writeNotes(
                on: deep, appending: [(commit, "2")], author: .bot, message: "m")
            #expect(try await repository.notes(at: moved) == [commit: "1\n2\n"])
            #expect(try await repository.listing(of: moved).count == 2)
            #expect(
                try await repository.notesChanged(from: deep, to: moved) == [commit: "1\n2\n"])
            try await repository.update([RefUpdate(name: Self.ref, expected: flat, new: moved)])
            let shown = try fixture.git("notes", "--ref=slipway", "show", hex, in: work)
            #expect(shown == "1\n2\n")
        }
    }

    @Test func `a note that only moved in the tree has not changed`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let commit = try fixture.commit(["a": "1"], in: work)
            try fixture.git("notes", "--ref=slipway", "add", "-m", "same", commit.hex, in: work)
            let flat = try fixture.id(Self.ref, in: work)
            let repository = try Repository(path: work)
            let moved = try await repository.writeNotes(
                on: nil, appending: [(commit, "same")], author: .bot, message: "m")
            #expect(try await repository.notesChanged(from: flat, to: moved).isEmpty)
        }
    }
}
