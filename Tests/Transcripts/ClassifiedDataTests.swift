import Testing

/// What the commands for data tell of columns with a classification.
@Suite struct ClassifiedDataTests {
    private func rows(last: Int) -> String {
        "k,salary,mail,none\n"
            + (1...12).map { row in
                "\(row),\(row == 12 ? last : 900_000 + row),m\(row % 2)@example.org,\n"
            }.joined()
    }

    @Test func `no remark, JSON or page has a cell of a classified column`() async throws {
        try await Desk.use { desk in
            try desk.write("m/slipway.yaml", "branch: main\n")
            try desk.write("m/data/s.csv", rows(last: 900_012))
            let made = try await desk.slipway("dataset", "init", "data/s.csv", in: "m")
            #expect(made.code == 0, "\(made.errors)")
            var text = try desk.text("m/datasets/s.yaml")
            #expect(text.contains("# 900001 to 900012; 12 different\n"), "\(text)")
            #expect(text.contains("# 0 different; 12 missing\n"), "\(text)")
            for (name, type) in [("salary", "integer"), ("mail", "string")] {
                text = text.replacing(
                    "{name: \(name), type: \(type)",
                    with: "{name: \(name), classification: pii, type: \(type)")
            }
            try desk.write("m/datasets/s.yaml", text)
            try await desk.slipway("dataset", "update", in: "m")
            text = try desk.text("m/datasets/s.yaml")
            #expect(!text.contains("900001") && text.contains("  # 12 different\n"), "\(text)")
            let again = try await desk.slipway("dataset", "update", in: "m")
            #expect(again.errors.contains("nothing to do"), "\(again.errors)")
            try desk.write("m/data/s.csv", rows(last: 987_654))

            let moved = try await desk.slipway("dataset", "update", "s", in: "m")
            #expect(moved.code == 0, "\(moved.errors)")
            let shown = try await desk.slipway("data", "show", "s", "--json", in: "m")
            let page = try await desk.slipway("data", "show", "s", "--html", "p.html", in: "m")
            #expect(shown.code == 0 && page.code == 0, "\(shown.errors) \(page.errors)")
            text = try desk.text("m/datasets/s.yaml")
            #expect(text.contains("  # 12 different\n") && text.contains("  # 2 different\n"))
            #expect(text.contains("# 1 to 12; 12 different\n"))
            #expect(shown.output.contains("\"salary\""))
            for said in [text, shown.output, try desk.text("m/p.html")] {
                for cell in ["900001", "900011", "987654", "m1@example.org"] {
                    #expect(!said.contains(cell), "\(said)")
                }
            }
        }
    }

    @Test func `no remark has a cell of a column that looks private`() async throws {
        try await Desk.use { desk in
            try desk.write("m/slipway.yaml", "branch: main\n")
            let key = "AKIA" + "IOSFODNN7EXAMPLE"
            let rows = [
                "id,mail,card,phone,kind",
                "1,ada@example.org,4111111111111111,+4930901820,\(key)",
                "2,,5555555555554444,+12125550123,plain",
            ]
            try desk.write("m/data/s.csv", rows.joined(separator: "\n") + "\n")
            let made = try await desk.slipway("dataset", "init", "data/s.csv", in: "m")
            #expect(made.code == 0, "\(made.errors)")
            let said = "note: `mail`, `card`, `phone`, `kind` may hold private data"
            #expect(made.errors.contains(said), "\(made.errors)")
            let first = try desk.text("m/datasets/s.yaml")
            #expect(first.contains("  # 1 to 2; 2 different\n"), "\(first)")
            #expect(first.contains("  # 1 different; 1 missing\n"), "\(first)")
            #expect(first.ranges(of: "  # 2 different\n").count == 3, "\(first)")

            // A remark that tells more, as they once did, is taken back, whatever else there is.
            let open = "1 different; ada@example.org; 1 missing"
            try desk.write(
                "m/datasets/s.yaml", first.replacing("1 different; 1 missing", with: open))
            let moved = try await desk.slipway("dataset", "update", in: "m")
            #expect(moved.code == 0, "\(moved.errors)")
            #expect(try desk.text("m/datasets/s.yaml") == first)
            try desk.write("m/data/s.csv", rows[0...1].joined(separator: "\n") + "\n")
            try await desk.slipway("dataset", "update", in: "m")
            let last = try desk.text("m/datasets/s.yaml")
            #expect(last.hasPrefix("# 1 row;"), "\(last)")
            for text in [first, last, made.errors] {
                for cell in ["example.org", "4111", "5555", "4930", "1212555", "AKIA"] {
                    #expect(!text.contains(cell), "\(text)")
                }
            }
        }
    }
}
