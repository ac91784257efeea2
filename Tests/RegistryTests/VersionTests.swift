import Domain
import Testing

@testable import Registry

@Suite struct VersionTests {
    let digits = ModelName(checked: "digits")

    @Test(arguments: [
        "nn@v1.0.0", "nn@v1.0.0-rc.2", "nn@v1.0.0+b.1", "nn@v1.0.0!#1", "nn#prod", "nn#prod!#2",
        "some/dir=nn#prod#1", "x#1#2", "nn@v1.0.0-rc.2+b.01", "a-b/c_d@v0.0.1", "m@deprecated",
        "m@deprecated#4", "m@created", "nn#1", "A#b", "nn@v1.0.0--", "n.x/y=m@v1.0.0",
    ])
    func `GTO's tags are read and printed alike`(tag: String) throws {
        #expect(try GTOTag(parsing: tag).description == tag)
    }

    @Test(arguments: [
        "model@v1", "model@0.0.1", "a@v01.0.0", "m.x@v1.0.0", "model#prod@v1.2.3",
        "model@v1.2.3#prod", "@ns/model@v1.0.0", "nn#prod#-1", "nn#prod#", "nn#", "nn@", "nn",
        "#prod", "nn@v1.0.0-", "nn@v1.0.0-01", "nn@v1.0.0+", "nn@v1.0.0-a..b", "nn-#prod",
        "a..b=m#prod", "nn#prod!!", "nn@v1.0.0.0", "=nn#prod", "a=b=c#prod", "nn#prod#1#2",
        "nn@latest", "nn#prod#99999999999999999999", "nn@v1.0.0#1!", "/nn#prod", "a//b=nn#prod",
        "a.lock/b=m#prod", "größe#prod", "",
    ])
    func `what GTO does not read is an error of that tag alone`(tag: String) {
        #expect(throws: RegistryError.self) { try GTOTag(parsing: tag) }
    }

    @Test func `the parts are what they say`() throws {
        let tag = try GTOTag(parsing: "some/dir=nn#prod!#12")
        #expect(tag.folder == "some/dir" && tag.name == "nn" && tag.counter == 12)
        #expect(tag.event == .unassigned(stage: "prod"))
        let stage = try GTOTag(parsing: "x#1#2")
        #expect(stage.event == .assigned(stage: "1") && stage.counter == 2)
        #expect(try GTOTag(parsing: "nn@v1.2.3").version == SemanticVersion(1, 2, 3))
        #expect(try GTOTag(parsing: "nn@v1.2.3-rc.1").version == nil)
    }

    @Test func `our own tags have the documented names`() throws {
        let production = EnvironmentName(checked: "production")
        let tags = [
            GTOTag(model: digits, version: .first),
            GTOTag(assigning: digits, to: production, number: 1),
            GTOTag(unassigning: digits, from: production, number: 3),
        ]
        let names = ["digits@v1.0.0", "digits#production#1", "digits#production!#3"]
        #expect(tags.map(\.description) == names)
        #expect(try names.map { try GTOTag(parsing: $0) } == tags)
    }

    @Test func `a malformed tag is reported and the others count`() {
        let parsed = VersionTags.parsing([
            "digits@v1.1.0", "digits@v1.0.0", "digits#production#1", "digits#staging!#7",
            "digits@v2", "digits@v1.2.0-rc.1", "other#production#9", "dir=digits#production#20",
            "approve/digits/5f5f5f5f5f5f5f5f/ada@example.org", "release-1",
        ])
        #expect(parsed.malformed.count == 1)
        #expect("\(parsed.malformed)".contains("digits@v2"))
        #expect(
            parsed.value.versions(of: digits)
                == [SemanticVersion(1, 0, 0), SemanticVersion(1, 1, 0)])
        #expect(parsed.value.nextCounter(of: digits) == 8)
        #expect(parsed.value.nextCounter(of: ModelName(checked: "new")) == 1)
    }

    @Test func `the next version is greater than all there are`() {
        for bump in VersionBump.allCases {
            #expect(nextVersion(existing: [], bump: bump) == SemanticVersion(1, 0, 0))
        }
        let existing = [SemanticVersion(1, 10, 2), SemanticVersion(1, 9, 9)]
        #expect(nextVersion(existing: existing, bump: .minor) == SemanticVersion(1, 11, 0))
        for seed in UInt64(1)...100 {
            var random = Seeded(state: seed)
            let some = (0..<5).map { _ in
                SemanticVersion(
                    .random(in: 0...3, using: &random), .random(in: 0...12, using: &random),
                    .random(in: 0...12, using: &random))
            }
            for bump in VersionBump.allCases {
                let next = nextVersion(existing: some, bump: bump)
                #expect(some.allSatisfy { $0 < next }, "seed \(seed)")
            }
        }
    }

    @Test func `tag messages are read as they were written, signed or not`() throws {
        func digest(_ byte: String) -> Digest {
            Digest(checked: String(repeating: byte, count: 32))
        }
        let candidate = Fingerprint(checked: String(repeating: "0a", count: 32))
        let commit = CommitID(checked: String(repeating: "1b", count: 20))
        let version = VersionMessage(
            model: digits, version: .first, candidate: candidate, evidence: digest("2c"),
            artifact: digest("3d"),
            datasets: [
                DatasetName(checked: "digits-train"): digest("4e"),
                DatasetName(checked: "digits-test"): digest("5f"),
            ],
            approvedBy: [Principal("ada@example.org"), Principal("bob")], configCommit: commit)
        let signature = "-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n"
        #expect(version.text.hasPrefix("digits v1.0.0\n\nCandidate: 0a0a"))
        #expect(version.text.contains("Dataset: digits-test 5f5f"))
        #expect(try VersionMessage(parsing: version.text) == version)
        #expect(try VersionMessage(parsing: version.text + signature) == version)

        for (some, evidence) in [(candidate, digest("2c")), (nil, nil)]
            as [(
                Fingerprint?, Digest?
            )]
        {
            let assignment = AssignmentMessage(
                subject: "digits v1.0.0 to production", candidate: some, evidence: evidence,
                approvedBy: [Principal("ada@example.org")], configCommit: commit)
            #expect(try AssignmentMessage(parsing: assignment.text) == assignment)
            #expect(try AssignmentMessage(parsing: assignment.text + signature) == assignment)
        }
        #expect(throws: RegistryError.self) { try VersionMessage(parsing: "digits v1.0.0\n") }
        #expect(throws: RegistryError.self) {
            try VersionMessage(parsing: version.text + "Evidence: \(digest("2c"))\n")
        }
        #expect(throws: RegistryError.self) { try AssignmentMessage(parsing: "") }
    }
}
