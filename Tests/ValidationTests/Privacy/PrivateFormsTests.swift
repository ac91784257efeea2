import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

struct PrivateFormsTests {
    private func kinds(_ text: String) -> PrivateForms.Kinds {
        let bytes = Array(text.utf8)
        return PrivateForms.kinds(in: bytes.span, bytes.indices)
    }

    /// Letters with cases and digits, all different while there are any left.
    private static func letters(_ count: Int) -> String {
        let all = Array("aZ3bY4cX5dW6eV7fU8gT9hS0iR1jQ2kPlOmNnM")
        return String((0..<count).map { all[$0 % all.count] })
    }

    @Test(arguments: [
        "ada@example.org", "write to Ada.Lovelace+x@mail.example.co.uk, or not",
        "<a_b%c@x-y.de>.", "mailto:a@b.cc",
    ])
    func `e-mail addresses are found in a text`(_ text: String) {
        #expect(kinds(text) == .email)
    }

    @Test(arguments: [
        "a@b", "@example.org", "a@.org", "a@example.1", "a @ example.org", "x@y..de",
        "price @ 3.50", "a.@example.org", "@mention and more", "user@localhost",
    ])
    func `what only has the sign is no address`(_ text: String) {
        #expect(kinds(text) == [])
    }

    @Test(arguments: [
        "4111111111111111", "card 4111 1111 1111 1111, thanks", "4012-8888-8888-1881",
        "378282246310005", "3782 822463 10005", "30569309025904", "5555555555554444",
        "2223003122003222", "6011111111111117", "3530111333300000", "6200000000000005",
        "4222222222222", "5105105105105100 2031",
    ])
    func `numbers of cards have an issuer, a length and a check digit`(_ text: String) {
        #expect(kinds(text) == .card)
    }

    @Test(arguments: [
        "4111111111111112", "411111111111111", "1111111111111117", "41111111111111110000000",
        "0.4111111111111111", "4111111111111111.5", "a4111111111111111", "4111111111111111x",
        "9999999999999995", "2024-01-02 101112", "4111  1111 1111 1111",
    ])
    func `other long numbers are no cards`(_ text: String) {
        #expect(!kinds(text).contains(.card))
    }

    @Test(arguments: [
        "DE89370400440532013000", "pay DE89 3704 0044 0532 0130 00.", "GB82 WEST 1234 5698 7654 32",
        "FR1420041010050500013M02606", "NO9386011117947", "MT84MALT011000012345MTLCAST001S",
    ])
    func `bank accounts have a country, its length and check digits`(_ text: String) {
        #expect(kinds(text) == .iban)
    }

    @Test(arguments: [
        "DE89370400440532013001", "DE8937040044053201300", "XX89370400440532013000",
        "DE893704004405320130000", "de89370400440532013000", "DE89-3704-0044-0532-0130-00",
    ])
    func `what is another length or sum is no account`(_ text: String) {
        #expect(!kinds(text).contains(.iban))
    }

    @Test(arguments: [
        "+49 30 901820", "call +1 (212) 555-0123 now", "+442079460958", "(212) 555-0123",
        "212-555-0123", "fax 212.555.0123", "030 / 90 18 20", "(030) 901820-17",
        "0049 30 901820",
    ])
    func `phone numbers are found`(_ text: String) {
        #expect(kinds(text) == .phone)
    }

    @Test(arguments: [
        "+12 days", "2024-01-02", "01-02-2024", "+0123456789", "112-555-0123", "212-155-0123",
        "0301234567", "5 + 3", "(1)", "212 555 0123", "212-555-01234", "+1234567890123456",
        "00:30:90:18:20", "0.1-0.2-0.3-0.4",
    ])
    func `days and sums are no phones`(_ text: String) {
        #expect(!kinds(text).contains(.phone))
    }

    @Test func `network addresses are found`() {
        for text in ["192.0.2.17", "from 192.0.2.17:80.", "2001:db8::1", "seen at 10.0.0.1."] {
            #expect(kinds(text) == .ip, "\(text)")
        }
        for text in ["1.2.3", "1.2.3.4.5", "256.1.1.1", "v1.2.3.4", "12:30:45", "::", "1.2.3.04"] {
            #expect(!kinds(text).contains(.ip), "\(text)")
        }
    }

    @Test func `a cell that is an IPv6 address is found, however short it is written`() {
        let texts = [
            "::1", "1::", "a::b", "fe80::1", "FF01::101", "0:0:0:0:0:0:0:1", "::13.1.68.3",
            "::FFFF:129.144.52.38", "2001:DB8::8:800:200C:417A", "1:2:3:4:5:6:7::",
        ]
        for text in texts { #expect(kinds(text) == .ip, "\(text)") }
        let others = [
            "", "::", ":::", ":1", "1:", "12:30", "1:2:3", "abc", "12345", "::g", "a:::b", "1::2::",
            "12345::", "1:2:3:4:5:6:7:8:9",
        ]
        for other in others { #expect(kinds(other).isEmpty, "\(other)") }
    }

    @Test func `addresses of any groups are found in both forms, and nothing near them`() {
        for seed in 0..<1000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let isUpper = random.below(2) == 0
            let groups = (0..<8).map { _ in
                String(random.below(0x10000), radix: 16, uppercase: isUpper)
            }
            let start = random.below(8)
            let end = start + 1 + random.below(8 - start)
            let (left, right) = (groups[..<start], groups[end...])
            let whole = groups.joined(separator: ":")
            let short = left.joined(separator: ":") + "::" + right.joined(separator: ":")
            #expect(kinds(whole).contains(.ip), "\(whole)")
            #expect(kinds(short).contains(.ip) == (short != "::"), "\(short)")
            let seven = groups.dropLast().joined(separator: ":")
            for near in [whole + ":0", seven, short + "::", "::" + short, short + "g"] {
                #expect(!kinds(near).contains(.ip), "\(near)")
            }
        }
    }

    @Test func `keys are known by how they begin`() {
        let keys = [
            "AKIA" + "IOSFODNN7EXAMPLE", "ghp_" + Self.letters(36),
            "token=xoxb-" + Self.letters(24),
            "glpat-" + Self.letters(20), "AIza" + Self.letters(35), "hf_" + Self.letters(34),
            "sk_live_" + Self.letters(24), "-----BEGIN RSA " + "PRIVATE KEY-----\nMII",
            "-----BEGIN " + "PRIVATE KEY-----",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9mLWl0",
        ]
        for key in keys { #expect(kinds(key) == .secret, "\(key)") }
        let others = [
            "AKIA" + "iosfodnn7example", "xghp_" + Self.letters(36), "ghp_short",
            "-----BEGIN CERTIFICATE-----", "eyJhbGciOiJIUzI1NiJ9",
        ]
        for other in others { #expect(!kinds(other).contains(.secret), "\(other)") }
    }

    @Test func `long texts of high entropy are random, words and digests are not`() {
        #expect(kinds(Self.letters(38)) == .random)
        #expect(kinds("key: \(Self.letters(38));") == .random)
        let others = [
            Self.letters(31), String(repeating: "aB3", count: 20),
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "123e4567-e89b-12d3-a456-426614174000",
            "src/Sources/Validation/Privacy/PrivateForms7/index-of-all-things",
            "a plain sentence that goes on for quite a while, and ends in 2026",
        ]
        for other in others { #expect(kinds(other) == [], "\(other)") }
    }

    @Test func `several kinds are found in one text, and short ones are passed over`() {
        #expect(kinds("a@b.cc or +49 30 901820") == [.email, .phone])
        #expect(kinds("") == [] && kinds("a@b") == [])
    }

    // MARK: Python as the oracle

    private static let script = """
        import json, random, sys
        random.seed(7)
        def luhn(t):
            d = [int(c) for c in t][::-1]
            return sum(d[0::2] + [sum(divmod(2 * x, 10)) for x in d[1::2]]) % 10 == 0
        cards = [str(random.choice([4, 4, 51, 55, 2300, 6011])) for _ in range(4000)]
        more = lambda n: "".join(random.choice("0123456789") for _ in range(n))
        cards = [h + more(16 - len(h)) for h in cards]
        ibans = []
        for _ in range(2000):
            body = more(18)
            good = 98 - int(body + "131400") % 97
            ibans.append(f"DE{random.choice([good, good, random.randrange(2, 99)]):02d}" + body)
        def iban(t):
            return int("".join(str(int(c, 36)) for c in t[4:] + t[:4])) % 97 == 1
        json.dump({"cards": [[t, luhn(t)] for t in cards], "ibans": [[t, iban(t)] for t in ibans]},
                  sys.stdout)
        """

    private struct Answer: Decodable {
        struct Pair: Decodable {
            var text: String
            var isOne: Bool

            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                text = try list.decode(String.self)
                isOne = try list.decode(Bool.self)
            }
        }

        var cards: [Pair]
        var ibans: [Pair]
    }

    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["SLIPWAY_TEST_PYTHON"] != nil,
            "set SLIPWAY_TEST_PYTHON to a Python; `make test` does"))
    func `check digits are those that Python computes`() async throws {
        let python = try #require(ProcessInfo.processInfo.environment["SLIPWAY_TEST_PYTHON"])
        let result = try await ChildProcess.run(
            python, ["-c", Self.script], input: [], outputLimitBytes: 16 << 20,
            deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(result.output))
        #expect(answer.cards.count == 4000 && answer.ibans.contains { !$0.isOne })
        for pair in answer.cards {
            #expect(kinds(pair.text).contains(.card) == pair.isOne, "\(pair.text)")
        }
        for pair in answer.ibans {
            #expect(kinds(pair.text).contains(.iban) == pair.isOne, "\(pair.text)")
        }
    }
}
