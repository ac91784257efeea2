import Domain
import TestKit
import Testing

@testable import Planning

@Suite struct ManifestTextTests {
    private let digest = Digest(checked: String(repeating: "ab", count: 32))

    private func decode(_ text: String) -> Parsed<DatasetDraft> {
        decodeDataset(
            Array(text.utf8), file: "datasets/d.yaml", name: DatasetName(checked: "d"))
    }

    @Test func `a manifest that was written says what was meant`() throws {
        let text = manifestText(
            files: [("data/d.csv", nil, digest, 12)], format: .csv,
            columns: [
                WrittenColumn(name: "age", type: .integer, isRequired: true, remark: "0 to 99"),
                WrittenColumn(name: "no", type: .string, isRequired: false),
            ], label: "no", missingWords: ["NA", "?"], remark: "12 rows")
        #expect(
            text == """
                # 12 rows
                files:
                  - path: data/d.csv
                    sha256: \(digest)
                    rows: 12
                format: csv
                label: "no"
                columns:
                  - {name: age, type: integer, required: true}  # 0 to 99
                  - {name: "no", type: string}
                checks:
                  missing_values: [NA, "?"]

                """)
        let parsed = decode(text)
        #expect(parsed.diagnostics.isEmpty)
        let manifest = try #require(parsed.draft?.manifest)
        #expect(manifest.columns.map(\.name) == ["age", "no"] && manifest.label == "no")
        #expect(manifest.checks.missingValues == ["NA", "?"])
        #expect(manifest.files.map(\.rows) == [12])
    }

    @Test func `any column name comes back as it was`() throws {
        var random = Seeded(state: 5)
        let pieces = [
            "a", "Z", "0", " ", "\"", "\\", "'", ":", "#", "{", "}", "[", ",", "-", "\t", "é", "名",
            "\u{301}", "\u{200B}", "\u{202E}", "~", "&", "*", "!", "|", "%", "@", "`", "yes", "1e3",
        ]
        for _ in 0..<2000 {
            let name = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                pieces[Int.random(in: pieces.indices, using: &random)]
            }.joined()
            let text = manifestText(
                files: [("data/d.csv", "https://data.example.org/d.csv", digest, 1)], format: .csv,
                columns: [WrittenColumn(name: name, type: .string, isRequired: false)],
                label: nil, missingWords: [], remark: "")
            let parsed = decode(text)
            #expect(
                parsed.draft?.manifest.columns.map(\.name) == [name],
                "\(name.debugDescription) \(parsed.diagnostics)")
        }
    }

    @Test func `an edit changes the scalar and nothing else`() {
        let text = "# é: x\nfiles:\n  - {path: d, sha256: \"aa\", rows: 7}  # keep\r\n"
        let place = { Place(file: "f", line: $0, column: $1) }
        let edits = [
            ScalarEdit(at: place(3, 23), from: "aa", to: "bb"),
            ScalarEdit(at: place(3, 35), from: "7", to: "1000"),
        ]
        #expect(
            edited(text, edits)
                == "# é: x\nfiles:\n  - {path: d, sha256: \"bb\", rows: 1000}  # keep\r\n")
        #expect(edited(text, [ScalarEdit(at: place(3, 23), from: "ab", to: "c")]) == nil)
        #expect(edited(text, [ScalarEdit(at: place(9, 1), from: "a", to: "c")]) == nil)
    }
}
