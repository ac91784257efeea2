import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

struct TextFormTests {
    @Test(arguments: [
        (
            ColumnDeclaration.TextFormat.email,
            ["a@b", "a.b+c@x-1.example.org", "!#$%&'*@1.2", "..@a"]
        ),
        (.uuid, ["123e4567-e89b-12d3-a456-426614174000", "FFFFFFFF-ffff-FFFF-ffff-000000000000"]),
        (.ipv4, ["0.0.0.0", "255.255.255.255", "10.0.20.3"]),
        (
            .ipv6,
            ["::", "::1", "1::", "2001:db8::ff00:42:8329", "::ffff:192.0.2.1", "1:2:3:4:5:6:7::"]
        ),
        (
            .uri,
            [
                "http://example.org", "urn:isbn:0451450523", "mailto:a@b.c", "a:", "file:///x/y",
                "https://u:p@h.org:8080/a;b/%7Ec?q=1/?&r#f?/", "ldap://[2001:db8::7]/c=GB?x",
                "http://[v7.a:b]:1", "tel:+1-816-555-1212", "http://", "x:/a//b", "http://a:/",
            ]
        ),
    ])
    func `texts of a form are accepted`(format: ColumnDeclaration.TextFormat, texts: [String]) {
        for text in texts { #expect(has(format, text), "\(text)") }
    }

    @Test(arguments: [
        (
            ColumnDeclaration.TextFormat.email,
            [
                "", "a", "@b", "a@", "a@b@c", "a b@c", "a@-b", "a@b-", "a@b..c", "a@.b", "a@b.",
                "ä@b", "a@ä", "\"a\"@b", "a@" + String(repeating: "b", count: 64),
            ]
        ),
        (
            .uuid,
            [
                "", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400",
                "123e4567-e89b-12d3-a456-42661417400g", "{123e4567-e89b-12d3-a456-426614174000}",
            ]
        ),
        (
            .ipv4,
            ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1..2.3", "1.2.3.", "1.2.3.4 "]
        ),
        (
            .ipv6,
            [
                "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::",
                "::g", "1:", ":1", "::1.2.3", "1.2.3.4", "::1.2.3.4:1", "fe80::1%eth0", "[::1]",
                "1:2:3:4:5:6:7:8::", "1:2:3:4:5:6:7:1.2.3.4", "::1:2:3:4:5:6:7:8",
            ]
        ),
        (
            .uri,
            [
                "", "example.org", "/a/b", "//host/a", "1a:b", ":a", "http://a b", "http://ä",
                "a:%2", "a:%zz", "http://[::1", "http://[1.2.3.4]", "http://a:b:1/", "a:[b]",
                "http://a@b@c", "a:b#c#d", "a:\\b", "http://h:8o/", "http://[v.a]", "a:\"",
            ]
        ),
    ])
    func `texts that only resemble a form are refused`(
        format: ColumnDeclaration.TextFormat, texts: [String]
    ) {
        for text in texts { #expect(!has(format, text), "\(text)") }
    }

    @Test func `addresses are those of Python's ipaddress`() async throws {
        let script = """
            import ipaddress, json, sys
            def known(kind, text):
                try:
                    kind(text)
                    return "%" not in text and "/" not in text
                except ValueError:
                    return False
            both = (ipaddress.IPv4Address, ipaddress.IPv6Address)
            json.dump([[known(kind, t) for kind in both] for t in json.load(sys.stdin)], sys.stdout)
            """
        var texts: [String] = []
        let parts = ["1", "0", "ffff", ":", ":", "::", ".", "255", "256", "12", "a", "00"]
        for seed in 0..<20_000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            texts.append(
                (0..<3 + random.below(14)).map { turn in
                    seed % 2 == 0
                        ? parts[random.below(parts.count)]
                        : turn % 2 == 0
                            ? ["1", "ab", "255"][random.below(3)]
                            : [":", ":", ":", ".", "::"][random.below(5)]
                }.joined())
        }
        let result = try await ChildProcess.run(
            "python3", ["-c", script], input: Array(try JSONEncoder().encode(texts)),
            outputLimitBytes: 16 << 20, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        let answers = try JSONDecoder().decode([[Bool]].self, from: Data(result.output))
        for (text, answer) in zip(texts, answers) {
            #expect([has(.ipv4, text), has(.ipv6, text)] == answer, "\(text)")
        }
        #expect(answers.count { $0[1] } > 50)
    }

    @Test func `bounds may be excluded, and lengths are counted in characters`() async throws {
        let folder = try Folder()
        var above = column("n", .number, min: 0, max: 1)
        above.excludesMin = true
        above.excludesMax = true
        var whole = column("i", .integer, min: -3, max: 9_223_372_036_854_775_808)
        whole.excludesMin = true
        whole.excludesMax = true
        var text = column("s")
        text.minLength = 2
        text.maxLength = 3
        var mail = column("m", pattern: ".*[a-z]")
        mail.format = .email
        let file = try folder.add(
            "d.csv",
            "n,i,s,m\n0.5,-2,äöü,a@b\n0,-3,ä,a@b.\n1,9223372036854775807,abcd,\"a\"\"@b\"\n"
                + "-0,-4,\"a\"\"b\",a@1\n1e-300,+3,\"\"\"\",x\n")
        let lines = try folder.add(
            "d.jsonl",
            "{\"n\": 1, \"i\": -3, \"s\": \"\\u00e4\", \"m\": \"a\"}\n"
                + "{\"n\": 0.1, \"i\": 0, \"s\": \"\\n\\n\", \"m\": \"a@b\"}\n")
        let table = try await validate(
            manifest([file], [above, whole, text, mail]), root: folder.path,
            options: ValidationOptions(chunkBytes: 7))
        #expect(
            table.diagnostics.map { "\($0.place) \($0.message)" } == [
                "d.csv:3:1 0 is not above 0", "d.csv:4:1 1 is not below 1",
                "d.csv:5:1 -0 is not above 0", "d.csv:3:2 -3 is not above -3",
                "d.csv:5:2 -4 is not above -3",
                "d.csv:3:3 `ä` has 1 character, at least 2 are needed",
                "d.csv:4:3 `abcd` has 4 characters, at most 3 are allowed",
                "d.csv:6:3 `\"` has 1 character, at least 2 are needed",
                "d.csv:3:4 `a@b.` does not match `.*[a-z]`",
                "d.csv:5:4 `a@1` does not match `.*[a-z]`",
                "d.csv:4:4 `a\"@b` is not an e-mail address",
                "d.csv:6:4 `x` is not an e-mail address",
            ])
        let objects = try await validate(
            manifest([lines], [above, whole, text, mail], format: .jsonl), root: folder.path)
        #expect(
            objects.violations.map { "\($0.rule.rawValue) \($0.column ?? "")" } == [
                "range i", "range n", "length s", "format m",
            ])
    }

    private func has(_ format: ColumnDeclaration.TextFormat, _ text: String) -> Bool {
        // In front and behind stands what must not be looked at.
        let bytes = Array("1\(text)1".utf8)
        return hasForm(format, bytes.span, 1..<bytes.count - 1)
    }
}
