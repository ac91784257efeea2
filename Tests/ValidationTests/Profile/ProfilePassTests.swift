import Domain
import Testing

@testable import Validation

struct ProfilePassTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let declared = [
        column("n", .number, max: 500), column("k", .integer), column("s"), column("d", .date),
    ]
    private static let checks = DatasetChecks(missingValues: ["NA", "a\"b"])

    /// Cells as they mean, by row: numbers, integers, texts, dates, and a column nobody declared.
    private func rows(_ count: Int, seed: UInt64) -> [[String]] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            [
                ["", "NA", "x", "501", "-999", "1.5", "\(random.below(4000))e-1"][random.below(7)],
                ["", "0.5", "\(random.below(50))", "-3"][random.below(4)],
                ["", "none", "say \"Größe\"", "a\"b", "a,\n\(random.below(90))"][random.below(5)],
                ["NA", "2024-02-29", "2023-02-29"][random.below(3)],
                ["-", "u\(random.below(300))", ""][random.below(3)],
            ]
        }
    }

    private func csv(_ header: [String], _ rows: [[String]], random: inout SeededRandom) -> String {
        var text = header.joined(separator: ",") + "\n"
        for row in rows {
            let cells = row.map { cell in
                let isSpecial = cell.contains { "\",\n".contains($0) }
                let isQuoted = isSpecial || random.below(4) == 0
                return isQuoted ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
            }
            text += cells.joined(separator: ",") + "\n"
        }
        return text
    }

    @Test func `look-alikes of missing cells count in columns of other types too`() async throws {
        let declared = [
            column("n", .number), column("k", .integer), column("d", .date), column("b", .boolean),
        ]
        let row = "1,2,2024-02-29,true\n"
        let words = "nan,null,n/a,None\nnone,\"--\",?,NA\nNaN,#N/A,nil,-999\nbad,nix,no,Na\n"
        let text = "n,k,d,b\n" + String(repeating: row + words, count: 40) + ",,,\n"
        let file = try folder.add("d.csv", text)
        let manifest = manifest([file], declared, checks: DatasetChecks(missingValues: ["NA"]))
        for (chunkBytes, workers) in [(61, 1), (61, 4), (700, 3), (1 << 20, 2)] {
            let (report, counted) = try await profile(
                manifest, root: folder.path,
                options: ProfileOptions(
                    validation: ValidationOptions(chunkBytes: chunkBytes, workersMax: workers)))
            let found = try #require(counted)
            let spellings = found.columns.map { column in
                Dictionary(uniqueKeysWithValues: column.lookAlikes.map { ($0.text, $0.count) })
            }
            #expect(
                spellings == [
                    ["nan": 40, "none": 40, "NaN": 40], ["null": 40, "--": 40, "#N/A": 40],
                    ["n/a": 40, "?": 40, "nil": 40], ["None": 40, "-999": 40],
                ])
            #expect(found.columns.map(\.invalid) == [80, 160, 160, 120])
            #expect(found.columns.map { MissingChecks.mixedMissing($0).value } == [4, 4, 4, 4])
            let types = report.violations.filter { $0.rule == .type }.map(\.total)
            #expect(types.sorted() == [120, 160, 160, 160], "they are no values all the same")
        }
    }

    @Test func `the profile of a small table is what plain counting says`() async throws {
        let rows = rows(700, seed: 1)
        var random = SeededRandom(seed: 2)
        let text = csv(["n", "k", "s", "d", "u"], rows, random: &random) + "1,2\n3\n"
        let file = try folder.add("d.csv", text)
        let manifest = manifest([file], Self.declared, checks: Self.checks)
        let (report, counted) = try await profile(manifest, root: folder.path)
        let found = try #require(counted)
        #expect(report.rows == 702 && found.rows == 702)
        #expect(found.columns.map(\.name) == ["n", "k", "s", "d", "u"])
        #expect(found.columns.map(\.kind) == [.number, .number, .text, .date, .text])
        for (index, column) in found.columns.enumerated() {
            let cells = rows.map { $0[index] }
            let missing = cells.filter { ["", "NA", "a\"b"].contains($0) }
            let wrong = cells.filter { wrongCells[index].contains($0) }
            let valid = cells.filter { !missing.contains($0) && !wrong.contains($0) }
            #expect(column.rows == 702 && column.missing == missing.count)
            #expect(column.invalid == wrong.count + 2, "\(column.name)")
            #expect(column.valueCount == valid.count)
            let spellings = column.missingSpellings.map { ($0.text, $0.count) }
            #expect(
                Dictionary(uniqueKeysWithValues: spellings)
                    == Dictionary(grouping: missing) { $0 }.mapValues(\.count))
            #expect(column.lookAlikes.reduce(0) { $0 + $1.count } == lookAlikes(valid))
            if column.kind == .number {
                expectNumbers(column, valid.compactMap(Double.init))
            } else if column.kind == .date {
                expectNumbers(column, valid.compactMap { boundMoment($0).map(secondsSince1970) })
            } else {
                expectTexts(column, valid)
            }
        }
    }

    /// Not of their column's type; 501 is only out of its range, and a number all the same.
    private let wrongCells: [Set<String>] = [["x"], ["0.5"], [], ["2023-02-29"], []]

    private func lookAlikes(_ cells: [String]) -> Int {
        cells.count { MissingWords.lookAlikes.contains($0) }
    }

    private func expectNumbers(_ column: ColumnProfile, _ values: [Double]) {
        let counts = Dictionary(grouping: values) { $0 }.mapValues(\.count)
        #expect(column.distinct.count == counts.count && column.values.isComplete)
        #expect(column.values.items.allSatisfy { counts[$0.number ?? .nan] == $0.count })
        #expect(column.values.items.count == counts.count)
        #expect(column.numbers?.count == values.count)
        #expect(column.numbers?.min == values.min() && column.numbers?.max == values.max())
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(abs((column.numbers?.mean ?? .nan) - mean) < 1e-9)
    }

    private func expectTexts(_ column: ColumnProfile, _ texts: [String]) {
        let counts = Dictionary(grouping: texts) { $0 }.mapValues(\.count)
        #expect(column.distinct.count == counts.count && column.values.isComplete)
        #expect(column.values.items.allSatisfy { counts[$0.text ?? "?"] == $0.count })
        #expect(column.values.items.count == counts.count)
        let lengths = texts.map(\.unicodeScalars.count)
        #expect(column.lengths?.count == texts.count)
        #expect(column.lengths?.min == lengths.min() && column.lengths?.max == lengths.max())
    }

    /// Two files with other columns in another order, and more rows than the sample has.
    @Test func `neither the cuts nor the workers change the profile`() async throws {
        var random = SeededRandom(seed: 3)
        let first = rows(2600, seed: 4)
        let second = rows(2600, seed: 5).map { [$0[4], $0[2], $0[0], $0[2] + "?"] }
        let files = [
            try folder.add(
                "a.csv", csv(["n", "k", "s", "d", "u"], first, random: &random) + "1\n"),
            try folder.add("b.csv", csv(["u", "s", "n", "v"], second, random: &random)),
        ]
        let manifest = manifest(files, Self.declared, checks: Self.checks)
        func found(_ chunk: Int, _ workers: Int) async throws -> DatasetProfile {
            let found = try await profile(
                manifest, root: folder.path,
                options: ProfileOptions(
                    validation: ValidationOptions(chunkBytes: chunk, workersMax: workers),
                    label: "k"))
            return try #require(found.profile)
        }
        let whole = try await found(1 << 20, 1)
        #expect(whole.columns.map(\.name) == ["n", "k", "s", "d", "u", "v"])
        #expect(whole.columns.allSatisfy { $0.rows == 5201 } && whole.rows == 5201)
        #expect(whole.column("v")?.missingSpellings.first?.count == 2600)
        #expect(whole.sample.rowSample?.count == RowSample.rowsMax)
        #expect(whole.associations.count >= 5)
        #expect(try DatasetProfile(canonicalJSON: whole.canonicalJSON) == whole)
        for (chunk, workers) in [(61, 2), (700, 3), (4096, 1), (50_000, 4)] {
            let parts = try await found(chunk, workers)
            #expect(parts.canonicalJSON == whole.canonicalJSON, "\(chunk) bytes, \(workers)")
        }
    }

    @Test func `beyond the exact limits the numbers do not depend on the cuts`() async throws {
        var random = SeededRandom(seed: 6)
        let rows = (0..<9000).map { _ in
            ["\(random.unit())", "t\(random.below(3000))"]
        }
        let file = try folder.add("d.csv", csv(["x", "t"], rows, random: &random))
        let manifest = manifest([file], [column("x", .number), column("t")])
        var profiles: [DatasetProfile] = []
        for (chunk, workers) in [(1 << 20, 1), (3001, 3), (40_000, 2)] {
            let found = try await validate(
                manifest, root: folder.path,
                options: ValidationOptions(chunkBytes: chunk, workersMax: workers),
                sink: ProfileSink(ProfileSink.Settings(limits: smallLimits)))
            let statistics = try #require(found.sink.finish(rows: found.report.rows))
            profiles.append(DatasetProfile(statistics))
        }
        for other in profiles.dropFirst() {
            #expect(other.columns[0] == profiles[0].columns[0])
            #expect(other.columns[1].distinct == profiles[0].columns[1].distinct)
            #expect(other.columns[1].lengths == profiles[0].columns[1].lengths)
            #expect(other.sample == profiles[0].sample)
        }
        #expect(profiles[0].columns.allSatisfy { $0.distinct.standardError > 0 })
    }

    @Test func `duplicates are exact wherever rows are kept, and unknown when nobody asks`()
        async throws
    {
        let text = (0..<6000).map { "\($0 % 2500),\($0 % 2)\n" }.joined()
        let file = try folder.add("d.csv", "a,b\n" + text)
        func found(_ bytes: Int, isAsked: Bool = true) async throws -> DuplicateCounts? {
            try await profile(
                manifest([file]), root: folder.path,
                options: ProfileOptions(
                    validation: ValidationOptions(keyBytesMax: bytes, spillFolder: folder.path),
                    countsDuplicates: isAsked)
            ).profile?.duplicates
        }
        let expected = DuplicateCounts(rows: 6000, distinct: 2500, groups: 2500, involved: 6000)
        #expect(try await found(1 << 20) == expected)
        #expect(try await found(1) == expected)
        #expect(try await found(1 << 20, isAsked: false) == nil)
    }

    @Test func `rows that cannot be kept are an error that names the folder`() async throws {
        let file = try folder.add("d.csv", "a\n" + (0..<9000).map { "\($0)\n" }.joined())
        await #expect(throws: ValidationError.noRoom("/no/such/folder", code: 2)) {
            try await profile(
                manifest([file]), root: folder.path,
                options: ProfileOptions(
                    validation: ValidationOptions(keyBytesMax: 1, spillFolder: "/no/such/folder")))
        }
    }

    @Test func `many columns share the memory that few have, and too many are not counted`()
        async throws
    {
        func found(_ columns: Int) async throws -> DatasetProfile? {
            let header = (0..<columns).map { "c\($0)" }.joined(separator: ",")
            let row = (0..<columns).map { "\($0)" }.joined(separator: ",")
            let file = try folder.add("d.csv", header + "\n" + row + "\n")
            return try await profile(manifest([file]), root: folder.path).profile
        }
        #expect(try await found(StatisticsLimits.columnsMax)?.columns.count == 500)
        #expect(try await found(StatisticsLimits.columnsMax + 1) == nil)
        func limits(_ columns: Int, _ isOfSeveralFiles: Bool) -> (Int, Int) {
            let found = StatisticsLimits(columns: columns, isOfSeveralFiles: isOfSeveralFiles)
            return (found.distinctMax, found.exactRowsMax)
        }
        #expect(limits(12, false) == (100_000, 1_000_000))
        #expect(limits(3, true) == (100_000, 1_000_000))
        #expect(limits(500, false).1 == 47_185)
        for (isOfSeveralFiles, bytesMax) in [(false, 180 << 20), (true, 48 << 20)] {
            for columns in [1, 5, 12, 13, 40, 41, 200, 500] {
                let distinct = limits(columns, isOfSeveralFiles).0
                let bytes = CountTable.bytes(keys: distinct) + TextStore.bytes(texts: distinct)
                #expect(bytes * columns <= bytesMax && distinct > 400, "\(columns) columns")
            }
        }
    }

    @Test func `columns that later files bring have their share of the memory of all`()
        async throws
    {
        func file(_ name: String, _ prefix: String) throws -> DatasetFile {
            let header = (0..<200).map { "\(prefix)\($0)" }.joined(separator: ",")
            let rows = (0..<1500).map { row in
                [String](repeating: "\(prefix)\(row)", count: 200).joined(separator: ",")
            }
            return try folder.add(name, header + "\n" + rows.joined(separator: "\n") + "\n")
        }
        let few = try await profile(
            manifest([try file("a.csv", "a"), try file("b.csv", "a")]), root: folder.path)
        let exact = try #require(few.profile?.column("a7")?.distinct)
        #expect(exact == ColumnProfile.Distinct(count: 1500, standardError: 0))
        let many = try await profile(
            manifest([try file("a.csv", "a"), try file("b.csv", "b")]), root: folder.path)
        #expect(many.profile?.columns.count == 400)
        for name in ["a7", "b7"] {
            let distinct = try #require(many.profile?.column(name)?.distinct)
            #expect(distinct.standardError > 0 && abs(distinct.count - 1500) < 60, "\(distinct)")
        }
    }

    @Test func `limits that are lowered hold for what was counted and for what comes`() throws {
        func numbers(_ range: Range<Int>) -> [Double] { range.map(Double.init) }
        func column(_ values: [Double]) -> ColumnStatistics {
            var column = ColumnStatistics(
                name: "x", kind: .number,
                limits: StatisticsLimits(distinctMax: 500, exactRowsMax: 2000))
            column.add(values.span)
            return column
        }
        let low = StatisticsLimits(distinctMax: 100, exactRowsMax: 300)
        var counted = column(numbers(0..<400))
        #expect(counted.need == .table)
        counted.lower(to: low)
        #expect(counted.need == .sketches)
        var coming = column(numbers(0..<90))
        coming.lower(to: low)
        #expect(coming.need == .table)
        coming.merge(column(numbers(50..<250)))
        #expect(coming.need == .order, "different numbers are too many, all of them not yet")
        coming.merge(column(numbers(0..<50)))
        #expect(coming.need == .sketches)
        #expect(coming.numbers.count == 340)
    }

    @Test func `no text of a private column is in the profile`() async throws {
        let file = try folder.add("d.csv", "mail,x\nsecret@example.org,1\n\"q\"\"secret\",2\n")
        let found = try await profile(
            manifest([file]), root: folder.path, options: ProfileOptions(privateColumns: ["mail"]))
        let text = String(decoding: try #require(found.profile).canonicalJSON, as: UTF8.self)
        #expect(!text.contains("secret") && found.profile?.column("mail")?.distinct.count == 2)
    }

    @Test func `JSON lines have the profile of the table with the same cells`() async throws {
        let cells = (0..<3000).map { row in
            (row % 7 == 0 ? nil : "\(row % 50)", row % 5 == 0 ? nil : "text \(row % 11)\"")
        }
        let table = cells.map { "\($0 ?? ""),\"\(($1 ?? "").replacing("\"", with: "\"\""))\"\n" }
        let lines = cells.map { number, text in
            let members = [
                number.map { "\"n\":\($0)" },
                text.map { "\"s\":\"\($0.replacing("\"", with: "\\\""))\"" },
            ]
            return "{\(members.compactMap(\.self).joined(separator: ","))}\n"
        }
        let columns = [column("n", .integer), column("s")]
        let csv = try folder.add("t", "n,s\n" + table.joined())
        let first = try await profile(manifest([csv], columns), root: folder.path)
        let json = try folder.add("t", lines.joined())
        for chunk in [61, 4096, 1 << 20] {
            let second = try await profile(
                manifest([json], columns, format: .jsonl), root: folder.path,
                options: ProfileOptions(validation: ValidationOptions(chunkBytes: chunk)))
            #expect(second.report.passed)
            let (left, right) = (try #require(first.profile), try #require(second.profile))
            #expect(left.columns == right.columns && left.rows == right.rows, "\(chunk)")
            #expect(right.duplicates?.distinct == left.duplicates?.distinct)
        }
    }
}
