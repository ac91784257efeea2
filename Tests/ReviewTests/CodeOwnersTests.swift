import Domain
import Testing

@testable import Review

/// The example in GitHub's "About code owners", shortened to its lines.
private let githubExample = """
    # This is a comment.
    *       @global-owner1 @global-owner2
    *.js    @js-owner #This is an inline comment.
    *.go docs@example.com
    *.txt @octo-org/octocats
    /build/logs/ @doctocat
    docs/* docs@example.com
    apps/ @octocat
    /docs/ @doctocat
    /scripts/ @doctocat @octocat
    **/logs @octocat
    /apps/ @octocat
    /apps/github
    """

/// From GitLab's "Syntax of CODEOWNERS file" and its example file.
private let gitlabExample = """
    * @default-codeowner
    *.rb @ruby-owner
    \\#file_with_pound.rb @owner-file-with-pound
    CODEOWNERS @multiple @code @owners
    LICENSE @legal janedoe@gitlab.com
    README @group @group/with-nested/subgroup
    /docs/ @all-docs
    /docs/* @root-docs
    /docs/**/*.md @markdown-docs
    lib/ @lib-owner
    /config/ @@maintainer
    path\\ with\\ spaces/ @space-owner

    [Documentation]
    ee/docs    @docs
    docs       @docs

    ^[Go]
    *.go @root

    [README Owners][2] @user1 @user2
    README.md
    internal/README.md @user4
    !/vendor/
    """

private func owners(
    of path: String, in text: String, _ dialect: CodeOwners.Dialect? = nil
) -> [[String]] {
    CodeOwners.parsing(text, dialect: dialect).value.requirements(for: [path]).map(\.owners)
}

struct CodeOwnersTests {
    @Test(
        arguments: [
            ("main.c", ["@global-owner1", "@global-owner2"]), ("src/deep/a.js", ["@js-owner"]),
            ("a.go", ["docs@example.com"]), ("notes/a.txt", ["@octo-org/octocats"]),
            ("build/logs/x/y", ["@octocat"]), ("docs/getting-started.md", ["@doctocat"]),
            ("docs/build-app/troubleshooting.md", ["@doctocat"]), ("x/apps/y", ["@octocat"]),
            ("scripts/a", ["@doctocat", "@octocat"]), ("deeply/nested/logs", ["@octocat"]),
            ("apps/a", ["@octocat"]), ("apps/github/a", []), ("apps/github", []),
            ("apps/githubs", ["@octocat"]), ("A.JS", ["@global-owner1", "@global-owner2"]),
        ] as [(String, [String])])
    func `GitHub's example means what GitHub says`(_ path: String, _ expected: [String]) {
        let (value, diagnostics) = CodeOwners.parsing(githubExample)
        #expect(value.dialect == .github && diagnostics.isEmpty, "\(diagnostics)")
        #expect(value.requirements(for: [path]).flatMap(\.owners) == expected)
    }

    @Test(
        arguments: [
            ("a", [["@default-codeowner"]]), ("x/y.rb", [["@ruby-owner"]]),
            ("x/#file_with_pound.rb", [["@owner-file-with-pound"]]),
            ("LICENSE", [["@legal", "janedoe@gitlab.com"]]),
            ("x/README", [["@group", "@group/with-nested/subgroup"]]),
            ("docs/index", [["@root-docs"]]), ("docs/projects/index", [["@all-docs"]]),
            ("docs/a/b.md", [["@markdown-docs"]]), ("x/lib/y/z", [["@lib-owner"]]),
            ("config/a", [["@@maintainer"]]), ("x/config/a", [["@default-codeowner"]]),
            ("path with spaces/a", [["@space-owner"]]), (".a/.rb", [["@ruby-owner"]]),
            ("x/ee/docs", [["@default-codeowner"], ["@docs"]]),
            ("ee/docs/a", [["@default-codeowner"]]), ("a.go", [["@default-codeowner"]]),
            ("README.md", [["@default-codeowner"], ["@user1", "@user2"]]),
            ("internal/README.md", [["@default-codeowner"], ["@user4"]]),
            ("vendor/README.md", [["@default-codeowner"]]),
        ] as [(String, [[String]])])
    func `GitLab's example means what GitLab says`(_ path: String, _ expected: [[String]]) {
        #expect(owners(of: path, in: gitlabExample) == expected)
    }

    @Test func `a section of GitLab says how many must approve`() {
        let found = CodeOwners.parsing(gitlabExample).value
            .requirements(for: ["README.md", "internal/README.md", "docs/x.md"])
        #expect(found.map(\.approvals) == [1, 1, 2, 2])
        #expect(found.map(\.section) == [nil, nil, "README Owners", "README Owners"])
        #expect(
            found.map(\.pattern) == ["*", "/docs/**/*.md", "README.md", "internal/README.md"])
        #expect(found.map(\.line) == [1, 9, 22, 23])
    }

    @Test func `sections of one name are one, whatever their case`() {
        let text = """
            [Documentation]
            ee/docs/    @docs
            docs/       @docs

            [Database]
            README.md  @database

            [DOCUMENTATION]
            README.md  @docs
            ^[Database]
            model/db/   @optional
            """
        #expect(owners(of: "README.md", in: text) == [["@docs"], ["@database"]])
        // Because one heading that is not optional makes the whole section count.
        #expect(owners(of: "model/db/x", in: text) == [["@optional"]])
    }

    @Test func `GitLab's entries outside of sections count besides`() {
        let text = """
            * @general-approvers
            [Documentation] @docs-team
            docs/
            README.md
            *.txt
            [Database] @database-team
            model/db/
            config/db/database-setup.md @docs-team
            """
        #expect(
            owners(of: "model/db/CHANGELOG.txt", in: text)
                == [["@general-approvers"], ["@docs-team"], ["@database-team"]])
    }

    @Test(
        arguments: [
            ("!a @x", .github, "1: GitHub's CODEOWNERS has no `!`; the line is set aside"),
            ("a[bc] @x", .github, "1: GitHub's CODEOWNERS has no `[ ]`; the line is set aside"),
            ("\\#a @x", .github, "1: GitHub's CODEOWNERS has no `\\#`; the line is set aside"),
            ("/ @x", .github, "1: `/` matches nothing; write `*`; the line is set aside"),
            ("a//b @x", .github, "1: there is no name between two slashes; the line is set aside"),
            ("a ada @x", .github, "1: \"ada\" is no owner; it is passed over"),
            ("a @@maintainer", .github, "1: \"@@maintainer\" is no owner; it is passed over"),
            ("a\\", .gitlab, "1: there is nothing behind the last `\\`; the line is set aside"),
            ("a[b @x", .gitlab, "1: a `[` is not closed within its name; the line is set aside"),
            ("[Name\na @x", .gitlab, "1: the heading has no `]`"),
            ("[ ]\na @x", .gitlab, "1: the section has no name"),
            ("[A][x]\na @x", .gitlab, "1: \"x\" is no number of approvals; 1 is asked for"),
            ("[A][0]\na @x", .gitlab, "1: \"0\" is no number of approvals; 1 is asked for"),
            ("[A]{2} @x", .gitlab, "1: \"{2} @x\" behind the heading is not read"),
            ("\na", .gitlab, "2: the line has no owners, and its section has none"),
            ("!a @x", .gitlab, "1: an exclusion has no owners"),
            ("a @x # @y", .gitlab, "1: GitLab reads owners in a comment behind a line too"),
            ("^[A][2]\na @x", .gitlab, "1: an optional section asks for no approvals"),
        ] as [(String, CodeOwners.Dialect, String)])
    func `what cannot be read is named with its line`(
        _ text: String, _ dialect: CodeOwners.Dialect, _ says: String
    ) {
        let said = CodeOwners.parsing(text, file: "f", dialect: dialect).diagnostics
        #expect(said.map { "\($0.place): \($0.message)" } == ["f:" + says])
    }

    @Test func `a line whose owners are all malformed can be met by nobody`() {
        #expect(owners(of: "a", in: "* @x\na ada", .github) == [["ada"]])
        #expect(owners(of: "a", in: "* @x\na ada @y", .github) == [["@y"]])
        let groups = CodeOwners.parsing("* ada").value.groups(
            for: ["x"], policy: ReviewPolicy(), trust: Trust(signers: AllowedSigners()))
        #expect(groups.groups.map(\.members) == [[]])
        #expect(groups.diagnostics.map(\.message) == ["nobody is behind the owner \"ada\""])
    }

    @Test func `a pattern that stands twice in GitLab keeps its first place`() {
        let text = "*.md @a\ndocs/ @b\n*.md @c\n"
        #expect(owners(of: "docs/x.md", in: text, .gitlab) == [["@b"]])
        #expect(owners(of: "docs/x.md", in: text, .github) == [["@c"]])
        #expect(owners(of: "x.md", in: text, .gitlab) == [["@c"]])
    }

    @Test func `a file that is too long can be met by nobody`() {
        let text = String(repeating: "* @ada\n", count: 500_000)
        let (value, diagnostics) = CodeOwners.parsing(text)
        #expect(diagnostics.map(\.message) == ["the file is longer than 3 MiB"])
        let policy = ReviewPolicy(owners: ["@ada": ["ada"]])
        let found = value.groups(
            for: [], policy: policy, trust: Trust(signers: AllowedSigners()))
        #expect(found.groups.map(\.members) == [[]])
        #expect(found.groups.map(\.name) == ["owners in CODEOWNERS, which cannot be read"])
    }

    @Test(.timeLimit(.minutes(10)), arguments: CodeOwners.Dialect.allCases)
    func `a file of very many lines is read in one go`(dialect: CodeOwners.Dialect) {
        let text = (0..<100_000).map { "[s\($0)] @a\n\($0) @b\n" }.joined()
        let (value, diagnostics) = CodeOwners.parsing(text, dialect: dialect)
        #expect(value.sections.count == (dialect == .gitlab ? 100_001 : 1))
        #expect(diagnostics.count <= 1001, "the others are counted")
    }

    @Test func `the folder tells the forge, else the lines do`() {
        func dialect(_ text: String, _ file: String) -> CodeOwners.Dialect {
            CodeOwners.parsing(text, file: file).value.dialect
        }
        #expect(dialect("[A]\n", ".github/CODEOWNERS") == .github)
        #expect(dialect("a @b\n", ".gitlab/CODEOWNERS") == .gitlab)
        #expect(dialect("a @b\n# [A]\n", "CODEOWNERS") == .github)
        for line in ["[A]", "^[A]", "!a", "a @@owner", "\\#a @b"] {
            #expect(dialect("* @b\r\n\(line)\r\n", "docs/CODEOWNERS") == .gitlab, "\(line)")
        }
    }
}
