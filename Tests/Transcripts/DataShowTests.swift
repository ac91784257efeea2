import Host
import Testing

/// `data show` and `dataset update` find the datasets that a manifest names.
@Suite struct DataShowTests {
    @Test func `a foreign key into a dataset that is there is no finding`() async throws {
        try await Desk.use { desk in
            try await writeOrders(desk)
            let shown = try await desk.slipway(
                "data", "show", "orders", "--html", "p.html", in: "m")
            #expect(shown.code == 0, "\(shown.errors)")
            #expect(!shown.errors.contains("broken"), "\(shown.errors)")
            let page = try desk.text("m/p.html")
            #expect(page.contains("everything is as declared"), "\(page)")

            try desk.write("m/data/customers.csv", "id,town\n1,Kiel\n")
            let moved = try await desk.slipway("dataset", "update", "customers", in: "m")
            #expect(moved.code == 0, "\(moved.errors)")
            let broken = try await desk.slipway("data", "show", "orders", in: "m")
            #expect(broken.errors.contains("1 rule broken by the data"), "\(broken.errors)")
        }
    }

    @Test func `named checks are carried out, but for those that compare versions`() async throws {
        try await Desk.use { desk in
            try await writeOrders(desk)
            let text = try desk.text("m/datasets/orders.yaml")
            try desk.write(
                "m/datasets/orders.yaml",
                text + """

                    checks:
                      quantile: {columns: [amount], share: 0.5, max: 3}
                      mean: {columns: [amount], max: 5, severity: warn}
                      duplicate_rows: {max: 0}
                      psi: {fail: 0.1}
                      row_count_change:

                    """)
            let left =
                "psi, row_count_change not carried out: checks that compare versions are those of "
                + "`slipway check`"
            let shown = try await desk.slipway(
                "data", "show", "orders", "--html", "p.html", in: "m")
            #expect(shown.code == 0, "\(shown.errors)")
            #expect(
                shown.errors.contains("note: 1 rule broken by the data, 1 warning; see slipway"),
                "\(shown.errors)")
            #expect(shown.errors.contains("note: \(left)"), "\(shown.errors)")
            let page = try desk.text("m/p.html")
            #expect(page.contains("<li class=\"bad\"><b>quantile of `amount`</b>"), "\(page)")
            #expect(page.contains("<header class=\"bad\">") && !page.contains("as declared"))
            #expect(page.contains(left), "\(page)")

            try desk.write(
                "m/datasets/orders.yaml",
                text + "\nchecks: {quantile: {share: 0.5, max: 9}, ks: }\n")
            let kept = try await desk.slipway(
                "data", "show", "orders", "--html", "p.html", in: "m")
            #expect(!kept.errors.contains("broken"), "\(kept.errors)")
            #expect(try desk.text("m/p.html").contains("what was carried out is as declared"))
        }
    }

    /// `orders` with customers that stand in `customers`.
    private func writeOrders(_ desk: Desk) async throws {
        try desk.write("m/slipway.yaml", "branch: main\n")
        try desk.write("m/data/customers.csv", "id,town\n1,Kiel\n2,Jena\n")
        try desk.write("m/data/orders.csv", "customer,amount\n1,5\n2,7\n")
        for name in ["customers", "orders"] {
            let made = try await desk.slipway("dataset", "init", "data/\(name).csv", in: "m")
            #expect(made.code == 0, "\(made.errors)")
        }
        let text = try desk.text("m/datasets/orders.yaml")
        let key = "{columns: [customer], dataset: customers, references: [id]}"
        try desk.write("m/datasets/orders.yaml", text + "\nforeign_keys:\n  - \(key)\n")
    }

    @Test func `an update holds foreign keys against what they name, moved before`() async throws {
        try await Desk.use { desk in
            try await writeOrders(desk)
            try desk.write("m/data/orders.csv", "customer,amount\n1,5\n3,7\n")
            try desk.write("m/data/customers.csv", "id,town\n1,Kiel\n3,Ulm\n")
            let dry = try await desk.slipway("dataset", "update", "--dry-run", in: "m")
            #expect(dry.code == 0 && !dry.errors.contains("error"), "\(dry.errors)")
            let one = try await desk.slipway("dataset", "update", "orders", "--dry-run", in: "m")
            #expect(
                one.errors.contains("`customers` is not as its manifest says: sha256"),
                "\(one.errors)")
            let both = try await desk.slipway("dataset", "update", in: "m")
            #expect(both.code == 0 && !both.errors.contains("error"), "\(both.errors)")
            let checked = try await desk.slipway("check", in: "m")
            #expect(checked.code == 0, "\(checked.output)\(checked.errors)")

            try desk.write("m/data/orders.csv", "customer,amount\n1,5\n9,7\n")
            let broken = try await desk.slipway("dataset", "update", in: "m")
            #expect(
                broken.errors.contains(
                    "data/orders.csv:3:1: error: `customer` is not in `customers` (id)"),
                "\(broken.errors)")
            #expect(broken.code == 1 && broken.errors.contains("moved 1 manifest"))
        }
    }

    @Test func `a remark says of types what is so, and an update of broken ones ends with 1`()
        async throws
    {
        try await Desk.use { desk in
            try desk.write("m/slipway.yaml", "branch: main\n")
            try desk.write("m/data/x.csv", "id,amt\n1,2\n2,3\n")
            let made = try await desk.slipway("dataset", "init", "data/x.csv", in: "m")
            #expect(made.code == 0, "\(made.errors)")
            let typed = "; the types hold for every one of them.\n"
            #expect(try desk.text("m/datasets/x.yaml").hasPrefix("# 2 rows\(typed)"))
            for (rows, remark, code) in [
                ("1,two\n", "# 1 row.\n", 1), ("1,2\n2\n3,4\n", "# 3 rows.\n", 1),
                ("1,2\n1,2\n", "# 2 rows\(typed)", 0),
            ] {
                try desk.write("m/data/x.csv", "id,amt\n" + rows)
                let dry = try await desk.slipway("dataset", "update", "--dry-run", in: "m")
                #expect(dry.code == code, "\(dry.errors)")
                let moved = try await desk.slipway("dataset", "update", in: "m")
                #expect(moved.code == code, "\(moved.errors)")
                #expect(
                    moved.errors.contains("the content of `x` is not what its manifest says")
                        == (code == 1), "\(moved.errors)")
                // What is broken is so as long as it stands there.
                let again = try await desk.slipway("dataset", "update", in: "m")
                #expect(again.code == code, "\(again.errors)")
                #expect(again.errors.contains("nothing to do"), "\(again.errors)")
                #expect(try desk.text("m/datasets/x.yaml").hasPrefix(remark))
                #expect(try await desk.slipway("check", in: "m").code == code)
            }
        }
    }

    @Test func `a file with a blank header gets a manifest, and a word about it`() async throws {
        try await Desk.use { desk in
            try desk.write("m/slipway.yaml", "branch: main\n")
            try desk.write("m/data/x.csv", ",a,c\n0,2,x\n1,3,y\n")
            let made = try await desk.slipway("dataset", "init", "data/x.csv", in: "m")
            #expect(made.code == 1, "\(made.errors)")
            let blank = "cell 1 of the header is blank"
            #expect(
                made.errors.contains("data/x.csv:1:1: error: \(blank)"), "\(made.errors)")
            let text = try desk.text("m/datasets/x.yaml")
            #expect(text.hasPrefix("# 2 rows.\n"), "\(text)")
            #expect(text.contains("- {name: a, type: integer, required: true}"), "\(text)")
            #expect(text.split(separator: "{name: ").count == 3, "\(text)")
            let checked = try await desk.slipway("check", in: "m")
            #expect(checked.code == 1 && checked.output.contains(blank), "\(checked.output)")
            #expect(checked.errors.contains("1 error "), "\(checked.errors)")
            try desk.write("m/data/x.csv", "n,a,c\n0,2,x\n")
            let moved = try await desk.slipway("check", in: "m")
            #expect(
                moved.output.contains("(if the change is meant: slipway dataset update x)"),
                "\(moved.output)")
        }
    }

    @Test func `an update says what keys were not held against`() async throws {
        try await Desk.use { desk in
            try await writeOrders(desk)
            let text = try desk.text("m/datasets/customers.yaml")
            let address = "    url: https://data.example.org/customers.csv\n    sha256:"
            try desk.write(
                "m/datasets/customers.yaml", text.replacing("    sha256:", with: address))
            try removeTree(desk.path("m/data/customers.csv"))
            try desk.write("m/data/orders.csv", "customer,amount\n1,5\n9,7\n")
            let moved = try await desk.slipway("dataset", "update", in: "m")
            #expect(moved.code == 0 && !moved.errors.contains("error"), "\(moved.errors)")
            let note = "note: dataset orders is not compared with customers, whose data is not here"
            #expect(moved.errors.contains(note), "\(moved.errors)")
        }
    }

    @Test func `what keeps a dataset from being read is named, be it in another file`()
        async throws
    {
        try await Desk.use { desk in
            try desk.write("m/slipway.yaml", "branch: main\n")
            try desk.write("m/data/x.csv", "a\n1\n")
            try desk.write(
                "m/datasets/schemas/x.json", #"{"fields": [{"name": "a", "type": "nothing"}]}"#)
            let files =
                "files: [{path: data/x.csv, sha256: \(String(repeating: "1", count: 64))}]\n"
            try desk.write("m/datasets/odd.yaml", files + "schema: datasets/schemas/x.json\n")
            try desk.write(
                "m/datasets/like.yaml",
                files + "columns: [{name: a, type: integer}]\nchecks: {psi: {against: odd}}\n")
            try desk.write("m/datasets/late.yml", files)
            for name in ["odd", "like"] {
                let shown = try await desk.slipway("data", "show", name, in: "m")
                let fault = "the manifest of the dataset `\(name)` names what has errors\n"
                #expect(shown.code == 1 && shown.errors.contains(fault), "\(shown.errors)")
                #expect(shown.errors.contains("  datasets/schemas/x.json:1:"), "\(shown.errors)")
                #expect(
                    shown.errors.contains(": the dataset `odd` has errors\n") == (name == "like"))
            }
            for (name, reason) in [
                ("none", "hint: slipway data show lists those"),
                ("late", "  datasets/late.yml: this file is not read"),
            ] {
                let shown = try await desk.slipway("data", "show", name, in: "m")
                #expect(shown.code == 3 && shown.errors.contains(reason), "\(shown.errors)")
                #expect(shown.errors.hasPrefix("error: there is no dataset `\(name)`\n"))
            }
            try desk.write("n/datasets/x.yaml", files)
            let bare = try await desk.slipway("data", "show", "x", in: "n")
            #expect(bare.code == 3, "\(bare.errors)")
            #expect(bare.errors.contains("the repository has no `slipway.yaml`"), "\(bare.errors)")
        }
    }

    @Test func `a comparison of commits says which has errors`() async throws {
        try await Desk.use { desk in
            try await desk.git("init", "-q", "m")
            try await writeOrders(desk)
            let good = try desk.text("m/datasets/customers.yaml")
            for text in [good, good + "nothing: 1\n", good + "other: 1\n"] {
                try desk.write("m/datasets/customers.yaml", text)
                try await desk.git("add", ".", in: "m")
                #expect(try await desk.git("commit", "-qm", "x", in: "m").code == 0)
            }
            let one = try await desk.slipway("data", "diff", "HEAD~2", "HEAD", in: "m")
            #expect(one.output.contains("not compared: it has errors in commit"), "\(one.output)")
            #expect(one.code == 0 && !one.output.contains("gone"), "\(one.output)")
            let both = try await desk.slipway("data", "diff", "HEAD~1", "HEAD", in: "m")
            #expect(both.output.contains("not compared: it has errors in commit"), "\(both.output)")
            #expect(both.output.contains("customers") && !both.errors.contains("no dataset"))
            // One that came with errors.
            try desk.write("m/datasets/late.yaml", good + "nothing: 1\n")
            try await desk.git("add", ".", in: "m")
            #expect(try await desk.git("commit", "-qm", "x", in: "m").code == 0)
            let late = try await desk.slipway("data", "diff", "HEAD~1", "HEAD", in: "m")
            #expect(late.output.contains("late"), "\(late.output)\(late.errors)")
            try await desk.git("reset", "-q", "--hard", "HEAD~1", in: "m")
            let none = try await desk.slipway(
                "data", "diff", "HEAD~1", "HEAD", "--dataset", "customers", in: "m")
            #expect(none.code == 1, "\(none.errors)")
            #expect(none.errors.contains("where: commit ") && none.errors.contains("`other`"))
        }
    }

    @Test func `the closing line counts what is wrong, and how often`() async throws {
        try await Desk.use { desk in
            try await writeOrders(desk)
            let rows = (0..<30).map { "\($0 % 2 == 0 ? "many" : "8"),\($0)\n" }.joined()
            try desk.write("m/data/orders.csv", "customer,amount\n" + rows)
            let found = try await desk.slipway("check", in: "m")
            #expect(found.code == 1)
            // The digest, the rows, 15 cells of another type and 15 keys that are nowhere.
            #expect(
                found.errors.contains("4 errors (32 occurrences) in 0 models, 2 datasets"),
                "\(found.output)\(found.errors)")
        }
    }
}
