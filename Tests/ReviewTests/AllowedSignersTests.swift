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
            "eve",bob namespaces="git" \(second)\r
            """
        let parsed = AllowedSigners.parsing(text, file: "signers")
        #expect(parsed.value.lines.map(\.number) == [3, 12])
        #expect(parsed.diagnostics.map(\.place.line) == [4, 5, 6, 7, 8, 9, 10, 11])
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
        #expect(all.excluded == Set(["Ada@example.org", "root", "bob"].map { Principal($0) }))
        #expect(all.unmapped == ["ci@example.org", "eve"])
        let authors = exclusions(of: people, rule: ReviewRule(exclude: [.author]), signers: signers)
        #expect(authors.excluded == Set(["Ada@example.org", "root"].map { Principal($0) }))
        #expect(authors.unmapped.isEmpty)
    }
}
