import Domain
import Testing

@testable import Review

@Suite struct AllowedSignersTests {
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIVVt73wTm54/BqcX/x8FJnVfVI9mwSFSfHHpF5tzPsE"
    let second = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBVVt73wTm54/BqcX/x8FJnVfVI9mwSFSfHHpF5tzPsE"

    @Test(arguments: [
        ("ada", "ada", true), ("ada", "Ada", false), ("a*", "ada", true), ("*", "", true),
        ("a?a", "ada", true), ("a?a", "adda", false), ("*@x.org,!eve@x.org", "eve@x.org", false),
        ("*@x.org,!eve@x.org", "ada@x.org", true), ("!eve", "ada", false), ("bob,ada", "ada", true),
        ("a*d*a", "abcdda", true), ("a*d*a", "abcdd", false), ("**", "x", true),
    ])
    func `patterns match as in ssh`(patterns: String, text: String, isMatch: Bool) {
        #expect(PatternList(patterns).matches(text) == isMatch)
    }

    @Test func `of very many bad lines the first are shown`() {
        let text = String(repeating: "nonsense\n", count: 5000)
        for findings in [
            AllowedSigners.parsing(text).diagnostics, RevokedKeys.parsing(text).diagnostics,
            GPGSigners.parsing(text).diagnostics,
        ] {
            #expect(findings.count == 1001)
            #expect(findings.allSatisfy { $0.severity == .error })
        }
        let last = AllowedSigners.parsing(text).diagnostics.last
        #expect(last?.message == "and 4000 more lines are wrong")
    }

    @Test func `a bad line is set aside and the others count`() {
        let text = """
            # comment

            ada \(key) laptop
            bob valid-before="20260101" \(key)
            bob valid-before="20260230Z" \(key)
            bob colour="red" \(key)
            bob ssh-dss AAAA
            bob ssh-ed25519 AAAA
            bob
            bob ssh-ed25519-cert-v01@openssh.com AAAA
            bob valid-after="20260102Z",valid-before="20260101Z" \(key)
            "eve,bob" namespaces="git" \(second)\r
            "eve",bob namespaces="git" \(second)
            """
        let parsed = AllowedSigners.parsing(text, file: "signers")
        #expect(parsed.value.lines.map(\.number) == [3, 12])
        #expect(parsed.diagnostics.map(\.place.line) == [4, 5, 6, 7, 8, 9, 10, 11, 13])
        #expect(parsed.diagnostics.allSatisfy { $0.place.file == "signers" })
        #expect(parsed.diagnostics[0].message.contains("does not end in Z"))
    }

    @Test func `names that share keys are one person`() {
        let third = second.replacing("IBVV", with: "ICVV")
        let text = "ada,ada@home \(key)\nada@work \(key)\nada@work \(second)\nbob \(third)\n"
        let signers = AllowedSigners.parsing(text).value
        let ada: Set = ["ada", "ada@home", "ada@work"].reduce(into: Set<Principal>()) {
            $0.insert(Principal($1))
        }
        #expect(signers.aliases(of: Principal("ada@home")) == ada)
        #expect(signers.aliases(of: Principal("bob")) == [Principal("bob")])
    }

    @Test func `revoked keys are read in every form that key files have`() throws {
        let parsed = RevokedKeys.parsing("# gone\nada \(key) x\n\(second)\nnonsense\n")
        #expect(parsed.value.blobs.count == 2)
        #expect(parsed.diagnostics.map(\.place.line) == [4])
    }

    @Test func `the policy digest changes with meaning and not with comments`() {
        let rule = ReviewRule(approvals: 1, exclude: [.author])
        let plain = policyDigest(signers: "ada k\n", rule: rule)
        #expect(policyDigest(signers: "# c\n\n  ada k \r\n", rule: rule) == plain)
        #expect(policyDigest(signers: "ada l\n", rule: rule) != plain)
        #expect(policyDigest(signers: "ada k\n", revoked: "x", rule: rule) != plain)
        #expect(policyDigest(signers: "ada k\n", rule: ReviewRule(approvals: 2)) != plain)
        #expect(
            plain.hex == "9b29a19dae673ba80c8bc603a072bcd5fd604a1b5c1a2a1e265c6a618c6b8176")
    }

    @Test func `authors are excluded under all their names, and strangers are reported`() {
        let signers = AllowedSigners.parsing("Ada@example.org,root \(key)\nbob \(second)\n").value
        let people = [
            CommitPeople(
                author: "ada@EXAMPLE.org", committer: "ci@example.org", coAuthors: ["bob", "eve"])
        ]
        let all = exclusions(of: people, rule: ReviewRule(), signers: signers)
        let addresses = ["ada@EXAMPLE.org", "ci@example.org", "eve"]
        let names = ["Ada@example.org", "root", "bob"]
        #expect(all.excluded == Set((addresses + names).map { Principal($0) }))
        #expect(all.unmapped == ["ci@example.org", "eve"])
        let authors = exclusions(of: people, rule: ReviewRule(exclude: [.author]), signers: signers)
        let author = ["ada@EXAMPLE.org", "Ada@example.org", "root"]
        #expect(authors.excluded == Set(author.map { Principal($0) }))
        #expect(authors.unmapped.isEmpty)
    }

    @Test(arguments: [
        "ada,valid-before=\"20270101Z\"", "ada,cert-authority", "ada(namespaces=\"git\"",
        "ada namespaces=git", "ada valid-before=20270101Z", "ada namespaces=\"git\"\"x\"",
        "ada cert-authority=", "ada cert-authority=\"yes\"", "ada namespaces=\"git\",",
        "ada\u{1} namespaces=\"git\"", "\"ada\"x",
    ])
    func `options that would be lost set the line aside`(start: String) {
        let parsed = AllowedSigners.parsing("\(start) \(key)\n")
        #expect(parsed.value.lines.isEmpty && parsed.diagnostics.count == 1, "\(parsed)")
    }

    @Test func `an address that only a GPG key has is excluded with all names of its person`() {
        let digits = String(repeating: "AB", count: 20)
        let gpg = GPGSigners.parsing("zoe@example.org \(digits)\nzoe \(digits)\n")
        #expect(gpg.diagnostics.map(\.place.line) == [2])
        let signers = AllowedSigners.parsing("zoe@example.org,zoe \(key)\n").value
        let trust = Trust(signers: signers, gpg: gpg.value)
        let people = [CommitPeople(author: "zoe@example.org", committer: "zoe@example.org")]
        let found = exclusions(of: people, rule: ReviewRule(), trust: trust)
        #expect(found.excluded == [Principal("zoe@example.org"), Principal("zoe")])
        #expect(found.unmapped.isEmpty)
    }

    @Test func `an authority makes nobody an alias of anybody`() {
        let text = """
            ada,bob cert-authority \(key)
            eve \(second)
            *@x.org cert-authority \(second)
            """
        let signers = AllowedSigners.parsing(text).value
        #expect(signers.aliases(of: Principal("ada")) == [Principal("ada")])
        #expect(signers.principals.map(\.text) == ["ada", "bob", "eve"])
        #expect(AllowedSigners.parsing("*@x cert-authority \(key)").value.trustsSomebody)
        #expect(!AllowedSigners.parsing("*@x \(key)").value.trustsSomebody)
    }

    @Test(arguments: [
        ("\u{430}da@example.org", "mixes"), ("ada\u{200D}@example.org", "cannot be seen"),
        ("ada\u{202E}@example.org", "cannot be seen"), ("\u{3BF}\u{3C1}e@x", "mixes"),
        ("zoe\u{308}@example.org", "looks like"), ("\u{430}\u{441}\u{435}", "looks like"),
    ])
    func `a name that looks like another is set aside`(name: String, because part: String) {
        let text = "zo\u{EB}@example.org,ace \(key)\n\(name) \(second)\n"
        let parsed = AllowedSigners.parsing(text)
        #expect(parsed.value.lines.map(\.number) == [1])
        #expect(parsed.diagnostics.first?.message.contains(part) == true)
        #expect(parsed.diagnostics.first?.message.contains("U+") == true)
    }

    @Test func `names in one script of their own are names`() {
        let text = """
            \u{430}\u{434}\u{430}@example.org \(key)
            zo\u{EB}@x \(second)
            """
        #expect(AllowedSigners.parsing(text).diagnostics.map(\.message) == [])
    }
}
