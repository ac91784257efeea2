import Domain
import Host
import Testing

@testable import Git

@Suite struct PackedRefTests {
    @Test func `refs of any prefix are git's, some packed, some loose, some both`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let commits = try (0..<3).map { try fixture.commit(["a": "\($0)"], in: work) }
            let names = [
                "a-b", "a.b", "a/b", "m@v1.0.0", "m@v1.0.1", "m#prod#1", "m#prod#10", "m2@v1.0.0",
                "approve/m/1/ada@example.org", "approve/m/2/ada@example.org", "approve/n/1/x",
                "é/1", "z",
            ]
            for (index, name) in names.enumerated() {
                if index.isMultiple(of: 2) {
                    try fixture.git("tag", "-a", "-m", name, name, in: work)
                } else {
                    try fixture.git("tag", name, in: work)
                }
            }
            try fixture.git("tag", "-a", "-m", "nested", "y", "m@v1.0.0", in: work)
            let prefixes = [
                "refs/", "refs/tags/", "refs/tags/m@", "refs/tags/m#", "refs/tags/m",
                "refs/tags/approve/", "refs/tags/approve/m/", "refs/tags/none/", "refs/tags/a",
                "refs/tags/é/", "refs/heads/", "refs/tags/m@v1.0.0", "refs/tags/zz",
            ]
            func compare(_ note: Comment) async throws {
                let repository = try Repository(path: work)
                let all = try fixture.git(
                    "for-each-ref", "--format=%(refname) %(objectname)", in: work
                ).split(separator: "\n").map(String.init)
                for prefix in prefixes {
                    let ours = try await repository.refs(prefix: prefix)
                        .map { "\($0.name) \($0.target)" }
                    #expect(
                        Set(ours) == Set(all.filter { $0.hasPrefix(prefix) }),
                        "\(note): \(prefix)")
                    #expect(ours.count == Set(ours).count)
                }
                let peeled = try await repository.refs(prefix: "refs/tags/")
                #expect(peeled.allSatisfy { $0.commit == commits[2] || $0.commit == commits[0] })
                #expect(peeled.first { $0.name == "refs/tags/y" }?.isAnnotatedTag == true)
            }
            try await compare("loose")
            try fixture.git("pack-refs", "--all", in: work)
            try await compare("packed")
            try fixture.git("tag", "--force", "m@v1.0.0", commits[0].hex, in: work)
            try fixture.git("tag", "-a", "-m", "new", "m@v1.0.2", in: work)
            try fixture.git("tag", "--delete", "approve/n/1/x", in: work)
            try await compare("both")
        }
    }

    @Test func `a packed file that is not ordered is left to the library`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let commit = try fixture.commit(["a": "1"], in: work)
            let path = "\(work)/.git/packed-refs"
            let text = "\(commit) refs/tags/z\n\(commit) refs/tags/b\n"
            try replaceFile(path, Array(text.utf8))
            #expect(PackedRefs(path: path) == nil)
            let refs = try await Repository(path: work).refs(prefix: "refs/tags/")
            #expect(refs.map(\.name) == ["refs/tags/b", "refs/tags/z"])
        }
    }

    @Test func `every entry of a large packed file is found by its name`() async throws {
        try await Fixture.use { fixture in
            let id = String(repeating: "a", count: 40)
            var text = "# pack-refs with: peeled fully-peeled sorted \n"
            let names = (0..<2000).map { "refs/tags/m\($0 / 10)@v1.\($0 % 10).0" }.sorted()
            for (index, name) in names.enumerated() {
                text += "\(id) \(name)\n" + (index % 3 == 0 ? "^\(id)\n" : "")
            }
            let path = fixture.path("packed-refs")
            try replaceFile(path, Array(text.utf8))
            let packed = try #require(PackedRefs(path: path))
            for (index, name) in names.enumerated() {
                let found = packed.entries(prefix: name)
                #expect(found.map(\.name) == [name])
                #expect((found.first?.peeled != nil) == (index % 3 == 0))
            }
            #expect(packed.entries(prefix: "refs/tags/m7@").count == 10)
            #expect(packed.entries(prefix: "refs/").count == names.count)
            #expect(packed.entries(prefix: "refs/zzz").isEmpty)
            #expect(packed.entries(prefix: "refs/a").isEmpty)
        }
    }
}
