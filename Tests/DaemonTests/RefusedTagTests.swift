import Daemon
import Domain
import Host
import Journal
import Testing

/// What people see of review tags that do not count.
@Suite struct RefusedTagTests {
    private func problem(_ yard: Yard) async throws -> Problem? {
        try await yard.journal.problems().first { $0.key == "tags:m" }
    }

    @Test(.timeLimit(.minutes(5)))
    func `every kind of tag that does not count is shown until its ref is gone`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            let digest = try await yard.evidence(first)
            let names = [
                "approve/m/\(EvidenceID(digest))/light@example.org",
                "approve/m/zzz/ada@example.org",
                "reject/m/\(EvidenceID(digest))/plain@example.org",
            ]
            try await yard.git("tag", names[0])
            try await yard.git("tag", "-a", "-m", "yes", names[1])
            try await yard.git("tag", "-a", "-m", "no", names[2])
            try await yard.git("push", "-q", "origin", "--tags")
            try await eventually("three are shown") {
                try await problem(yard)?.failure.details.count == 3
            }
            let details = try #require(try await problem(yard)).failure.details
            #expect(Set(details.map(\.place.file)) == Set(names.map { "refs/tags/\($0)" }))
            #expect(details.allSatisfy { $0.hint != nil && !$0.message.isEmpty })
            try await yard.release(first)
            #expect(try await problem(yard) != nil, "a good tag beside them mends nothing")

            try await yard.git("push", "-q", "--delete", "origin", names[0], names[1])
            try await eventually("one is left") {
                try await problem(yard)?.failure.details.isEmpty ?? false
            }
            let left = try #require(try await problem(yard)).failure
            #expect(left.place == "refs/tags/\(names[2])" && left.hint != nil)
            #expect(left.what.contains(names[2]) && left.what.contains("not signed"), "\(left)")

            await yard.stop()
            try await yard.start()
            try await yard.git("push", "-q", "--delete", "origin", names[2])
            try await eventually("none is left") { try await problem(yard) == nil }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a key that nobody knows is named with the line to add`() async throws {
        try await play { yard in
            let digest = try await yard.evidence(try await yard.push(shellModel(), "first"))
            try await yard.run(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(yard.folder)/unknown")
            let ref = try await yard.sign("approve", "m", digest, key: "unknown")
            try await eventually("it is shown") { try await problem(yard) != nil }
            let failure = try #require(try await problem(yard)).failure
            #expect(failure.place == ref)
            #expect(failure.what.contains("is not in the trusted allowed_signers"), "\(failure)")
            #expect(failure.hint?.contains("trust/allowed_signers") ?? false, "\(failure)")
            try await yard.git("push", "-q", "--delete", "origin", ref)
            try await yard.sign("approve", "m", digest)
            try await eventually("the tag was replaced") { try await problem(yard) == nil }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `tags that are no tag objects at all stop nothing, and of many some are shown`()
        async throws
    {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            _ = try await yard.evidence(first)
            try writeFileAtomically(
                "\(yard.folder)/huge", Array(repeating: UInt8(ascii: "x"), count: 2 << 20))
            try await yard.git("tag", "-a", "-F", "\(yard.folder)/huge", "approve/m/huge/ada")
            for number in 1...24 {
                try await yard.git("tag", "-a", "-m", "yes \(number)", "approve/m/n\(number)/ada")
            }
            try await yard.git("push", "-q", "origin", "--tags")
            try await eventually("they are counted") {
                try await problem(yard)?.failure.what.hasPrefix("25 review tags of m") ?? false
            }
            let failure = try #require(try await problem(yard)).failure
            #expect(failure.details.count == 20)
            #expect(failure.what.contains("the newest 20 are shown"), "\(failure.what)")
            try await yard.release(first)
        }
    }
}
