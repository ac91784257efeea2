import Host
import Testing

/// What `dataset update` cannot move it says, and it moves the rest.
@Suite struct DatasetUpdateTests {
    /// `sales` of two files, and `x` of one.
    private func write(_ desk: Desk) async throws {
        try desk.write("m/slipway.yaml", "branch: main\n")
        try desk.write("m/data/p1.csv", "id,amt\n1,2\n2,3\n")
        try desk.write("m/data/p2.csv", "id,amt\n3,2\n4,3\n")
        try desk.write("m/data/x.csv", "id,amt\n1,2\n2,3\n")
        let sales = try await desk.slipway(
            "dataset", "init", "data/p1.csv", "data/p2.csv", "--name", "sales", in: "m")
        #expect(sales.code == 0, "\(sales.errors)")
        let x = try await desk.slipway("dataset", "init", "data/x.csv", in: "m")
        #expect(x.code == 0, "\(x.errors)")
    }

    @Test func `a manifest of which a file is gone is not moved, and the file is named`()
        async throws
    {
        try await Desk.use { desk in
            try await write(desk)
            let before = try desk.text("m/datasets/sales.yaml")
            let absent = "error: `data/p2.csv` is not there\n    hint: add the file, or take it out"
            try removeTree(desk.path("m/data/p2.csv"))
            let gone = try await desk.slipway("dataset", "update", "sales", in: "m")
            #expect(gone.code == 1, "\(gone.errors)")
            #expect(gone.errors.contains("datasets/sales.yaml:7:13: \(absent)"), "\(gone.errors)")
            #expect(!gone.errors.contains("nothing to do"), "\(gone.errors)")

            try desk.write("m/data/p1.csv", "id,amt\n1,2\n2,3\n5,4\n")
            try desk.write("m/data/x.csv", "id,amt\n1,2\n")
            let both = try await desk.slipway("dataset", "update", "--json", in: "m")
            #expect(both.code == 1 && both.errors.contains(absent), "\(both.errors)")
            #expect(both.errors.contains("moved 1 manifest\n"), "\(both.errors)")
            #expect(both.output.contains("not moved: not all of its files"), "\(both.output)")
            #expect(try desk.text("m/datasets/sales.yaml") == before)
            #expect(try desk.text("m/datasets/x.yaml").hasPrefix("# 1 row;"))

            try desk.write("m/data/p2.csv", "id,amt\n3,2\n4,3\n")
            let back = try await desk.slipway("dataset", "update", in: "m")
            #expect(back.code == 0, "\(back.errors)")
            #expect(try desk.text("m/datasets/sales.yaml").hasPrefix("# 5 rows;"))
        }
    }

    @Test func `the errors of a manifest are named, and others are moved`() async throws {
        try await Desk.use { desk in
            try await write(desk)
            let manifest = try desk.text("m/datasets/sales.yaml")
                .replacing("id, type: integer", with: "id, type: intger")
            try desk.write("m/datasets/sales.yaml", manifest)
            try desk.write("m/data/x.csv", "id,amt\n1,2\n")
            let fault = "`columns[0].type` must be"
            for sentence in ["moved 1 manifest\n", "moved 0 manifests\n"] {
                let moved = try await desk.slipway("dataset", "update", in: "m")
                #expect(moved.code == 1, "\(moved.errors)")
                #expect(moved.errors.contains("datasets/sales.yaml:11:22: error: \(fault)"))
                #expect(moved.errors.contains(sentence), "\(moved.errors)")
                #expect(moved.errors.contains("the manifests have 1 error\n"), "\(moved.errors)")
                #expect(try desk.text("m/datasets/x.yaml").hasPrefix("# 1 row;"))
            }
            let named = try await desk.slipway("dataset", "update", "sales", in: "m")
            #expect(named.code == 1, "\(named.errors)")
            #expect(named.errors.contains("the manifest of the dataset `sales` has errors"))
            #expect(named.errors.contains("datasets/sales.yaml:11:22: \(fault)"), "\(named.errors)")
            let unknown = try await desk.slipway("dataset", "update", "y", in: "m")
            #expect(unknown.code == 3, "\(unknown.errors)")
        }
    }

    @Test(arguments: [true, false])
    func `an update shows how columns differ from the last commit, or from what is declared`(
        isCommitted: Bool
    ) async throws {
        try await Desk.use { desk in
            try desk.write("m/slipway.yaml", "branch: main\n")
            try desk.write("m/data/x.csv", "id,amt,old\n1,2,a\n2,3,b\n")
            let made = try await desk.slipway("dataset", "init", "data/x.csv", in: "m")
            #expect(made.code == 0, "\(made.errors)")
            if isCommitted {
                try await desk.git("init", "-q", in: "m")
                try await desk.git("add", ".", in: "m")
                try await desk.git("commit", "-qm", "data", in: "m")
            }
            try desk.write("m/data/x.csv", "amt,id,new\n2.5,1,true\n3,2,false\n")
            let lines = [
                "- old: string", "+ new: boolean", "~ amt: integer → number",
                "~ in another order from `amt` on",
            ]
            let dry = try await desk.slipway("dataset", "update", "--dry-run", "--json", in: "m")
            let items = lines.map { "\"\($0)\"" }.joined(separator: ",")
            #expect(dry.code == 1, "\(dry.errors)")
            #expect(dry.output.contains("\"schema\":[\(items)]"), "\(dry.output)")
            let moved = try await desk.slipway("dataset", "update", in: "m")
            #expect(moved.code == 1 && moved.errors.contains("moved 1 manifest"))
            let told = lines.map { "  \($0)\n" }.joined()
            #expect(moved.output.contains(told), "\(moved.output)")

            // Rows that fit change no column.
            try desk.write("m/data/x.csv", "id,amt,old\n1,2,a\n2,3,b\n3,4,c\n")
            let back = try await desk.slipway("dataset", "update", in: "m")
            #expect(back.code == 0, "\(back.errors)")
            for line in lines { #expect(!back.output.contains(line), "\(back.output)") }
        }
    }
}
