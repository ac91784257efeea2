import Domain
import Testing

@testable import Validation

struct MixedTypesTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func table(_ cells: [String]) -> String {
        "id,code\n" + cells.enumerated().map { "\($0),\($1)\n" }.joined()
    }

    private let texts = (0..<95).map { "part \($0)" }

    @Test func `a few numbers among texts are suspicious, with their first places`()
        async throws
    {
        let text = table(texts + ["7", " -1.5e3", "2024-02-29", "007", "NaN"])
        let found = try await outcomes(folder, [text], [], [DataCheck(.mixedTypes)])
        #expect(
            lines(found) == [
                "id passed: all are of one kind: 100 numbers",
                "code warned: 5 of 100 cells (5 %) are of another kind than most: 95 other texts, "
                    + "4 numbers (0.data:97:2, 98:2, 100:2, 101:2), 1 time (0.data:99:2); "
                    + "suspicious is more than 1 % and less than 10 %",
            ])
        #expect(found.last?.details == ["count": 5, "cells": 100])
        #expect(found.last?.value == 0.05)
    }

    @Test func `texts among numbers are found too, and a missing cell is of no kind`()
        async throws
    {
        let text = table((0..<97).map { "\($0)" } + ["", "", "none", "n/a", "12 kg"])
        var columns = [column("id", .integer), column("code")]
        columns[1].classification = .pii
        let found = try await outcomes(folder, [text], columns, [DataCheck(.mixedTypes)])
        #expect(
            lines(found) == [
                "code warned: 3 of 100 cells (3 %) are of another kind than most: 97 numbers, 3 "
                    + "other texts (0.data:101:2, 102:2, 103:2); suspicious is more than 1 % and "
                    + "less than 10 %"
            ])
    }

    @Test(arguments: [
        (1, 199, false), (2, 199, false), (3, 199, true), (19, 181, true), (20, 180, false),
        (100, 100, false),
    ])
    func `the band is that of deepchecks, without its ends`(
        _ numbers: Int, _ texts: Int, _ isSuspicious: Bool
    ) async throws {
        let text = table(
            (0..<numbers).map { "\($0)" } + (0..<texts).map { "t\($0)" })
        let check = DataCheck(.mixedTypes, columns: ["code"])
        let found = try await outcomes(folder, [text], [], [check])
        #expect(found.first?.verdict == (isSuspicious ? .warned : .passed), "\(lines(found))")
    }

    @Test func `limits and severity are the manifest's, and a named column has its own`()
        async throws
    {
        let text = "a,b\n" + (0..<100).map { "t\($0),\($0 < 40 ? "1" : "x")\n" }.joined() + "5,x\n"
        var strict = DataCheck(.mixedTypes, columns: ["b"])
        (strict.max, strict.parameter, strict.severity) = (0, 1, .fail)
        let found = try await outcomes(folder, [text], [], [DataCheck(.mixedTypes), strict])
        #expect(found.map(\.column) == ["a", "b"])
        #expect(found.map(\.verdict) == [.passed, .failed])
        #expect(found.map(\.number) == [0, 1])
    }

    @Test func `what is no text, or nowhere, is said`() async throws {
        let check = DataCheck(.mixedTypes, columns: ["id", "nowhere"])
        let found = try await outcomes(
            folder, [table(["x"])], [column("id", .integer), column("code")], [check])
        #expect(
            lines(found) == [
                "id could not run: only texts are looked at",
                "nowhere could not run: no file has such a column",
            ])
        let none = try await outcomes(
            folder, ["id\n1\n"], [column("id", .integer)], [DataCheck(.mixedTypes)])
        #expect(lines(none) == ["- passed: no column is a text"])
    }

    @Test func `values of JSON lines are told by what they say`() async throws {
        let rows = (0..<20).map { #"{"a": "\#($0 == 3 ? "12" : "t\($0)")"}"# }
        let found = try await outcomes(
            folder, [rows.joined(separator: "\n") + "\n"], [column("a")],
            [DataCheck(.mixedTypes)], format: .jsonl)
        #expect(found.first?.verdict == .warned)
        #expect(found.first?.sentence.contains("1 number (0.data:4:7)") ?? false, "\(found)")
    }

    @Test func `cells are told as a plain reading tells them, whatever the chunks and workers`()
        async throws
    {
        for seed in UInt64(1)...6 {
            var random = SeededRandom(seed: seed)
            let pool = [
                ("word", 0), ("\"a \"\"b\"\"\"", 0), ("12", 1), ("-0.5", 1), ("1e400", 0),
                ("2020-02-30", 0), ("2020-02-29", 2), ("2020-02-29T10:00:00Z", 2), ("+3.", 1),
                ("\"two\nlines\"", 0), ("inf", 1), ("0x10", 0), ("1,5", 0), ("-", 0), (".", 0),
            ]
            let files = (0..<2).map { _ in
                (0..<1 + random.below(400)).map { _ in pool[random.below(pool.count)] }
            }
            let texts = files.map { cells in
                "c\n" + cells.map { $0.0.contains(",") ? "\"\($0.0)\"\n" : "\($0.0)\n" }.joined()
            }
            let counts = (0..<3).map { kind in files.joined().count { $0.1 == kind } }
            var first: [CheckOutcome]?
            for (chunk, workers) in [(61, 1), (61, 4), (700, 2), (4096, 3), (1 << 20, 1)] {
                let found = try await outcomes(
                    folder, texts, [], [DataCheck(.mixedTypes)], chunk: chunk, workers: workers)
                first = first ?? found
                #expect(found == first, "seed \(seed), chunks of \(chunk), \(workers) workers")
            }
            let total = counts.reduce(0, +)
            #expect(
                first?.first?.details["count"] == Double(total - (counts.max() ?? 0)),
                "seed \(seed)")
        }
    }
}
