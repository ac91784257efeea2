import Domain
import Host
import Testing

/// Cleaning and splitting on the command line.
@Suite struct PreparedDataTests {
    /// The digest is that of `rows`.
    private let raw = """
        files:
          - path: data/raw.csv
            sha256: 1d1b40433b28a85e270ed9d3412af2e3c3e0f12e16025ddf27698aedab6ec116

        """
    private let rows = "x,who\n1,a\n,b\n3,c\n"

    private func write(_ desk: Desk, _ prepare: String) throws {
        try desk.write("models/slipway.yaml", "branch: main\n")
        try desk.write("models/data/raw.csv", rows)
        try desk.write("models/datasets/raw.yaml", raw)
        try desk.write("models/datasets/clean.yaml", "from: raw\nprepare: [\(prepare)]\n")
        try desk.write(
            "models/datasets/half.yaml",
            "from: clean\nprepare: [{split: {part: a, parts: {a: 0.5, b: 0.5}}}]\n")
    }

    @Test func `prepare shows what each step does, and writes the rows`() async throws {
        try await Desk.use { desk in
            try write(desk, "{drop_missing: {columns: [x]}}")
            let made = try await desk.slipway(
                "dataset", "prepare", "clean", "--output", "clean.csv", in: "models")
            #expect(made.code == 0, "\(made.errors)")
            #expect(try desk.text("models/clean.csv") == "x,who\n1,a\n3,c\n")
            #expect(
                made.output == """
                    DATASET  STEP          ROWS IN  ROWS OUT  CELLS CHANGED  FOUND
                    clean    drop_missing  3        2         0

                    """)
            #expect(made.errors.hasPrefix("clean: prepared from raw by one step: 3 → 2 rows"))
            let json = try await desk.slipway("dataset", "prepare", "half", "--json", in: "models")
            #expect(json.output.contains(#""dataset":"clean""#))
            #expect(json.output.contains(#""dataset":"half""#))
            let nowhere = try await desk.slipway(
                "dataset", "prepare", "clean", "--output", "no/clean.csv", in: "models")
            #expect(nowhere.code == 3 && nowhere.errors.contains("models/no does not exist"))
            #expect(!nowhere.errors.contains("partial"), "\(nowhere.errors)")
            let none = try await desk.slipway("dataset", "prepare", "raw", in: "models")
            #expect(none.code == 64 && none.errors.contains("its files are its rows"))
        }
    }

    @Test func `nothing is written where a dataset has its files`() async throws {
        try await Desk.use { desk in
            try write(desk, "{drop_missing: {columns: [x]}}")
            let digest = String(repeating: "1", count: 64)
            try desk.write("models/more/a.csv", rows)
            try desk.write(
                "models/datasets/more.yaml",
                "files: [{path: \"more/*.csv\", sha256: \(digest)}]\n")
            let manifest = "datasets/raw.yaml"
            for (target, dataset) in [
                ("data/raw.csv", "raw"), ("../models/data/raw.csv", "raw"), ("data", "raw"),
                (manifest, "raw"), ("more/b.csv", "more"),
            ] {
                let sentence = "is, or holds, a file of the dataset `\(dataset)`"
                let made = try await desk.slipway(
                    "dataset", "prepare", "clean", "--output", target, in: "models")
                #expect(made.code == 5 && made.errors.contains(sentence), "\(made.errors)")
                let shown = try await desk.slipway(
                    "data", "show", "raw", "--html", target, in: "models")
                #expect(shown.code == 5 && shown.errors.contains(sentence), "\(shown.errors)")
            }
            #expect(try desk.text("models/data/raw.csv") == rows)
            #expect(try desk.text("models/\(manifest)") == raw)
            let made = try await desk.slipway(
                "dataset", "prepare", "clean", "--output", "more/b.txt", in: "models")
            #expect(made.code == 0, "\(made.errors)")
        }
    }

    @Test func `a report takes no place of what is checked`() async throws {
        try await Desk.use { desk in
            try await desk.git("init", "-q", "models")
            try write(desk, "{drop_missing: {columns: [x]}}")
            // A manifest that is not among the datasets, because its schema has an error.
            try desk.write("models/datasets/schemas/odd.json", #"{"fields": [{"nam": "x"}]}"#)
            try desk.write("models/datasets/odd.yaml", "schema: datasets/schemas/odd.json\n" + raw)
            try await desk.git("add", ".", in: "models")
            let places = [
                ("data/raw.csv", "a file of the dataset `raw`"), ("data", "a file of"),
                ("datasets/clean.yaml", "a file of the dataset `clean`"),
                ("datasets/odd.yaml", "a declaration"),
                ("datasets/schemas/odd.json", "a declaration"),
                ("slipway.yaml", "a declaration"),
            ]
            let files = places.map(\.0).filter { $0 != "data" }
            let before = try files.map { try desk.text("models/\($0)") }
            for (place, sentence) in places {
                for option in ["--sarif", "--junit"] {
                    for way in [["--no-data"], ["--staged"], ["--json"]] {
                        let said = try await desk.slipway(
                            ["check", option, place] + way, in: "models")
                        #expect(said.code == 5 && said.output.isEmpty, "\(said.output)")
                        let fact = "\(option): <desk>/models/\(place) is, or holds, "
                        #expect(said.errors.contains(fact + sentence), "\(said.errors)")
                    }
                }
            }
            #expect(try files.map { try desk.text("models/\($0)") } == before)
            for command in [
                ["data", "show", "raw", "--html"], ["dataset", "prepare", "clean", "--output"],
            ] {
                let said = try await desk.slipway(command + ["slipway.yaml"], in: "models")
                #expect(said.code == 5 && said.errors.contains("a declaration"), "\(said.errors)")
            }
            let made = try await desk.slipway(
                "check", "--sarif", "data/s.json", "--junit", "j.xml", in: "models")
            #expect(made.code != 5 && exists(desk.path("models/data/s.json")), "\(made.errors)")
        }
    }

    @Test func `nothing is written where a link of a dataset leads`() async throws {
        try await Desk.use { desk in
            try write(desk, "{drop_missing: {columns: [x]}}")
            let digest = String(repeating: "1", count: 64)
            // Because a link that git has is an error of the manifest that names it.
            _ = try await desk.git("init", "--quiet", in: "models")
            try desk.write("models/.gitignore", "data/one.csv\nlinks/\n")
            for (name, link, end) in [
                ("one", "data/one.csv", "one.csv"), ("many", "links/a.csv", "two.csv"),
            ] {
                try desk.write("models/store/\(end)", rows)
                try makeFolder(desk.path("models/\(parentFolder(link))"))
                try makeLink(at: desk.path("models/\(link)"), to: "../store/\(end)")
                let path = name == "one" ? link : "links/*.csv"
                try desk.write(
                    "models/datasets/\(name).yaml",
                    "files: [{path: \"\(path)\", sha256: \(digest)}]\n")
                let sentence = "is, or holds, a file of the dataset `\(name)`"
                for command in [
                    ["check", "--sarif"], ["dataset", "prepare", "clean", "--output"],
                ] {
                    let said = try await desk.slipway(command + ["store/\(end)"], in: "models")
                    #expect(said.code == 5 && said.errors.contains(sentence), "\(said.errors)")
                }
                #expect(try desk.text("models/store/\(end)") == rows)
            }
            let made = try await desk.slipway(
                "dataset", "prepare", "clean", "--output", "store/three.csv", in: "models")
            #expect(made.code == 0, "\(made.errors)")
        }
    }

    @Test func `a report replaces nothing but a report`() async throws {
        try await Desk.use { desk in
            try write(desk, "{drop_missing: {columns: [x]}}")
            // Of a dataset that is not known, and a manifest where none is read.
            try desk.write("models/datasets/odd.yaml", raw.replacing("raw.csv", with: "odd.csv"))
            let odd = try desk.text("models/datasets/odd.yaml")
            try desk.write("models/datasets/odd.yaml", odd + "lable: x\n")
            try desk.write("models/data/odd.csv", rows)
            try desk.write("bare/datasets/a.yaml", raw)
            for (folder, place) in [("models", "data/odd.csv"), ("bare", "datasets/a.yaml")] {
                let before = try desk.text("\(folder)/\(place)")
                for option in ["--sarif", "--junit"] {
                    let said = try await desk.slipway("check", option, place, in: folder)
                    let fact = "\(option): <desk>/\(folder)/\(place) exists, and is no report"
                    #expect(said.code == 5 && said.errors.contains(fact), "\(said.errors)")
                }
                #expect(try desk.text("\(folder)/\(place)") == before)
            }
            try desk.write("models/p.html", "<!DOCTYPE html>\n<p>mine</p>\n")
            let page = ["data", "show", "raw", "--html"]
            let said = try await desk.slipway(page + ["p.html"], in: "models")
            #expect(said.code == 5 && said.errors.contains("no report"), "\(said.errors)")
            for command in [page, ["check", "--sarif"], ["check", "--junit"]] {
                let name = "report\(command.joined())"
                try desk.write("models/\(name)", "")
                let first = try await desk.slipway(command + [name], in: "models")
                let written = try desk.text("models/\(name)")
                #expect(!written.isEmpty && first.code != 5, "\(first.errors)")
                // Laid out anew, as other programs do.
                try desk.write("models/\(name)", written.replacing("\":", with: "\": "))
                let again = try await desk.slipway(command + [name], in: "models")
                #expect(again.code == first.code, "\(again.errors)")
                #expect(try desk.text("models/\(name)").hasPrefix(written.prefix(40)))
            }
        }
    }

    @Test func `a dataset that cannot be prepared has a report that says why`() async throws {
        try await Desk.use { desk in
            try write(desk, "{convert: {columns: [who], to: integer}}")
            let cause = "column `who`: `a` is no integer (step 1, convert)"
            let made = try await desk.slipway("dataset", "prepare", "clean", in: "models")
            #expect(made.code == 1 && made.errors.contains(cause), "\(made.errors)")
            let found = try await desk.slipway(
                "check", "--json", "--junit", "j.xml", "--sarif", "s.json", in: "models")
            #expect(found.code == 1)
            let said = #""dataset":"clean","files":[],"outcomes":[],"verdict":"failed""#
            #expect(found.output.contains(said), "\(found.output)")
            #expect(found.output.contains(cause))
            #expect(
                found.output.contains("`clean`, which it is made of, cannot be prepared"))
            let junit = try desk.text("models/j.xml")
            #expect(junit.contains(#"<testcase classname="clean" name="preparation">"#), "\(junit)")
            #expect(junit.contains(#"<testcase classname="half" name="preparation">"#))
            let sarif = try desk.text("models/s.json")
            #expect(sarif.contains(cause) && sarif.contains("preparation"), "\(sarif)")
            let table = try await desk.slipway("check", in: "models")
            #expect(table.output.contains("preparation"), "\(table.output)")
            #expect(table.output.split(separator: cause).count == 2, "it is said once")
        }
    }
}
