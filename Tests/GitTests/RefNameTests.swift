import Git
import Testing

@Suite struct RefNameTests {
    static let names: [String] = [
        "refs/heads/main", "main", "refs/tags/digits@v1.0.0", "refs/tags/digits#production#1",
        "refs/tags/digits#production!#2", "refs/tags/@", "refs/tags/@{", "refs/tags/a@{b", "@",
        "refs/heads/a..b", "refs/heads/.a", "refs/heads/a.", "refs/heads/a./b", "refs/.x/a",
        "refs/heads/a.lock", "refs/heads/a.lock/b", "refs/heads/lock", "refs/heads/.lock",
        "/refs/heads/a", "refs/heads/a/", "refs//heads", "refs/heads/", "", "/", "a/b", "a/-",
        "refs/heads/a b", "refs/heads/a\tb", "refs/heads/a\u{7f}", "refs/heads/a~", "refs/heads/a^",
        "refs/heads/a:b", "refs/heads/a?", "refs/heads/a*", "refs/heads/a[b", "refs/heads/a]b",
        "refs/heads/a\\b", "refs/heads/ünï", "refs/heads/a\n", "refs/heads/{a}", "refs/heads/a@b",
        "refs/tags/approve/digits/0123456789abcdef/ada@example.org", "refs/heads/a/.b/c",
    ]

    @Test(arguments: names)
    func `ref names are judged as git check-ref-format does`(name: String) async throws {
        try await Fixture.use { fixture in
            let legal = try fixture.succeeds("check-ref-format", name, in: fixture.folder)
            #expect(isRefName(name) == legal)
        }
    }

    @Test func `tree paths never leave the tree or touch git's own folder`() {
        let good = ["a", "a/b", "models/digits/model.yaml", ".github/x", "a b", "é", ".gitignore"]
        for path in good { #expect(isTreePath(path), "\(path)") }
        let bad = [
            "", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", ".git", ".GIT/x", "a/.git/b",
        ]
        for path in bad { #expect(!isTreePath(path), "\(path)") }
    }
}
