import Domain
import Testing

@testable import Review

@Suite struct SpeedTests {
    /// The budget of 100 ms is for a release build; here the time is only shown.
    @Test func `a thousand approvals by a hundred people are verified`() throws {
        let scratch = try Scratch()
        let people = 100
        try scratch.run(
            """
            i=0; while [ $i -lt \(people) ]; do
            ssh-keygen -q -t ed25519 -N '' -C '' -f key$i; i=$((i + 1)); done
            """)
        var signers = ""
        var bodies: [(ref: String, raw: [UInt8])] = []
        for person in 0..<people {
            signers += "p\(person)@example.org \(try scratch.text("key\(person).pub"))"
            let files = try (0..<10).map { number in
                let digits = String(number) + String(repeating: "f", count: 63)
                let name = "approve/digits/\(digits.prefix(16))/p\(person)@example.org"
                let body = """
                    object \(String(repeating: "1", count: 40))
                    type commit
                    tag \(name)
                    tagger Ada <ada@example.org> 1780185600 +0000

                    Looks good.

                    Evidence: \(digits)

                    """
                try scratch.write("\(person)-\(number)", body.utf8)
                bodies.append(("refs/tags/\(name)", Array(body.utf8)))
                return "\(person)-\(number)"
            }
            try scratch.run(
                "ssh-keygen -q -Y sign -f key\(person) -n git \(files.joined(separator: " "))")
        }
        for index in bodies.indices {
            bodies[index].raw += try scratch.read("\(index / 10)-\(index % 10).sig")
        }
        let trust = Trust(signers: AllowedSigners.parsing(signers).value)
        var counted = 0
        let elapsed = ContinuousClock().measure {
            for (ref, raw) in bodies {
                let verdict = check(tag: ref, raw: raw, objectID: .zero, trust: trust, at: june)
                if case .approval = verdict { counted += 1 }
            }
        }
        #expect(counted == 1000)
        print("1000 approvals verified in \(elapsed)")
    }
}
