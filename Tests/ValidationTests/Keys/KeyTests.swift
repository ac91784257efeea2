import Domain
import Testing

@testable import Validation

/// `unique`, `primary_key`, `unique_keys` and `foreign_keys`.
@Suite struct KeyTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func named(
        _ name: String, _ files: [DatasetFile], _ columns: [ColumnDeclaration] = [],
        keys: RowKeys = RowKeys(), format: DatasetManifest.Format = .csv
    ) -> DatasetManifest {
        var manifest = manifest(files, columns, format: format)
        manifest.name = DatasetName(checked: name)
        manifest.keys = keys
        return manifest
    }

    private func foreign(
        _ columns: [String], _ dataset: String?, _ references: [String]
    ) -> ForeignKey {
        let place = Place(file: "datasets/d.yaml", line: 9, column: 3)
        return ForeignKey(
            columns: columns, dataset: dataset.map(DatasetName.init(checked:)),
            references: references, place: place, referencesPlace: place)
    }

    private func options(
        _ others: [DatasetManifest] = [], bytes: Int = 1 << 20, chunk: Int = 1 << 20,
        workers: Int = 2
    ) -> ValidationOptions {
        ValidationOptions(
            chunkBytes: chunk, workersMax: workers, keyBytesMax: bytes, spillFolder: folder.path,
            datasets: Dictionary(uniqueKeysWithValues: others.map { ($0.name, $0) }))
    }

    @Test func `a primary key is neither repeated nor missing`() async throws {
        let files = [
            try folder.add("a.csv", "k,d,v\nx,1,0\ny,1,0\nx,2,0\n,2,0\n"),
            try folder.add("b.csv", "d,k,v\n2,x,5\n1,z,5\nNA,w,5\n1,y,5\n"),
        ]
        var data = named("d", files, keys: RowKeys(primary: ["k", "d"]))
        data.checks.missingValues = ["NA"]
        let report = try await validate(data, root: folder.path, options: options())
        let found = try #require(report.violations.first)
        #expect(report.violations.count == 1)
        #expect(found.rule == .primaryKey && found.column == "k, d" && found.total == 4)
        #expect(
            found.occurrences.map { "\($0.place) \($0.message)" } == [
                "a.csv:5 a part of the key `k, d` is missing",
                "b.csv:2 equals row a.csv:4 on `k, d`",
                "b.csv:4 a part of the key `k, d` is missing",
                "b.csv:5 equals row a.csv:3 on `k, d`",
            ])
    }

    @Test func `unique keys pass over rows of which a cell is missing or wrong`() async throws {
        let file = try folder.add("a.csv", "a,n\nx,1\nx,\nx,\ny,z\ny,z\nx,1.0\nx,+1\n")
        let report = try await validate(
            named(
                "d", [file], [column("a"), column("n", .number)],
                keys: RowKeys(unique: [UniqueKey(["a", "n"])])),
            root: folder.path, options: options())
        #expect(report.violations.map { "\($0.rule) \($0.total)" } == ["type 2", "unique 2"])
        #expect(
            report.violations.last?.occurrences.map(\.message) == [
                "equals row a.csv:2 on `a, n`", "equals row a.csv:2 on `a, n`",
            ])
    }

    @Test func `a primary key is missing beside a wrong cell too`() async throws {
        let file = try folder.add("a.csv", "n,a\nz,\nz,x\n1,x\n")
        let report = try await validate(
            named(
                "d", [file], [column("n", .integer), column("a")],
                keys: RowKeys(primary: ["n", "a"])), root: folder.path, options: options())
        #expect(report.violations.map { "\($0.rule) \($0.total)" } == ["type 2", "primaryKey 1"])
        #expect(report.violations.last?.occurrences.map(\.place.description) == ["a.csv:2"])
    }

    @Test func `numbers are equal by value, and large integers by every digit`() async throws {
        let file = try folder.add(
            "a.csv",
            "i,n,s\n+7,1e3,07\n7,1000.0,7\n9007199254740993,0.1,a\n9007199254740992,1e-1,b\n")
        let report = try await validate(
            named(
                "d", [file],
                [
                    column("i", .integer, unique: true), column("n", .number, unique: true),
                    column("s", unique: true),
                ]), root: folder.path, options: options())
        #expect(report.violations.map { "\($0.column ?? "") \($0.total)" } == ["n 2", "i 1"])
        #expect(report.violations[1].occurrences.map(\.place.description) == ["a.csv:3:1"])
    }

    @Test func `parts of a key do not run into each other`() async throws {
        let file = try folder.add(
            "a.csv", "a,b\nab,c\na,bc\n\"a,\",b\na,\",b\"\n12345678,9\n1234567,89\n")
        let report = try await validate(
            named("d", [file], keys: RowKeys(primary: ["a", "b"])), root: folder.path,
            options: options())
        #expect(report.violations.isEmpty)
    }

    @Test func `a key that is in the other dataset is found, whatever its type and form`()
        async throws
    {
        let customers = named(
            "customers",
            [
                try folder.add("c1.csv", "id,name\n1,a\n2,b\n"),
                try folder.add("c2.csv", "name,id\nc,3.0\nd,\n"),
            ], [column("id", .number), column("name")])
        let orders = named(
            "d",
            [try folder.add("o.csv", "n,customer\n1,1\n2,4\n3,\n4,3\n5,4\n6,+2\n7,5\n")],
            [column("n", .integer), column("customer", .integer)],
            keys: RowKeys(foreign: [foreign(["customer"], "customers", ["id"])]))
        let report = try await validate(
            orders, root: folder.path, options: options([customers]))
        let found = try #require(report.violations.first)
        #expect(report.violations.count == 1)
        #expect(found.rule == .foreignKey && found.column == "customer" && found.total == 3)
        #expect(
            found.occurrences.map { "\($0.place) \($0.message)" } == [
                "o.csv:3:2 `customer` is not in `customers` (id)",
                "o.csv:6:2 `customer` is not in `customers` (id)",
                "o.csv:8:2 `customer` is not in `customers` (id)",
            ])
    }

    @Test func `a dataset can refer to itself, and to a row below`() async throws {
        let file = try folder.add("t.csv", "id,parent\n1,\n2,3\n3,1\n4,9\n")
        let report = try await validate(
            named(
                "d", [file], [column("id", .integer, unique: true), column("parent", .integer)],
                keys: RowKeys(foreign: [foreign(["parent"], nil, ["id"])])),
            root: folder.path, options: options())
        #expect(report.diagnostics.map(\.place.description) == ["t.csv:5:2"])
    }

    @Test func `two datasets can refer to each other`() async throws {
        let first = named(
            "a", [try folder.add("a.csv", "x\n1\n2\n")],
            keys: RowKeys(foreign: [foreign(["x"], "b", ["y"])]))
        let second = named(
            "b", [try folder.add("b.csv", "y\n2\n3\n")],
            keys: RowKeys(foreign: [foreign(["y"], "a", ["x"])]))
        var options = options([first, second])
        options.shelf = KeyShelf()
        let one = try await validate(first, root: folder.path, options: options)
        let other = try await validate(second, root: folder.path, options: options)
        #expect(one.diagnostics.map(\.place.description) == ["a.csv:2:1"])
        #expect(other.diagnostics.map(\.place.description) == ["b.csv:3:1"])
    }

    @Test func `what cannot be compared is a violation and never passes`() async throws {
        let good = try folder.add("c.csv", "id\n1\n")
        var bad = good
        bad.sha256 = Digest(checked: String(repeating: "1", count: 64))
        let orders = try folder.add("o.csv", "customer\n1\n")
        func message(_ customers: DatasetManifest?, _ column: String) async throws -> [String] {
            let manifest = named(
                "d", [orders],
                keys: RowKeys(foreign: [foreign(["customer"], "customers", [column])]))
            let report = try await validate(
                manifest, root: folder.path, options: options([customers].compactMap(\.self)))
            return report.diagnostics.map { "\($0.place) \($0.message)" }
        }
        #expect(try await message(named("customers", [good]), "id") == [])
        #expect(
            try await message(nil, "id") == [
                "datasets/d.yaml:9:3 there is no dataset `customers`"
            ])
        #expect(
            try await message(named("customers", [good]), "no") == [
                "datasets/d.yaml:9:3 `no` is not in the files of `customers`"
            ])
        let changed = try await message(named("customers", [bad]), "id")
        #expect(changed.count == 1 && changed[0].contains("is not as its manifest says: sha256"))
        for (name, format) in [("c.csv", DatasetManifest.Format.csv), ("c.parquet", .parquet)] {
            var junk = named("customers", [try folder.add(name, "PAR1\0\0\0\0PAR1")])
            junk.format = format
            let broken = try await message(junk, "id")
            #expect(broken.count == 1 && broken[0].contains("is not as its manifest says"))
        }
        let own = try await validate(
            named("d", [orders], keys: RowKeys(primary: ["no"])), root: folder.path,
            options: options())
        #expect(own.violations.map(\.rule) == [.missingColumn])
    }

    @Test func `a disk that cannot be written is an error`() async throws {
        let rows = (0..<4000).map { "\($0)\n" }.joined()
        let file = try folder.add("a.csv", "k\n\(rows)")
        var options = options(bytes: 1)
        options.spillFolder = "/no/such/folder"
        await #expect(throws: ValidationError.noRoom("/no/such/folder", code: 2)) {
            try await validate(
                named("d", [file], keys: RowKeys(primary: ["k"])), root: folder.path,
                options: options)
        }
    }

    @Test func `JSON lines have keys too, also where a column comes late`() async throws {
        let customers = named("customers", [try folder.add("c.csv", "id\n1\n2\n")])
        let file = try folder.add(
            "o.jsonl",
            """
            {"v": "a"}
            {"v": "b", "id": 1, "c": "1"}
            {"c": "7", "id": 1, "v": "c"}
            {"id": 2, "c": "\\u0032"}

            """)
        let manifest = named(
            "d", [file],
            keys: RowKeys(
                primary: ["id"], unique: [UniqueKey(["v"])],
                foreign: [foreign(["c"], "customers", ["id"])]), format: .jsonl)
        for chunk in [1, 7, 61, 1 << 20] {
            let report = try await validate(
                manifest, root: folder.path, options: options([customers], chunk: chunk))
            #expect(
                report.diagnostics.map { "\($0.place) \($0.message)" } == [
                    "o.jsonl:1 a part of the key `id` is missing",
                    "o.jsonl:3 equals row o.jsonl:2 on `id`",
                    "o.jsonl:3 `c` is not in `customers` (id)",
                ])
        }
    }

    // MARK: Against plain sets

    /// Keys by the texts of their cells; nil: a cell is missing.
    private func key(_ row: [String], _ places: [Int]) -> String? {
        let cells = places.map { row[$0] }
        return cells.contains("") ? nil : cells.joined(separator: "\u{0}")
    }

    private func table(_ rows: [[String]], _ header: String) -> String {
        header + "\n"
            + rows.map { row in
                row.map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",") + "\n"
            }.joined()
    }

    private func rows(_ seed: UInt64, _ count: Int) -> [[String]] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let long = random.below(8) == 0 ? "a long cell, quoted, " : ""
            return [
                random.below(30) == 0 ? "" : "\(long)\(random.below(count))",
                "\(random.below(9))", "v\(random.below(1000))",
            ]
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `keys are what plain sets say, however they are cut, shared out and spilt`(
        seed: UInt64
    ) async throws {
        let theirs = rows(seed &+ 100, 400)
        let ours = rows(seed, 700)
        let cut = 350
        let others = named("customers", [try folder.add("c.csv", table(theirs, "id,g,v"))])
        let manifest = named(
            "d",
            [
                try folder.add("a.csv", table(Array(ours[..<cut]), "id,g,v")),
                try folder.add("b.csv", table(Array(ours[cut...]), "id,g,v")),
            ],
            keys: RowKeys(
                primary: ["id", "g"], unique: [UniqueKey(["id"]), UniqueKey(["v", "id"])],
                foreign: [
                    foreign(["id"], "customers", ["id"]),
                    foreign(["id", "g"], "customers", ["id", "g"]),
                ]))
        func surplus(_ places: [Int]) -> Int {
            let keys = ours.compactMap { key($0, places) }
            return keys.count - Set(keys).count
        }
        func lacking(_ places: [Int]) -> Int {
            let known = Set(theirs.compactMap { key($0, places) })
            return ours.compactMap { key($0, places) }.count { !known.contains($0) }
        }
        let missing = ours.count { $0[0].isEmpty }
        let expected: [String: Int] = [
            "primary_key id, g": surplus([0, 1]) + missing, "unique id": surplus([0]),
            "unique v, id": surplus([2, 0]), "foreign_key id": lacking([0]),
            "foreign_key id, g": lacking([0, 1]),
        ].filter { $0.value > 0 }
        var first: ValidationReport?
        for (chunk, workers, bytes) in [
            (1 << 20, 2, 1 << 20), (61, 1, 1), (700, 4, 1), (4096, 3, 40_000), (61, 4, 1 << 20),
        ] {
            let report = try await validate(
                manifest, root: folder.path,
                options: options([others], bytes: bytes, chunk: chunk, workers: workers))
            let found = report.violations.map { violation in
                ("\(violation.rule.rawValue) \(violation.column ?? "")", violation.total)
            }
            #expect(
                Dictionary(uniqueKeysWithValues: found) == expected,
                "seed \(seed), chunk \(chunk), workers \(workers), bytes \(bytes)")
            #expect(report == first ?? report, "seed \(seed), chunk \(chunk), bytes \(bytes)")
            first = first ?? report
        }
    }
}
