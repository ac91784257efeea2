import Domain
import TestKit
import Testing

@testable import Review

/// Plain readings of the two manuals, by trying everything; exponential, and so for short texts.
private enum Slow {
    /// Whether a pattern of one name matches it.
    static func name(_ pattern: Substring, _ text: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        switch first {
        case "*":
            return name(rest, text) || !text.isEmpty && name(pattern, text.dropFirst())
        case "?": return !text.isEmpty && name(rest, text.dropFirst())
        default: return text.first == first && name(rest, text.dropFirst())
        }
    }

    /// Whether names match, where `**` stands for any number of them.
    static func names(_ pattern: ArraySlice<Substring>, _ path: ArraySlice<Substring>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == "**" {
            return names(pattern.dropFirst(), path)
                || !path.isEmpty && names(pattern, path.dropFirst())
        }
        guard let own = path.first else { return false }
        return name(first, own) && names(pattern.dropFirst(), path.dropFirst())
    }

    static func github(_ pattern: String, _ path: String) -> Bool {
        let parts = pattern.split(separator: "/")
        let isTied = pattern.hasPrefix("/") || pattern.dropLast().contains("/")
        let tied = isTied ? parts[...] : (["**"] + parts)[...]
        let names = path.split(separator: "/")[...]
        let isOfFolder = pattern.hasSuffix("/") || parts.last == "**"
        let bare = isOfFolder && parts.last == "**" ? tied.dropLast() : tied
        if parts.last == "*", !isOfFolder { return Slow.names(bare, names) }
        // A folder that matches covers what is in it; the file itself only without a slash.
        let depths = isOfFolder ? 0..<names.count : 0..<(names.count + 1)
        return depths.contains { depth in
            (depth > 0 || bare.allSatisfy { $0 == "**" }) && Slow.names(bare, names.prefix(depth))
        }
    }

    static func gitlab(_ pattern: String, _ path: String) -> Bool {
        var text = pattern.hasPrefix("/") ? String(pattern.dropFirst()) : "**/" + pattern
        if text.isEmpty || text.hasSuffix("/") { text += "**/*" }
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.last == "**" { parts[parts.count - 1] = "*" }
        return names(parts[...], path.split(separator: "/")[...])
    }
}

struct CodeOwnersPatternTests {
    private static let names = ["a", "b", "ab", "ba", ".a", "abc", "b.a"]
    private static let pieces = ["a", "b", "*", "?", "**", "a*", "*b", "?b", "*.a", "a*c", ".*"]

    private static func path(_ random: inout Seeded) -> String {
        let count = Int.random(in: 1...4, using: &random)
        return (0..<count).map { _ in names.randomElement(using: &random) ?? "a" }
            .joined(separator: "/")
    }

    private static func pattern(_ random: inout Seeded) -> String {
        let count = Int.random(in: 1...4, using: &random)
        let parts = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "a" }
        let start = Bool.random(using: &random) ? "/" : ""
        let end = Int.random(in: 0..<3, using: &random) == 0 ? "/" : ""
        return start + parts.joined(separator: "/") + end
    }

    @Test func `patterns match what a plain reading of the manuals matches`() throws {
        try fuzz(rounds: 20_000) { seed, random in
            let text = Self.pattern(&random)
            let path = Self.path(&random)
            let github = try CodeOwnersPattern(github: text).matches(path)
            #expect(github == Slow.github(text, path), "seed \(seed): GitHub \(text) on \(path)")
            let gitlab = try CodeOwnersPattern(gitlab: text).matches(path)
            #expect(gitlab == Slow.gitlab(text, path), "seed \(seed): GitLab \(text) on \(path)")
        }
    }

    /// `dir/*` differs: in .gitignore it covers the folders that it matches.
    @Test func `GitHub's patterns match what git ignores`() throws {
        let scratch = try Scratch()
        try scratch.run("git init -q repo")
        try fuzz(rounds: 40) { seed, random in
            let text = Self.pattern(&random)
            guard !text.hasSuffix("/*"), text != "/" else { return }
            let paths = Set((0..<40).map { _ in Self.path(&random) }).sorted()
            try scratch.write("repo/.gitignore", Array((text + "\n").utf8))
            try scratch.write("paths", paths.joined(separator: "\n").utf8)
            _ = try scratch.status(
                "cd repo; git check-ignore --no-index --stdin < ../paths > ../ignored")
            let ignored = try scratch.text("ignored").split(separator: "\n").map(String.init)
            let pattern = try CodeOwnersPattern(github: text)
            #expect(paths.filter { pattern.matches($0) } == ignored, "seed \(seed): \(text)")
        }
    }

    @Test(
        arguments: [
            ("[ab]x", "ax", true), ("[ab]x", "cx", false), ("[!ab]x", "cx", true),
            ("[^a-c]x", "bx", false), ("[a-c]x", "bx", true), ("[c-a]x", "bx", false),
            ("[c-a]x", "cx", true), ("[a\\]]x", "]x", true), ("[]x", "x", false),
            ("\\*", "*", true), ("\\*", "a", false), ("a\\ b", "a b", true), ("{a,b}", "a", false),
            ("[a-]x", "-x", true), ("/[a-z]*/é?", "ab/éü", true),
        ])
    func `GitLab's sets and escapes are Ruby's`(
        _ pattern: String, _ path: String, _ isMatch: Bool
    ) throws {
        #expect(try CodeOwnersPattern(gitlab: pattern).matches(path) == isMatch)
    }

    @Test func `no pattern takes long`() throws {
        let stars = String(repeating: "*a", count: 2000)
        let folders = String(repeating: "**/a/", count: 500)
        let path = String(repeating: "a", count: 4000) + "/"
        let deep = String(repeating: "a/", count: 500) + "b"
        #expect(try !CodeOwnersPattern(github: stars + "b").matches(path + "c"))
        #expect(try !CodeOwnersPattern(gitlab: folders + "c").matches(deep))
        #expect(try !CodeOwnersPattern(github: folders + "c").matches(deep))
    }

    @Test func `changed bytes of a file never crash, and every line is counted`() throws {
        let files = [
            "* @a\n/docs/ @b c@d.org\n[A][2] @x @y\na\\ b/**/c*\n!/vendor/\n^[B]\n\\#z @@owner\n",
            "*.js @a #x\r\n/apps/ @o/t\r\n/apps/github\r\n\u{FEFF}é* ü@ö.org\r\n",
        ]
        let policy = ReviewPolicy(roles: ["r": ["role:r", "ada"]], owners: ["@a": ["role:r"]])
        let trust = Trust(signers: AllowedSigners())
        try fuzz(rounds: 3000) { seed, random in
            let bytes = random.mutate(Array(files[Int(seed % 2)].utf8))
            let text = String(decoding: bytes, as: UTF8.self)
            for dialect in [nil, .github, .gitlab] as [CodeOwners.Dialect?] {
                let (value, diagnostics) = CodeOwners.parsing(text, dialect: dialect)
                let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).count
                for said in diagnostics {
                    #expect((1...lines).contains(said.place.line ?? 0), "seed \(seed)")
                }
                let paths = ["docs/a", "apps/github/x", "#z", "a b/c", "vendor/a"]
                let needed = value.requirements(for: paths)
                for one in needed {
                    #expect(!one.owners.isEmpty && one.approvals > 0, "seed \(seed)")
                }
                // More changed files never ask for fewer owners.
                let fewer = value.requirements(for: Array(paths.prefix(2)))
                #expect(Set(needed).isSuperset(of: fewer), "seed \(seed)")
                _ = value.groups(for: paths, policy: policy, trust: trust)
            }
        }
    }
}
