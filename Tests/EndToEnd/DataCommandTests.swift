import Domain
import Host
import Testing

/// An engineer brings a file, writes its manifest, changes it, and looks at what changed.
@Suite struct DataCommandTests {
    private func table(_ rows: Range<Int>, shift: Int = 0) -> String {
        "id,amount,country,note\n"
            + rows.map { row in
                let country = ["DE", "AT", "CH"][row % 3]
                let note = row % 10 == 0 ? "NA" : "7"
                return "\(row),\(Double(row % 97 + shift) / 2),\(country),\(note)\n"
            }.joined()
    }

    @Test(.timeLimit(.minutes(15)))
    func `a manifest is written, checked, found, updated and compared`() async throws {
        try await Harbour.use { harbour in
            try harbour.shellRepository()
            try harbour.file("data/sales.csv", table(0..<1000))
            let path = try await harbour.slipway(
                "dataset", "init", "data/sales.csv", "--label", "country")
            #expect(path == "datasets/sales.yaml\n")
            let written = try harbour.read("datasets/sales.yaml")
            #expect(written.contains("{name: id, type: integer, required: true}"), "\(written)")
            #expect(written.contains("{name: amount, type: number, required: true}"))
            #expect(written.contains("{name: note, type: integer}"))
            #expect(
                written.contains("missing_values: [NA]") && written.contains("label: country"))
            #expect(try await harbour.slipway("check").isEmpty)
            await #expect(throws: (any Error).self) {
                try await harbour.slipway("dataset", "init", "data/sales.csv")
            }
            #expect(
                try await harbour.slipway("data", "search", "amo").hasPrefix("sales  column amount")
            )
            #expect(try await harbour.slipway("data", "show").contains("sales"))
            #expect(try await harbour.slipway("data", "show", "sales").contains("DE (334)"))
            try await harbour.push("sales")

            try harbour.file("data/sales.csv", table(500..<1500, shift: 90))
            let update = try await harbour.slipway("dataset", "update", "sales")
            #expect(update.contains("amount: psi"), "\(update)")
            #expect(try await harbour.slipway("check").isEmpty)
            #expect(try await harbour.slipway("dataset", "update").isEmpty, "nothing is left to do")
            let remarks = try harbour.read("datasets/sales.yaml")
            #expect(written.contains("# 0 to 999; 1000 different"), "\(written)")
            #expect(remarks.contains("# 500 to 1499; 1000 different"), "\(remarks)")
            #expect(!remarks.contains("0 to 999;"))
            let page = try await harbour.slipway("data", "show", "sales", "--html", "sales.html")
            #expect(page == "sales.html\n")
            let html = try harbour.read("sales.html")
            #expect(html.contains("amount") && html.contains("class=\"before\""))
            let manifest = try harbour.read("datasets/sales.yaml")
            let quantiles = [0.5, 0.9].map { "    - {columns: [amount], share: \($0), max: 900}\n" }
            try harbour.file(
                "datasets/sales.yaml",
                manifest.replacing("amount, type: number", with: "amount, type: number, max: 90")
                    .replacing("checks:\n", with: "checks:\n  quantile:\n" + quantiles.joined()))
            await #expect(throws: (any Error).self) {
                try await harbour.slipway("check", "--sarif", "s.sarif", "--junit", "j.xml")
            }
            #expect(try harbour.read("s.sarif").contains(#""ruleId":"range""#))
            let cases = try harbour.read("j.xml")
            #expect(cases.contains("<failure type=\"range\""))
            #expect(
                cases.split(separator: "name=\"quantile of amount (").count == 3, "\(cases)")
            try harbour.file("datasets/sales.yaml", manifest)
            try await harbour.push("more sales")

            let diff = try await harbour.slipway("data", "diff", "HEAD~1", "HEAD")
            #expect(
                diff.hasPrefix("sales: 1000 → 1000 rows, 1000 added, 1000 removed, 0 kept"),
                "\(diff)")
            #expect(diff.contains("failed: amount: psi"))
            #expect(try await harbour.slipway("data", "diff", "HEAD", "HEAD").isEmpty)

            let wide = table(500..<1400, shift: 90).split(separator: "\n").enumerated()
                .map { $0.offset == 0 ? "\($0.element),more\n" : "\($0.element),1\n" }
            try harbour.file("data/sales.csv", wide.joined())
            // Because nobody has declared the column.
            await #expect(throws: (any Error).self) {
                try await harbour.slipway("dataset", "update", "sales")
            }
            try await harbour.push("another column")
            let shared = try await harbour.slipway("data", "diff", "HEAD~1", "HEAD")
            #expect(
                shared.hasPrefix(
                    "sales: 1000 → 900 rows, 0 added, 100 removed, 900 kept by the 4 columns"),
                "\(shared)")
        }
    }
}

extension DataCommandTests {
    @Test(.timeLimit(.minutes(15)))
    func `manifests of every kind of file are written, checked and moved`() async throws {
        try await Harbour.use { harbour in
            try harbour.shellRepository()
            for number in 1...3 {
                try harbour.file("data/shards/part-\(number).csv", table(0..<(number * 10)))
            }
            try harbour.file("data/tab.tsv", "a\tb\n1\tx,y\n2\tz\n")
            try harbour.file("data/words.txt", "one two\nthree\n")
            try harbour.file("data/texts/a.txt", "one\ntwo\n")
            try harbour.file("data/texts/b.txt", "three\n")
            let shards = try await harbour.slipway(
                "dataset", "init", "data/shards/part-*.csv", "--name", "shards")
            #expect(shards == "datasets/shards.yaml\n")
            for file in ["data/tab.tsv", "data/words.txt", "data/texts/"] {
                #expect(try await harbour.slipway("dataset", "init", file).hasSuffix(".yaml\n"))
            }
            await #expect(throws: (any Error).self, "a file that is named twice") {
                try await harbour.slipway(
                    "dataset", "init", "data/shards/part-1.csv", "data/shards/part-*.csv")
            }
            let parts = try harbour.read("datasets/shards.yaml")
            #expect(parts.contains("path: \"data/shards/part-*.csv\""), "\(parts)")
            #expect(parts.contains("rows: 60") && parts.contains("name: amount, type: number"))
            #expect(try harbour.read("datasets/texts.yaml").contains("path: data/texts/\n"))
            let tab = try harbour.read("datasets/tab.yaml")
            #expect(tab.contains("name: a, type: integer") && tab.contains("name: b, type: string"))
            #expect(try await harbour.slipway("check").isEmpty)
            try await harbour.push("many kinds")

            try harbour.file("data/shards/part-4.csv", table(100..<110))
            await #expect(throws: (any Error).self) { try await harbour.slipway("check") }
            let update = try await harbour.slipway("dataset", "update")
            #expect(update.contains("shards: 60 → 70 rows"), "\(update)")
            #expect(try await harbour.slipway("check").isEmpty)
            try await harbour.push("one shard more")
        }
    }
}

extension DataCommandTests {
    /// A manifest that names files twice is wrong, and what it says of others is moved rightly.
    @Test(.timeLimit(.minutes(15)))
    func `no file gets the digest of another one, and JSON says what is wrong`() async throws {
        try await Harbour.use { harbour in
            try harbour.shellRepository()
            let paths = ["data/a.csv", "data/b.csv", "data/c.csv", "data2/z.csv"]
            for (number, path) in paths.enumerated() {
                try harbour.file(path, table(0..<(number + 1)))
            }
            func digest(_ letter: String) -> String { String(repeating: letter, count: 64) }
            try harbour.file(
                "datasets/twice.yaml",
                """
                files:
                  - {path: data/a.csv, sha256: \(digest("1"))}
                  - {path: "data/*.csv", sha256: \(digest("2"))}
                  - {path: data2/z.csv, sha256: \(digest("3"))}

                """)
            let update = try await harbour.attempt("dataset", "update", "--json")
            #expect(update.status == .exited(1), "\(update)")
            let told = try harbour.decode([Told].self, update.outputText)
            #expect(told.map(\.dataset) == ["twice"])
            let sentence = "`data/a.csv` is of `data/*.csv` and of `data/a.csv`"
            let problems = try #require(told.first).problems.map(\.message)
            #expect(problems.contains { $0.hasPrefix(sentence) }, "\(problems)")
            #expect(update.errorText.contains(sentence), "\(update.errorText)")
            let manifest = try harbour.read("datasets/twice.yaml")
            let first = try await harbour.run("sha256sum", "\(harbour.clone)/data/a.csv")
            let last = try await harbour.run("sha256sum", "\(harbour.clone)/data2/z.csv")
            #expect(manifest.contains("data/a.csv, sha256: \(first.prefix(64))}"), "\(manifest)")
            #expect(manifest.contains("\"data/*.csv\", sha256: \(digest("2"))}"), "\(manifest)")
            #expect(manifest.contains("data2/z.csv, sha256: \(last.prefix(64))}"), "\(manifest)")

            // Nothing is left to move, and what is wrong is said all the same.
            let again = try await harbour.attempt("dataset", "update", "--json")
            #expect(again.status == .exited(1))
            let still = try harbour.decode([Told].self, again.outputText)
            #expect(still.first?.problems.map(\.message) == problems)
            #expect(again.errorText.contains("nothing to do"), "\(again.errorText)")
        }
    }

    private struct Told: Decodable {
        var dataset: String
        var problems: [Diagnostic]
        var notes: [String]
    }
}

extension Harbour {
    fileprivate func read(_ path: String) throws -> String {
        String(decoding: try readFile("\(clone)/\(path)", limitBytes: 1 << 20), as: UTF8.self)
    }
}
