import Domain
import Testing

@testable import Validation

/// Checks of a dataset against another one.
@Suite struct SplitTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func dataset(
        _ name: String, _ text: String, _ columns: [ColumnDeclaration] = [],
        checks: [DataCheck] = [], label: String? = nil, format: DatasetManifest.Format = .csv
    ) throws -> DatasetManifest {
        var manifest = manifest([try folder.add("\(name).data", text)], columns, format: format)
        manifest.name = DatasetName(checked: name)
        manifest.checks.named = checks
        manifest.label = label
        return manifest
    }

    private func check(_ name: DataCheck.Name, _ columns: [String] = []) -> DataCheck {
        var check = DataCheck(name, columns: columns, place: Place(file: "datasets/test.yaml"))
        check.dataset = name == .conflictingLabels ? nil : DatasetName(checked: "train")
        return check
    }

    private func measure(
        _ test: DatasetManifest, _ train: DatasetManifest?, bytes: Int = 1 << 20,
        chunk: Int = 1 << 20, workers: Int = 2, shelf: KeyShelf? = nil
    ) async throws -> Measurements {
        let options = ValidationOptions(
            chunkBytes: chunk, workersMax: workers, keyBytesMax: bytes, spillFolder: folder.path,
            datasets: train.map { [$0.name: $0, test.name: test] } ?? [:], shelf: shelf)
        // Because the rows are then those that are kept to count duplicates.
        let counted = try await read(
            test, root: folder.path, options: options, countsDuplicates: true, sink: NoSink()
        ).measurements
        let found = try await read(test, root: folder.path, options: options, sink: NoSink())
            .measurements
        #expect(counts(counted) == counts(found))
        #expect(counted.found.map(\.note) == found.found.map(\.note))
        return found
    }

    private func counts(_ found: Measurements) -> [String] {
        found.found.map { "\($0.count) of \($0.total)" }
    }

    @Test func `equal rows are counted, in whatever order their columns stand`() async throws {
        let train = try dataset("train", "a,b,y\n1,x,0\n2,\"q,r\",1\n3,,1\n4,z,0\n")
        let test = try dataset(
            "test", "y,b,a\n0,x,1\n0,x,1\n1,\"q,r\",2\n1,\"\",3\n1,z,4\n0,w,9\n",
            checks: [check(.splitOverlap)], label: "y")
        let found = try await measure(test, train)
        #expect(counts(found) == ["4 of 6"])
        #expect(
            found.found[0].note
                == "5 without the label and columns that only tell rows apart; the first is "
                + "test.data:2")
        #expect(found.found(for: check(.splitOverlap)).count == 1)
    }

    @Test func `rows are equal by their numbers where both declare them, else by their texts`()
        async throws
    {
        let columns = [column("i", .integer), column("x", .number), column("t")]
        let train = try dataset("train", "i,x,t\n1,1.50,a\n+2,1e3,b\n3,,c\n4,0.10,1.0\n", columns)
        let rows = "i,x,t\n+1,1.5,a\n2,1000.0,b\n3,NA,c\n4,.1,1\n4,.1,1.0\n5,1,e\n5,\"1.0\",e\n"
        var test = try dataset("test", rows, columns, checks: [check(.splitOverlap)])
        test.checks.missingValues = ["NA"]
        #expect(counts(try await measure(test, train)) == ["4 of 7"])
        let duplicates = try await read(
            test, root: folder.path, options: ValidationOptions(spillFolder: folder.path),
            countsDuplicates: true, sink: NoSink()
        ).duplicates
        #expect(duplicates?.surplus == 1)

        // Beside texts numbers are texts.
        let texts = try dataset("train", "i,x,t\n+1,1.5,a\n2,1e3,b\n4,.1,1.0\n")
        #expect(counts(try await measure(test, texts)) == ["2 of 7"])
        let lines = try dataset(
            "train", #"{"i": 1, "x": 15e-1, "t": "a"}"# + "\n" + #"{"i": 5, "x": 1.000, "t": "e"}"#,
            columns, format: .jsonl)
        #expect(counts(try await measure(test, lines)) == ["3 of 7"])
    }

    @Test func `rows are equal by their numbers where the first file lacks the column`()
        async throws
    {
        let train = try dataset("train", "x,t\n1.50,v\n")
        var test = try dataset(
            "test", "t\nu\n", [column("x", .number), column("t")], checks: [check(.splitOverlap)])
        test.columnMatch = .superset
        test.files.append(try folder.add("more.data", "x,t\n1.5,v\n1.50,v\n"))
        #expect(counts(try await measure(test, train)) == ["1 of 3"], "as texts")
        let options = ValidationOptions(
            spillFolder: folder.path, datasets: [train.name: train, test.name: test])
        let duplicates = try await read(
            test, root: folder.path, options: options, countsDuplicates: true, sink: NoSink()
        ).duplicates
        #expect(duplicates?.surplus == 1, "as numbers")
    }

    @Test func `labels and features are equal by their numbers`() async throws {
        let text = "a,y\n1.0,1\n1,1.0\n+1,01\n2,0\n2.0,1\n"
        let test = try dataset(
            "test", text, [column("a", .number), column("y", .number)],
            checks: [check(.conflictingLabels)], label: "y")
        #expect(counts(try await measure(test, nil)) == ["2 of 5"])
    }

    @Test func `a group on both sides leaks, though no row is on both`() async throws {
        let columns = [column("scan"), column("clinic"), column("patient"), column("y")]
        let head = "scan,clinic,patient,y\n"
        let train = try dataset(
            "train", head + "1,a,7,0\n2,a,7,1\n3,b,7,0\n4,b,,1\n", columns)
        let test = try dataset(
            "test", head + "5,a,7,0\n6,a,7,1\n7,c,7,0\n8,b,8,0\n9,b,,0\n", columns,
            checks: [
                check(.splitOverlap), check(.keyOverlap, ["patient"]),
                check(.keyOverlap, ["clinic", "patient"]),
            ])
        let found = try await measure(test, train)
        #expect(counts(found) == ["0 of 5", "1 of 2", "1 of 3"], "of different groups")
        #expect(found.found[1].note == "the first is in test.data:2")
    }

    @Test func `columns that only tell rows apart hide no equal features`() async throws {
        let columns = [column("id", unique: true), column("a"), column("y")]
        let train = try dataset("train", "id,a,y\n1,x,0\n2,x,0\n3,z,0\n", columns)
        var other = columns
        other.append(column("source"))
        let test = try dataset(
            "test", "id,a,y,source\n1,x,0,s\n8,x,0,s\n9,q,0,s\n", other,
            checks: [check(.splitOverlap)], label: "y")
        let found = try await measure(test, train)
        #expect(counts(found) == ["1 of 3"])
        #expect(found.found[0].note?.hasPrefix("2 without the label") == true)
    }

    @Test func `datasets of other columns are not compared, and that is said`() async throws {
        let train = try dataset("train", "a,b\n1,2\n")
        let test = try dataset("test", "a,c\n1,2\n", checks: [check(.splitOverlap)])
        let found = try await measure(test, train)
        #expect(
            found.found.map(\.problem) == [
                "only `train` has a column `b`; declare the columns of both datasets"
            ])
        #expect(
            try await measure(test, nil).found.map(\.problem) == ["there is no dataset `train`"])
        var changed = train
        changed.files[0].sha256 = Digest(checked: String(repeating: "2", count: 64))
        let problem = try await measure(test, changed).found.first?.problem
        #expect(problem?.contains("is not as its manifest says") == true)
    }

    @Test func `keys of both are counted once each`() async throws {
        let train = try dataset(
            "train", "user,v\nu1,1\nu2,1\nu2,2\n", [column("user"), column("v", .integer)])
        let test = try dataset(
            "test", "v,user\n5,u2\n6,u2\n7,u3\n8,\n9,u4\n",
            [column("v", .integer), column("user")], checks: [check(.keyOverlap, ["user"])])
        let found = try await measure(test, train)
        #expect(counts(found) == ["1 of 3"])
        #expect(found.found[0].note == "the first is in test.data:2")
    }

    @Test func `rows not later than the last of the other are counted, by the moment`()
        async throws
    {
        let train = try dataset(
            "train", "t\n2024-03-01T10:00:00Z\n2024-03-01T12:30:00.5+02:00\n2024-02-29\n",
            [column("t")])
        let test = try dataset(
            "test",
            "t\n2024-03-01T10:30:00.50Z\n2024-03-01T10:30:00.51Z\n2024-03-01\n2024-03-02\n\n"
                + "2024-03-01 10:30:01\n2024-03-01T23:30:00+14:00\n",
            [column("t")], checks: [check(.timeLeakage, ["t"])])
        let found = try await measure(test, train)
        #expect(counts(found) == ["3 of 6"])
        #expect(found.found[0].column == "t")
        #expect(
            found.found[0].places?.map { "\($0.place) \($0.message)" }
                == [2, 4, 8].map {
                    "test.data:\($0):1 `t` is not later than the last of `train`"
                })
        let cut = try await measure(test, train, chunk: 9, workers: 1)
        #expect(cut.found[0].places == found.found[0].places)

        let numbers = try dataset("train", "t\n5\n7.25\n-3\n", [column("t", .number)])
        let later = try dataset(
            "test", "t\n7\n8\n-9000000000000\n", [column("t", .integer)],
            checks: [check(.timeLeakage, ["t"])])
        #expect(counts(try await measure(later, numbers)) == ["2 of 3"])
        let times = try dataset("train", "t\n2024-03-01\n", [column("t")])
        let mixed = try await measure(later, times).found
        #expect(
            mixed.map(\.problem) == ["not every cell of `t` is a time that can be compared"])
    }

    @Test func `rows of equal features and different labels are counted`() async throws {
        let test = try dataset(
            "test", "id,a,b,y\n1,x,1,0\n2,x,1,1\n3,x,2,0\n4,x,1,0\n5,x,1,\n6,,9,a\n7,,9,a\n",
            [
                column("id", .integer, unique: true), column("a"), column("b", .integer),
                column("y"),
            ], checks: [check(.conflictingLabels)], label: "y")
        for chunk in [5, 1 << 20] {
            let found = try await measure(test, nil, chunk: chunk)
            #expect(counts(found) == ["3 of 7"])
            #expect(
                found.found[0].places?.map { "\($0.place) \($0.message)" }
                    == [2, 3, 5].map {
                        "test.data:\($0) the features of the row occur with another label too"
                    })
        }
    }

    @Test func `the rows of the other dataset are counted`() async throws {
        let train = try dataset("train", "a\n1\n2\n3\n")
        let test = try dataset("test", "a\n1\n", checks: [check(.splitRatio)])
        #expect(try await measure(test, train).rows == [train.name: 3])
    }

    @Test func `what one pass has read, the next does not read again`() async throws {
        let train = try dataset("train", "user\nu1\nu2\n")
        let test = try dataset(
            "test", "user\nu2\nu3\n", checks: [check(.keyOverlap, ["user"]), check(.splitOverlap)])
        let shelf = KeyShelf()
        let options = ValidationOptions(
            spillFolder: folder.path, datasets: [train.name: train, test.name: test],
            shelf: shelf)
        #expect(try await validate(train, root: folder.path, options: options).passed)
        _ = try folder.add("train.data", "user\nspoilt since\n")
        #expect(counts(try await measure(test, train, shelf: shelf)) == ["1 of 2", "1 of 2"])
        let anew = try await measure(test, train, shelf: KeyShelf())
        #expect(anew.found.allSatisfy { $0.problem != nil })
    }

    @Test func `JSON lines are compared with tables`() async throws {
        let train = try dataset("train", "a,y\nx,1\ny,2\n", [column("a"), column("y")])
        let test = try dataset(
            "test", "{\"a\": \"x\", \"y\": \"1\"}\n{\"y\": \"3\", \"a\": \"y\"}\n{\"a\": \"z\"}\n",
            [column("a"), column("y")],
            checks: [check(.splitOverlap), check(.keyOverlap, ["a"])], label: "y", format: .jsonl)
        let found = try await measure(test, train)
        #expect(counts(found) == ["1 of 3", "2 of 3"])
        #expect(found.found[0].note?.hasPrefix("2 without") == true)
    }

    @Test func `rows are not compared on columns that are met late, and that is said`()
        async throws
    {
        let train = try dataset("train", "{\"a\": \"x\", \"b\": \"y\"}\n", format: .jsonl)
        let lines = String(repeating: "{\"a\": \"x\", \"y\": \"0\"}\n", count: 60_000)
        let test = try dataset(
            "test", lines + "{\"a\": \"x\", \"b\": \"y\"}\n",
            checks: [check(.splitOverlap), check(.conflictingLabels)], label: "y", format: .jsonl)
        let problem = "`b` is first met far behind the other columns; declare the columns"
        #expect(try await measure(test, train).found.map(\.problem) == [problem, problem])
        var declared = test
        declared.columns = [column("a"), column("b"), column("y")]
        var known = train
        known.columns = [column("a"), column("b")]
        #expect(
            counts(try await measure(declared, known)) == ["1 of 60001", "0 of 60001"])
    }

    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func `counts are what plain sets say, however the files are cut and spilt`(
        seed: UInt64
    ) async throws {
        var random = SeededRandom(seed: seed)
        func rows(_ count: Int) -> [[String]] {
            (0..<count).map { _ in
                [
                    "u\(random.below(60))", random.below(12) == 0 ? "" : "\(random.below(7))",
                    ["", "some longer text", "b"][random.below(3)], "\(random.below(2))",
                ]
            }
        }
        let (ours, theirs) = (rows(600), rows(400))
        func text(_ rows: [[String]], _ places: [Int]) -> String {
            let header = places.map { ["user", "n", "t", "y"][$0] }
            return ([header] + rows.map { row in places.map { row[$0] } })
                .map { $0.joined(separator: ",") + "\n" }.joined()
        }
        let train = try dataset("train", text(theirs, [0, 1, 2, 3]))
        let test = try dataset(
            "test", text(ours, [3, 1, 0, 2]),
            checks: [
                check(.splitOverlap), check(.keyOverlap, ["user", "n"]), check(.conflictingLabels),
            ], label: "y")
        let known = Set(theirs)
        let shared = ours.count { known.contains($0) }
        func keys(_ rows: [[String]]) -> Set<[String]> {
            Set(rows.filter { !$0[1].isEmpty }.map { Array($0[..<2]) })
        }
        let both = keys(ours).intersection(keys(theirs)).count
        var labels: [[String]: Set<String>] = [:]
        for row in ours { labels[Array(row[..<3]), default: []].insert(row[3]) }
        let conflicts = ours.count { labels[Array($0[..<3])]?.count ?? 0 > 1 }
        var first: Measurements?
        for (chunk, workers, bytes) in [
            (1 << 20, 2, 1 << 20), (61, 1, 1), (700, 4, 1), (4096, 3, 30_000),
        ] {
            let found = try await measure(
                test, train, bytes: bytes, chunk: chunk, workers: workers)
            #expect(
                counts(found) == [
                    "\(shared) of 600", "\(both) of \(keys(ours).count)", "\(conflicts) of 600",
                ], "seed \(seed), chunk \(chunk), bytes \(bytes)")
            #expect(found == first ?? found, "seed \(seed)")
            first = first ?? found
        }
    }
}
