import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

struct NoiseTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private var check: DataCheck { DataCheck(.labelNoise) }

    private func measure(
        _ files: [String], _ columns: [ColumnDeclaration], _ check: DataCheck,
        chunk: Int = 1 << 20, workers: Int = 2, bytes: Int = 32 << 20, label: String? = "y",
        primary: [String] = []
    ) async throws -> Measurement {
        var own = manifest(
            try files.enumerated().map { try folder.add("d\($0.offset).csv", $0.element) }, columns)
        own.label = label
        own.keys.primary = primary
        own.checks.named = [check]
        let options = ValidationOptions(
            chunkBytes: chunk, workersMax: workers, keyBytesMax: bytes, spillFolder: folder.path)
        let found = try await read(own, root: folder.path, options: options, sink: NoSink())
        return try #require(found.measurements.found(for: check).first)
    }

    // MARK: The definition

    /// Three classes with numbers around another middle, a colour and some words of their own.
    private func random(_ seed: UInt64, _ count: Int) -> (rows: [[String]], wrong: Set<Int>) {
        var seeded = Seeded(state: seed)
        let classes = ["ant", "bee", "cat"]
        var wrong: Set<Int> = []
        let rows = (0..<count).map { number -> [String] in
            let own = Int.random(in: 0..<3, using: &seeded)
            let near = { (other: inout Seeded) in
                Int.random(in: 0..<4, using: &other) == 0
                    ? Int.random(in: 0..<3, using: &other) : own
            }
            let height = Double(near(&seeded) * 10) + Double.random(in: 0..<12, using: &seeded)
            let colour = ["red", "green", "Blue"][near(&seeded)]
            let words = (0..<3).map { _ in
                "w\(near(&seeded) * 7 + Int.random(in: 0..<7, using: &seeded))"
            }
            let isWrong = number % 20 == 7
            if isWrong { wrong.insert(number) }
            let text = number % 31 == 0 ? "" : "\"\(words.joined(separator: ", "))\""
            return [
                colour, number % 17 == 0 ? "" : "\(height)", text,
                classes[isWrong ? (own + 1) % 3 : own],
            ]
        }
        return (rows, wrong)
    }

    private static let columns = [
        column("colour"), column("x", .number), column("text"), column("y"),
    ]

    /// What each row says of its label, by the definition.
    private func plain(_ rows: [[String]]) -> PlainNoise {
        let points = WeightedPoints(ascending: rows.compactMap { Double($0[1]) }.sorted())
        let cuts = (1...9).compactMap { points.quantile(Double($0) / 10) }
        return PlainNoise(
            rows.map { row in
                let text = row[2].filter { $0 != "\"" }
                let words = text.split(separator: ", ").map { "word \($0)" }
                let number = Double(row[1]).map { x in "part \(cuts.count { $0 < x })" }
                return PlainNoise.Row(
                    label: row[3],
                    values: [
                        [row[0]], [number ?? "missing"],
                        text.isEmpty ? ["missing"] : words,
                    ])
            })
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `candidates are those of the definition`(seed: UInt64) async throws {
        let (rows, wrong) = random(seed, 600)
        let text = "colour,x,text,y\n" + rows.map { $0.joined(separator: ",") + "\n" }.joined()
        for margin in [0.2, 0.5, 0.8] {
            var check = check
            check.parameter = margin
            let found = try await measure([text], Self.columns, check)
            let expected = plain(rows).candidates(margin: margin)
            #expect(found.problem == nil && found.total == 600)
            #expect(found.count == expected.count, "seed \(seed), margin \(margin)")
            #expect(found.places?.count == expected.count)
            for place in found.places ?? [] {
                let row = try #require(place.place.line) - 2
                let other = try #require(expected[row], "\(place), seed \(seed)")
                #expect(place.place.column == 4 && place.value == rows[row][3])
                let says = "the label is `\(rows[row][3])`, and the row looks like `\(other)` ("
                #expect(place.message.hasPrefix(says))
            }
        }
        // What was planted is mostly what is found.
        let expected = plain(rows).candidates(margin: 0.5)
        let hits = wrong.intersection(expected.keys).count
        #expect(hits * 2 > wrong.count && hits * 2 > expected.count)
    }

    @Test func `they are the same however the files are read`() async throws {
        let rows = random(9, 500).rows
        func file(_ part: ArraySlice<[String]>) -> String {
            "colour,x,text,y\n" + part.map { $0.joined(separator: ",") + "\n" }.joined()
        }
        let whole = try await measure([file(rows[...])], Self.columns, check)
        #expect(whole.count > 10)
        for (chunk, workers, bytes) in [
            (61, 1, 32 << 20), (700, 4, 1 << 20), (4096, 3, 20_000), (700, 2, 100),
        ] {
            let found = try await measure(
                [file(rows[...])], Self.columns, check, chunk: chunk, workers: workers,
                bytes: bytes)
            #expect(found == whole)
            let files = [file(rows[..<100]), file(rows[100..<101]), file(rows[101...])]
            let parted = try await measure(
                files, Self.columns, check, chunk: chunk, workers: workers, bytes: bytes)
            #expect(parted.count == found.count && parted.total == found.total)
        }
        let files = [file(rows[..<100]), file(rows[100..<101]), file(rows[101...])]
        let parted = try await measure(files, Self.columns, check)
        #expect(parted.places?.contains { $0.place.file == "d2.csv" } ?? false)
        #expect(parted.places?.map(\.message) == whole.places?.map(\.message))
    }

    @Test func `more values than can be counted are no answer`() async throws {
        let rows = (0..<3000).map { "w\($0 % 1500),\($0 % 2)\n" }.joined()
        let columns = [column("text"), column("y")]
        let small = try await measure(["text,y\n" + rows], columns, check, bytes: 100)
        #expect(small.problem?.hasPrefix("the features have more different values than ") ?? false)
        let whole = try await measure(["text,y\n" + rows], columns, check)
        #expect(whole.problem == nil && whole.total == 3000)
        // What is in one row alone takes no room.
        let unique = (0..<3000).map { "w\($0),k\($0 % 2),\($0 % 2)\n" }.joined()
        let found = try await measure(
            ["text,kind,y\n" + unique], [column("text"), column("kind"), column("y")], check,
            bytes: 60_000)
        #expect(found.problem == nil && found.total == 3000 && found.count == 0)
    }

    @Test func `a missing number is in no decile, whichever feature it is of`() {
        for feature in 0..<500 {
            let seed = NoiseValue.seed(feature)
            let parts = (0...9).map { NoiseValue.part($0, seed) }
            #expect(Set(parts + [NoiseValue.missing(seed)]).count == 11, "feature \(feature)")
        }
    }

    @Test func `no row looks like a class of fewer than ten rows`() async throws {
        let rows = (0..<1000).map { $0 % 2 == 0 ? "left,a\n" : "right,b\n" }.joined()
        let columns = [column("k"), column("y")]
        for (count, found) in [(1, 0), (3, 0), (9, 0), (10, 1)] {
            let few = String(repeating: "odd,c\n", count: count)
            let measured = try await measure(["k,y\n" + rows + few + "odd,a\n"], columns, check)
            #expect(measured.problem == nil && measured.count == found, "\(count) rows")
            #expect(measured.total == 1001 + (count < 10 ? 0 : count))
        }
    }

    @Test func `whole numbers are classes by every digit`() async throws {
        let (even, odd) = ("9007199254740992", "9007199254740993")
        let rows = (0..<40).map { $0 % 2 == 0 ? "left,\(even)\n" : "right,\(odd)\n" }.joined()
        let columns = [column("k"), column("y", .integer)]
        let found = try await measure(["k,y\n" + rows + "left,\(odd)\n"], columns, check)
        #expect(found.problem == nil && found.total == 41 && found.count == 1)
        let says = "the label is `\(odd)`, and the row looks like `\(even)` ("
        #expect(found.places?.first?.message.hasPrefix(says) == true)
    }

    @Test func `a check that nobody waits for reads no more rows`() async {
        let plan = NoisePlan(
            label: "y", features: [NoisePlan.Feature(name: "x", isNumber: true)])
        let spool = NoiseSpool(plan, in: folder.path, bytesMax: 1000)
        let reading = Task { () -> SpillFault? in
            while !Task.isCancelled { await Task.yield() }
            do throws(SpillFault) {
                try spool.read { _ in }
                return nil
            } catch {
                return error
            }
        }
        reading.cancel()
        #expect(await reading.value == .cancelled)
    }

    @Test func `rows that were judged take no room any more`() throws {
        var own = manifest([], [column("x", .number), column("y")])
        own.label = "y"
        own.checks.named = [check]
        let tally = KeyTally(KeyPlan(own), bytesMax: 1000, folder: folder.path)
        let plan = try #require(own.noisePlan(check))
        #expect(tally.noise(of: plan) != nil)
        #expect(tally.withoutCounted.noise(of: plan) == nil)
        #expect(tally.withoutCounted.noises.isEmpty)
    }

    // MARK: Real data

    /// The handwritten digits that `slipway new` writes, of which every twentieth is spoilt.
    private func digits() throws -> (text: String, columns: [ColumnDeclaration], wrong: Set<Int>) {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bytes = try readFile(
            root.appending(path: "templates/digits/data/digits-train.csv").path,
            limitBytes: 1 << 20)
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        var seeded = Seeded(state: 4)
        var wrong: Set<Int> = []
        for line in 1..<lines.count where Int.random(in: 0..<20, using: &seeded) == 0 {
            let digit = try #require(lines[line].last?.wholeNumberValue)
            lines[line].removeLast()
            lines[line] += "\((digit + Int.random(in: 1...9, using: &seeded)) % 10)"
            wrong.insert(line + 1)
        }
        let columns = (lines[0].split(separator: ",")).map { column(String($0), .integer) }
        return (lines.joined(separator: "\n") + "\n", columns, wrong)
    }

    @Test func `wrong labels of real pictures are found, and few others`() async throws {
        let (text, columns, wrong) = try digits()
        let found = try await measure([text], columns, check, label: "digit")
        #expect(found.problem == nil && found.total == 1437)
        // Of 76 that are spoilt most are found, and most that are found are spoilt.
        #expect(wrong.count == 76)
        #expect((50...85).contains(found.count))
        let places = found.places?.compactMap(\.place.line) ?? []
        #expect(places.count == found.count && wrong.isSuperset(of: places.prefix(10)))
    }

    // MARK: What cannot be told

    @Test func `columns that tell nothing of the label doubt no row`() async throws {
        var seeded = Seeded(state: 3)
        let rows = (0..<2000).map { _ in
            "\(Double.random(in: 0..<1, using: &seeded)),"
                + "\(Int.random(in: 0..<20, using: &seeded) == 0)\n"
        }
        let found = try await measure(
            ["x,y\n" + rows.joined()], [column("x", .number), column("y")], check)
        #expect(
            found.problem?.hasPrefix("the columns tell next to nothing of the label: ") ?? false)
    }

    @Test func `what is missing is said`() async throws {
        let two = [column("x", .number), column("y")]
        func problem(
            _ text: String, _ columns: [ColumnDeclaration], label: String? = "y",
            named: [String] = [], primary: [String] = []
        ) async throws -> String? {
            var check = check
            check.columns = named
            return try await measure([text], columns, check, label: label, primary: primary).problem
        }
        #expect(
            try await problem("x,y\n1,a\n", two, label: nil) == "the manifest names no `label:`")
        #expect(
            try await problem("y\na\n", [column("y")])
                == "there is no column that could tell the label")
        #expect(
            try await problem("x,y\n1,a\n", two, primary: ["x"])
                == "there is no column that could tell the label")
        #expect(
            try await problem("x,y\n1,a\n", [], named: ["z"]) == "`z` is not in the files")
        let many = (0..<300).map { "1,c\($0)\n" }.joined()
        #expect(try await problem("x,y\n" + many, two) == "the label has more than 256 classes")
        let few = "there are no two classes with 10 rows or more and something in common"
        let one = String(repeating: "1,a\n", count: 30)
        #expect(try await problem("x,y\n" + one, two) == few)
        #expect(try await problem("x,y\n" + one + "1,b\n", two) == few)
    }

    @Test func `missing and wrong cells, and rows without a label, are no trouble`() async throws {
        var text = "x,t,y\n"
        for number in 0..<40 {
            text += "\(number % 2 == 0 ? "" : "\(number)"),,\(number % 2 == 0 ? 1 : 0)\n"
            if number % 10 == 0 { text += "none,\"a \"\"b\"\"\",\n1,b,maybe\ninf,b c,0.0\n" }
        }
        text += ",,0\n"
        let columns = [column("x", .number), column("t"), column("y", .number)]
        let found = try await measure([text], columns, check)
        #expect(found.problem == nil && found.total == 45)
        #expect(found.count == 1)
        let place = try #require(found.places?.first)
        #expect(place.place == Place(file: "d0.csv", line: 54, column: 3) && place.value == "0.0")
        #expect(
            place.message
                == "the label is `0.0`, and the row looks like `1` (0.98 against 0.02)")
        #expect(found.note == "most of all at d0.csv:54:3, where \(place.message)")
    }

    @Test func `labels that are classified are not shown`() async throws {
        var label = column("y")
        label.classification = .pii
        let rows = (0..<40).map { "\($0 % 2),\($0 % 2 == 0 ? "left" : "right")\n" }.joined()
        let found = try await measure(
            ["x,y\n" + rows + "1,left\n"], [column("x", .integer), label], check)
        #expect(found.count == 1)
        let place = try #require(found.places?.first)
        #expect(place.place == Place(file: "d0.csv", line: 42, column: 2) && place.value == "•••")
        #expect(
            place.message
                == "the label is `•••`, and the row looks like `•••` (0.98 against 0.02)")
    }
}
