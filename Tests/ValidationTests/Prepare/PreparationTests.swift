import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

@Suite struct PreparationTests {
    /// Steps of every kind, those that need all rows between others.
    private var everything: [PreparationStep.Action] {
        var conversion = CellConversion(columns: ["n"], kind: .number)
        conversion.decimalComma = true
        conversion.invalid = .missing
        return [
            .normaliseText(
                .init(
                    columns: ["s"], form: .nfkc, letterCase: .lower, trims: true,
                    collapsesSpaces: true)),
            .convert(conversion), .fillMissing(.init(columns: ["n"], filling: .statistic(.median))),
            .fillMissing(.init(columns: ["s"], filling: .statistic(.mode))),
            .dropDuplicates(.init(columns: ["s", "n"], keep: .last)),
            .clipOutliers(.init(columns: ["n"], method: .tukey(k: 1))),
            .mergeDuplicates(.init(columns: ["n"], rules: [.init(column: "k", rule: .max)])),
            .sample(.init(size: .share(0.9), seed: 3)),
            .split(
                .init(
                    part: "a",
                    parts: [.init(name: "a", bound: .share(0.75)), .init(name: "b", bound: .rest)],
                    method: .random, seed: 2)),
        ]
    }

    private func table(_ rows: Int) -> String {
        var random = Seeded(state: 11)
        return "k,s,n\r\n"
            + (0..<rows).map { row in
                let text = ["Ｆｏｏ", " foo ", "E\u{301}a  b", "", "\"x\"\"y\"", "\"q\nr\""][
                    Int.random(in: 0..<6, using: &random)]
                let number = Int.random(in: -400..<400, using: &random)
                let cell = number % 50 == 0 ? "bad" : "\"\(number / 4),\(abs(number) % 4)\""
                return "\(row),\(text),\(cell)\r\n"
            }.joined()
    }

    @Test func `the same data gives the same bytes, however it is read`() async throws {
        let text = table(3000)
        let made = try await prepared(text, by: everything)
        #expect(made.report.rows > 100)
        #expect(made.report.steps.map(\.name).last == "split")
        for (step, next) in zip(made.report.steps, made.report.steps.dropFirst()) {
            #expect(step.rowsOut == next.rowsIn)
        }
        for manner in Manner.all {
            let again = try await prepared(text, by: everything, manner: manner)
            #expect(again.text == made.text, "\(manner)")
            #expect(again.report == made.report, "\(manner)")
        }
    }

    @Test func `what was prepared is read as it was written`() async throws {
        let folder = try Folder()
        let made = try await prepared(table(500), by: Array(everything.prefix(5)))
        let file = try folder.add("again.csv", made.text)
        let again = try await prepared(manifest([file]), [], folder)
        #expect(again.text == made.text)
        #expect(again.report.sha256 == made.report.sha256)
        let columns = [column("k", .integer), column("s"), column("n", .number)]
        let report = try await validate(manifest([file], columns), root: folder.path)
        #expect(report.violations.isEmpty, "\(report.violations)")
    }

    @Test func `an empty result has its header`() async throws {
        let made = try await prepared(
            "a,b\n,1\n",
            by: [.dropMissing(.init(columns: [])), .dropDuplicates(.init(columns: []))])
        #expect(made.text == "a,b\n")
        #expect(made.report.rows == 0)
    }

    @Test func `records are sorted whatever fits into memory`() throws {
        let folder = try Folder()
        for seed in 0..<6 as Range<UInt64> {
            var random = Seeded(state: seed)
            let records = (0..<4000).map { _ in
                (0..<Int.random(in: 0..<20, using: &random)).map { _ in
                    UInt8.random(in: 0..<4, using: &random)
                }
            }
            var sorter = RecordSorter(
                bytesMax: [1, 500, 5000, 1 << 20][Int(seed) % 4], folder: folder.path)
            for record in records { try sorter.add(record) }
            var sorted = try sorter.sorted()
            var found: [[UInt8]] = []
            while let record = try sorted.next() { found.append(record) }
            #expect(found == records.sorted { $0.lexicographicallyPrecedes($1) }, "seed \(seed)")
        }
    }

    /// Every code point that Python's tables know, and random texts.
    @Test func `normalisation forms are those of Python's tables`() async throws {
        let script = """
            import json, sys, unicodedata
            texts = json.load(sys.stdin)
            known = unicodedata.unidata_version
            json.dump([[unicodedata.normalize(f, t) for t in texts] for f in ("NFC", "NFKC")]
                      + [[known]], sys.stdout)
            """
        var texts = stride(from: 0x80, to: 0x30000, by: 1).compactMap { Unicode.Scalar($0) }
            .filter { $0.properties.age.map { $0.major <= 13 } ?? false }
            .map { String(Character($0)) + "\u{301}\u{323}" }
        var random = Seeded(state: 2)
        let marks = Array(
            "aeo\u{301}\u{323}\u{308}\u{1100}\u{1161}\u{11A8}각가ﬁⅣ①\u{212B}\u{FB1D}\u{0958}"
                .unicodeScalars)
        for _ in 0..<2000 {
            let scalars = (0..<6).map { _ in marks[Int.random(in: 0..<marks.count, using: &random)]
            }
            texts.append(String(String.UnicodeScalarView(scalars)))
        }
        let result = try await ChildProcess.run(
            "python3", ["-c", script], input: Array(try JSONEncoder().encode(texts)),
            outputLimitBytes: 64 << 20, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        let answers = try JSONDecoder().decode([[String]].self, from: Data(result.output))
        for (form, isCompatible) in [(0, false), (1, true)] {
            var wrong = 0
            for (text, answer) in zip(texts, answers[form]) {
                let found = UnicodeForms.table.normalised(
                    Array(text.utf8), isCompatible: isCompatible)
                if found != Array(answer.utf8) { wrong += 1 }
            }
            #expect(wrong == 0, "form \(form), tables \(answers[2])")
        }
    }

    @Test func `what is wrong with prepared rows says how to see them`() async throws {
        let folder = try Folder()
        let raw = manifest([try folder.add("f.csv", "x\n1\n")])
        var made = manifest([try folder.add("made.csv", "x\nno\n")], [column("x", .integer)])
        let own = try await validate(made, root: folder.path)
        #expect(own.violations.map(\.hint) == ["mend the cell, or change the column's `type:`"])
        made.preparation = DataPreparation(
            source: .manifest(raw), steps: [], place: Place(file: "datasets/d.yaml"))
        let found = try await validate(made, root: folder.path)
        #expect(
            found.violations.map(\.hint) == [
                "mend the cell, or change the column's `type:`; `slipway dataset prepare d "
                    + "--output FILE` writes the rows"
            ])
    }

    @Test func `normalising twice changes nothing`() throws {
        var random = Seeded(state: 8)
        let context = StepContext(
            step: PreparationStep(
                .dropMissing(.init(columns: [])), place: Place(file: "d")), number: 1,
            columns: ["s"], paths: [:], privateColumns: [], isOfLines: false, folder: "/tmp",
            sortBytesMax: 1)
        for letterCase in [nil, TextNormalisation.LetterCase.lower, .upper] {
            for form in [TextNormalisation.Form.nfc, .nfkc] {
                let work = try TextWork(
                    .init(
                        columns: ["s"], form: form, letterCase: letterCase, trims: true,
                        collapsesSpaces: true), context)
                for _ in 0..<3000 {
                    let scalars = (0..<4).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: 0x20..<0x3000, using: &random))
                    }
                    let text = Array(String(String.UnicodeScalarView(scalars)).utf8)
                    let once = work.normalised(text)
                    #expect(work.normalised(once) == once, "\(scalars) \(form)")
                }
            }
        }
    }
}
