import Domain
import Testing

@testable import Planning

struct RulePlaceTests {
    private static let head = """
        files: [{path: d.csv, sha256: \(String(repeating: "0", count: 64))}]
        columns:
          - {name: amount, type: number}
          - {name: country, type: string}
        rules:

        """

    private func found(_ rules: String, head: String = RulePlaceTests.head) -> [String] {
        let parsed = decodeDataset(
            Array((head + rules).utf8), file: "datasets/d.yaml", name: DatasetName(checked: "d"))
        return parsed.diagnostics.map { found in
            "\(found.place.line ?? 0):\(found.place.column ?? 0) \(found.message)"
        }
    }

    /// Each rule compares at its only `<` what cannot be compared.
    @Test(arguments: [
        "  - {name: r, check: country < 1}\n",
        "  - name: r\n    check: amount > 0 and country < 1\n",
        "  - {name: r, check: 'country = ''it'' and country < 1'}\n",
        "  - {name: r, check: \"country = \\\"DE\\\" and country < 1\"}\n",
        "  - {name: r, check: \"amount\\u003E 0 and\\tcountry < 1\"}\n",
        "  - name: r\n    check: |\n      amount > 0\n      and country < 1\n",
        "  - name: r\n    check: >-\n      amount > 0\n\n      and\n      country < 1\n",
        "  - name: r\n    check: amount > 0\n      and\n      country < 1\n",
        "  - name: r\n    check: \"amount > 0 \\\n      and country < 1\"\n",
        "  - name: größe\n    check: country != 'größe' and country < 1\n",
    ])
    func `a mistake stands where the character is in the manifest`(rules: String) throws {
        let lines = (Self.head + rules).split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.contains("<") })
        let column = lines[line].unicodeScalars.prefix { $0 != "<" }.count + 1
        let expected = ["\(line + 1):\(column) a string cannot be compared with a number"]
        #expect(found(rules) == expected)
        let windows = found(
            rules.replacing("\n", with: "\r\n"), head: Self.head.replacing("\n", with: "\r\n"))
        #expect(windows == expected)
    }

    @Test func `the end of a rule is behind its last character`() {
        #expect(
            found("  - {name: r, check: amount >}\n")
                == ["6:30 expected a value, found the end of the rule"])
        #expect(
            found("  - name: r\n    check: |\n      amount >\n  - {name: s, check: amount > 1}\n")
                == ["8:15 expected a value, found the end of the rule"])
    }

    @Test func `every rule is checked, and right ones pass`() {
        let rules = """
              - {name: a, check: amount >= 0 and country is not null, severity: warn, mostly: 0.9}
              - {name: b, check: contry = 'DE'}
              - {name: c, check: amount = '1'}
            """
        #expect(
            found(rules + "\n") == [
                "7:22 there is no column `contry`; did you mean `country`?",
                "8:29 a number cannot be compared with a string",
            ])
    }

    @Test func `of a column that is wrong itself nothing more is said`() {
        let head = Self.head.replacing("amount, type: number", with: "amount, type: float")
        let messages = found("  - {name: a, check: amount >= 0 and}\n", head: head)
        #expect(messages.count == 2 && messages[1].hasSuffix("found the end of the rule"))
        #expect(found("  - {name: a, check: amount >= 0}\n", head: head).count == 1)
    }
}
