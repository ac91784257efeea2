import Domain
import Git
import Testing

@Suite struct TrailerTests {
    static let messages: [String] = [
        "", "\n", "title", "title\n", "Key: value\n", "title\n\nbody\n", "title\n\nKey: value\n",
        "title\n\nKey: value", "title\n\nKey:value\n", "title\n\nKey : value\n",
        "title\n\nKey two: value\n", "title\n\nKey two : value\n", "title\n\nKey\t: value\n",
        "title\n\n: value\n", "title\n\nKey:\n", "title\n\nKey: \n", "title\nKey: value\n",
        "title\n\nbody\nKey: value\n", "title\n\nbody\nSigned-off-by: a <a@b>\n",
        "title\n\na\nb\nc\nSigned-off-by: a <a@b>\n",
        "title\n\na\nb\nc\nd\nSigned-off-by: a <a@b>\n",
        "title\n\na\nb\nc\nd\nK: v\nSigned-off-by: a <a@b>\n",
        "title\n\n(cherry picked from commit 0123)\n",
        "title\n\nK: v\n(cherry picked from commit 01)\n",
        "title\n\nsome text\n(cherry picked from commit 01)\nK: v\n",
        "title\n\nKey: one\n two\n\tthree\nOther: x\n", "title\n\nKey:\n  one\n  two\n",
        "title\n\nKey: one\n\nOther: two\n", "title\n\nKey: one\n\n\n", "title\n\nKey: one\n   \n",
        "title\n\n   \nKey: one\n", "title\n\n  folded\nKey: one\n",
        "title\n\nKey: one\ntext\n two\n",
        "title\n\ntext\n two\nKey: one\nSigned-off-by: a <a@b>\n", "title\n\nA: 1\nA: 2\na: 3\n",
        "title\n\nhttp://x.y/z\n", "title\n\nsee http://x.y\nA: 1\n", "title\n\nKey: a: b: c\n",
        "title\n\nK-e-y: value\n", "title\n\nK_y: value\n", "title\n\nKéy: value\n",
        "title\n\nKey: ünïcode ✓\n", "title\n\n-: x\n", "title\n\n1: x\n",
        "title\n\nKey: v\n# comment\n", "title\n\nKey: v\n# comment\n\n# more\n",
        "# comment\ntitle\n\nKey: v\n", "title\n\n# comment\nKey: v\n",
        "title\n\nKey: v\n# c\nOther: w\n", "title\n\ntext\n# c\nOther: w\n", "#\n\nKey: v\n",
        "# a\n# b\n", "title\n\nKey: v\nConflicts:\n\ta.txt\n\tb.txt\n",
        "title\n\nKey: v\n\nConflicts:\n\ta.txt\n", "title\n\nConflicts:\n\ta.txt\nKey: v\n",
        "title\n\nKey: v\n# ------------------------ >8 ------------------------\nOther: w\n",
        "title\n\nKey: v\n---\nOther: w\n", "title\n\nbody\n---\n\nOther: w\n",
        "title\n\nKey: v\n--- a\n+x\n", "title\n\nKey: v\n----\n", "title\n\nKey: v\n---",
        "---\ntitle\n\nKey: v\n", "title\r\n\r\nKey: v\r\n", "title\n\nKey: v \t \n",
        "\n\ntitle\n\nKey: v\n", "\nKey: v\n", "title\n\nKey: v\n\u{b}\nOther: w\n",
        "title\n \nKey: v\n", "title\n\n\tKey: v\n", "title\n\nKey: v\n\n \n# c\n\n",
        "title\n\nKey: v\n two # x\n",
        "title\n\nThis reverts commit 0123.\n\nRestored-from: v1.0.0\nModel: digits\n",
    ]

    @Test(arguments: messages)
    func `trailers are what git interpret-trailers finds`(message: String) async throws {
        try await Fixture.use { fixture in
            for (dividers, flag) in [(false, "--no-divider"), (true, "--only-trailers")] {
                let said = try fixture.git(
                    "interpret-trailers", "--parse", flag, in: fixture.folder, input: message)
                let ours = Trailer.all(in: message, stopsAtDivider: dividers)
                    .map { "\($0.key): \($0.value)\n" }.joined()
                #expect(ours == said, "\(message.debugDescription) \(flag)")
            }
        }
    }

    @Test func `messages put together at random have the trailers that git finds`() async throws {
        let pieces = [
            "title\n", "\n", "\n", "Key: v\n", "Other-key: w\n", " folded\n", "plain text\n",
            "Signed-off-by: a <a@b>\n", "(cherry picked from commit 01)\n", "# comment\n",
            "---\n", "\t\n", "Conflicts:\n", "\tfile\n", "no newline",
        ]
        let seed = UInt64.random(in: 0...UInt64.max)
        var numbers = Seeded(state: seed)
        try await Fixture.use { fixture in
            for _ in 0..<150 {
                let count = Int.random(in: 1...9, using: &numbers)
                let message =
                    "title\n\n"
                    + (0..<count).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
                let said = try fixture.git(
                    "interpret-trailers", "--parse", "--no-divider", in: fixture.folder,
                    input: message)
                let ours = Trailer.all(in: message).map { "\($0.key): \($0.value)\n" }.joined()
                #expect(ours == said, "\(message.debugDescription), seed \(seed)")
            }
        }
    }

    @Test(arguments: ["SSH SIGNATURE", "PGP SIGNATURE", "PGP MESSAGE", "SIGNED MESSAGE"])
    func `a signature block is cut off before trailers are read`(kind: String) {
        let text = "Looks right.\n\nEvidence: 0123\n"
        let signed = text + "-----BEGIN \(kind)-----\nabc\n-----END \(kind)-----\n"
        #expect(withoutSignature(signed) == text)
        #expect(Trailer.all(in: signed) == [Trailer(key: "Evidence", value: "0123")])
    }

    @Test func `only the last beginning of a signature cuts`() {
        let quoted = "see\n-----BEGIN SSH SIGNATURE-----\nquoted\n\nKey: v\n"
        let signed = quoted + "-----BEGIN SSH SIGNATURE-----\nabc\n"
        #expect(withoutSignature(signed) == quoted)
        let inside = "a -----BEGIN SSH SIGNATURE-----\n"
        #expect(withoutSignature(inside) == inside)
    }

    @Test func `values are found whatever the case of the key`() {
        let trailers = Trailer.all(in: "t\n\nco-authored-by: A\nX: y\nCo-Authored-By: B\n")
        #expect(trailers.values(of: "Co-authored-by") == ["A", "B"])
    }
}

/// SplitMix64, so that a failing seed can be run again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
