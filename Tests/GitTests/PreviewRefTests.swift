import Domain
import Git
import Host
import Testing

@Suite struct PreviewRefTests {
    @Test(arguments: [
        ("feature/*", "refs/heads/feature/a", true), ("feature/*", "refs/heads/feature/a/b", false),
        ("feature/**", "refs/heads/feature/a/b", true), ("feature/*", "refs/heads/feature/", true),
        ("feature", "refs/heads/feature", true), ("feature", "refs/heads/feature2", false),
        ("refs/pull/*/head", "refs/pull/12/head", true),
        ("refs/pull/*/head", "refs/pull/12/merge", false),
        ("refs/pull/*/head", "refs/pull/1/2/head", false),
        ("refs/merge-requests/?/head", "refs/merge-requests/7/head", true),
        ("refs/merge-requests/?/head", "refs/merge-requests/77/head", false),
        ("v?", "refs/heads/v/", false), ("**/try-*", "refs/heads/a/b/try-c", true),
        ("**/try-*", "refs/heads/a/try-b/c", false), ("*a*a*b", "refs/heads/aaaaaaaaaaaaaa", false),
        ("*", "refs/heads/main", true), ("*", "refs/tags/main", false),
    ])
    func `a pattern matches whole names`(pattern: String, name: String, expected: Bool) {
        #expect(RefPattern(pattern).matches(name) == expected)
        #expect(!expected || name.hasPrefix(RefPattern(pattern).prefix))
    }

    @Test func `a star takes no time that grows with the number of stars`() {
        let pattern = RefPattern(String(repeating: "*a", count: 200) + "b")
        #expect(!pattern.matches("refs/heads/" + String(repeating: "a", count: 2000)))
    }

    @Test func `a mirror fetches what is followed, and forgets what is gone`() async throws {
        try await Fixture.use { fixture in
            let bare = try fixture.bare()
            let work = try fixture.clone()
            let first = try fixture.commit(["a": "1"], in: work)
            try fixture.git("push", "--quiet", bare, "main", in: work)
            let upstream = Upstream(
                location: "file://\(bare)", stateFolder: fixture.path("state"),
                runner: fixture.runner())
            let repository = try await upstream.open()
            #expect(
                upstream.follow([
                    RefPattern("main"), RefPattern("feature/*"), RefPattern("refs/pull/*/head"),
                ]))
            #expect(
                !upstream.follow(
                    ["refs/pull/*/head", "feature/*", "main"].map { RefPattern($0) }))
            for name in ["heads/feature/a", "heads/other", "pull/3/head", "pull/3/merge"] {
                try fixture.git("push", "--quiet", bare, "main:refs/\(name)", in: work)
            }
            try fixture.git("config", "receive.denyDeleteCurrent", "ignore", in: bare)
            try await upstream.refresh()
            for (name, expected) in [
                ("refs/heads/feature/a", first), ("refs/pull/3/head", first),
                ("refs/heads/other", nil), ("refs/pull/3/merge", nil), ("refs/heads/main", first),
            ] {
                #expect(try await repository.ref(name) == expected, "\(name)")
            }
            try fixture.git(
                "push", "--quiet", bare, ":refs/pull/3/head", ":refs/heads/main", in: work)
            try await upstream.refresh()
            #expect(try await repository.ref("refs/pull/3/head") == nil)
            #expect(try await repository.ref("refs/heads/main") == nil)
        }
    }

    @Test func `the base of two branches is found, and none where there is none`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            let base = try fixture.commit(["a": "1"], in: work)
            try fixture.git("checkout", "-qb", "side", in: work)
            let side = try fixture.commit(["b": "1"], in: work)
            try fixture.git("checkout", "-q", "main", in: work)
            let main = try fixture.commit(["c": "1"], in: work)
            try fixture.git("checkout", "-q", "--orphan", "alone", in: work)
            let alone = try fixture.commit(["d": "1"], in: work)
            let repository = try Repository(path: work)
            #expect(try await repository.mergeBase(side, main) == base)
            #expect(try await repository.mergeBase(base, main) == base)
            #expect(try await repository.mergeBase(alone, main) == nil)
        }
    }
}
