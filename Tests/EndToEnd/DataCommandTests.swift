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

extension Harbour {
    fileprivate func read(_ path: String) throws -> String {
        String(decoding: try readFile("\(clone)/\(path)", limitBytes: 1 << 20), as: UTF8.self)
    }
}
