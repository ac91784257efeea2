import Domain
import Testing

@testable import Validation

/// Checks against a baseline that the manifest names, and against served requests.
struct NamedBaselineTests {
    private let folder: Folder
    private let golden = NamedBaseline.dataset(DatasetName(checked: "golden"))

    init() throws { folder = try Folder() }

    private func table(_ rows: Int, shift: Double = 0) -> String {
        var random = SeededRandom(seed: 5)
        let lines = (0..<rows).map { "\($0),\(random.normal() + shift),w\($0 % 4),a\($0 % 2)" }
        return "id,x,t,y\n" + lines.joined(separator: "\n") + "\n"
    }

    private func table(
        _ name: String, _ rows: Int, shift: Double = 0
    ) throws -> DatasetManifest {
        var made = manifest(
            [try folder.add("\(name).csv", table(rows, shift: shift))],
            [column("id", .integer, unique: true), column("x", .number), column("t"), column("y")])
        made.name = DatasetName(checked: name)
        made.label = "y"
        return made
    }

    private func examination(_ manifest: DatasetManifest) async throws -> Examination {
        try await examine(manifest, root: folder.path, options: manifest.profileOptions())
    }

    private func data(_ name: String) -> ComparedData {
        ComparedData(name: name, digest: Digest(checked: String(repeating: "a", count: 64)))
    }

    private func against(_ name: DataCheck.Name, _ baseline: NamedBaseline?) -> DataCheck {
        var check = DataCheck(name)
        check.against = baseline
        return check
    }

    // MARK: A named baseline

    @Test func `each baseline is a comparison of its own, and is named with its digest`()
        async throws
    {
        var now = try table("now", 1000, shift: 2)
        now.checks.named = [
            against(.psi, nil), against(.psi, golden), against(.psi, .version(.first)),
        ]
        let found = try await examination(now)
        let same = try await examination(try table("same", 1200, shift: 2))
        let moved = try table("golden", 800)
        var others = OtherBaselines()
        others.named[golden] = try await examination(moved.profiled)
            .baseline(data("golden"), by: moved.profiled)
        let report = found.judged(
            by: now, against: .profile(try #require(same.profile), of: data("v1.1.0")),
            beside: others)
        let x = report.outcomes.filter { $0.column == "x" }
        #expect(x.map(\.verdict) == [.passed, .failed], "\(x)")
        #expect(x.map(\.baseline?.name) == ["v1.1.0", "golden"])
        #expect(x[1].fact.hasSuffix("; against golden (aaaaaaaaaaaa)"), "\(x[1].fact)")
        // As if each stood alone: the false discoveries of one are not those of the other.
        var alone = now
        alone.checks.named = [against(.psi, golden)]
        let only = found.judged(by: alone, against: .none(""), beside: others)
        #expect(
            only.outcomes.map(\.details) == report.outcomes.filter { $0.number == 1 }.map(\.details)
        )
        let lost = report.outcomes.filter { $0.number == 2 }
        #expect(lost.map(\.verdict) == [.couldNotRun] && lost[0].severity == .fail)
        now.checks.named[2].severity = .warn
        let allowed = found.judged(by: now, against: .none(""), beside: others)
        #expect(allowed.outcomes.last?.severity == .warn)
    }

    @Test func `a baseline that is broken or lacks a column could not be compared with`()
        async throws
    {
        var now = try table("now", 300)
        now.checks.named = [against(.psi, golden)]
        now.checks.named[0].columns = ["t"]
        let found = try await examination(now)
        func verdict(_ other: DatasetManifest) async throws -> CheckOutcome? {
            var others = OtherBaselines()
            others.named[golden] = try await examination(other.profiled)
                .baseline(data("golden"), by: other.profiled)
            return found.judged(by: now, against: .none(""), beside: others).outcomes.first
        }
        var broken = try table("broken", 300)
        broken.files[0].sha256 = Digest(checked: String(repeating: "0", count: 64))
        let first = try await verdict(broken)
        #expect(first?.verdict == .couldNotRun && first?.sentence.contains("sha256") == true)
        var strict = try table("strict", 300)
        strict.rules = [
            RowRule(name: "none", expression: "x > 1000", place: Place(file: ""))
        ]
        strict.columns[1].min = 1000
        #expect(try await verdict(strict)?.verdict == .passed, "its rules are its own affair")
        let lacks = manifest([try folder.add("l.csv", "x\n1\n")], [column("x", .number)])
        let absent = try await verdict(lacks)
        #expect(absent?.sentence == "`golden` has no such column" && absent?.severity == .fail)
        let few = try await verdict(try table("few", 100))
        #expect(few?.verdict == .notEnoughData && few?.severity == .warn, "it is there")
    }

    // MARK: Served requests

    private func log(_ lines: [String]) throws -> DatasetManifest {
        var log = manifest(
            [try folder.add("log.jsonl", lines.joined(separator: "\n") + "\n")], format: .jsonl)
        log.name = DatasetName(checked: "requests")
        return log
    }

    private func skew(
        _ lines: [String], _ checks: [DataCheck] = [DataCheck(.skew)],
        fields: [String: String] = [:]
    ) async throws -> [CheckOutcome] {
        var trained = try table("trained", 1000)
        trained.checks.named = checks
        let log = try log(lines)
        trained.served = ServedRequests(
            dataset: log.name, fields: fields, place: Place(file: ""))
        let bare = trained.served(by: log)
        var others = OtherBaselines()
        others.served = try await examination(bare).baseline(
            data("requests"), by: bare, mayLackColumns: true)
        return try await examination(trained).judged(
            by: trained, against: .none(""), beside: others
        ).outcomes
    }

    private func requests(
        _ count: Int, shift: Double = 0, _ line: (Double, Int) -> String
    ) -> [String] {
        var random = SeededRandom(seed: 6)
        return (0..<count).map { line(random.normal() + shift, $0) }
    }

    @Test func `requests like the training data pass, shifted ones are told of`() async throws {
        let alike = try await skew(requests(800) { #"{"x":\#($0),"t":"w\#($1 % 4)"}"# })
        #expect(alike.map(\.column) == ["x", "t"], "neither the label nor the unique column")
        #expect(alike.allSatisfy { $0.verdict == .passed && $0.check == "skew" }, "\(alike)")
        #expect(alike[0].sentence.contains("1000 rows trained on, 800 served"))
        #expect(alike[0].baseline?.name == "requests")
        let shifted = try await skew(
            requests(800, shift: 1) { #"{"x":\#($0),"t":"w\#($1 % 4)"}"# })
        #expect(shifted.map(\.verdict) == [.failed, .passed], "\(shifted)")
        let few = try await skew(requests(199) { #"{"x":\#($0),"t":"w\#($1 % 4)"}"# })
        #expect(few.allSatisfy { $0.verdict == .notEnoughData } && few.count == 2, "\(few)")
    }

    @Test func `a field is found by its path, and another measure is taken where it is named`()
        async throws
    {
        var ks = DataCheck(.skew, columns: ["x"])
        ks.measure = .ks
        let found = try await skew(
            requests(800, shift: 1) { #"{"in":{"value":\#($0)},"t":"w\#($1 % 4)"}"# },
            [DataCheck(.skew), ks], fields: ["x": "in.value"])
        #expect(found.map(\.column) == ["x", "t", "x"], "\(found)")
        #expect(found[2].sentence.hasPrefix("ks is "), "\(found[2])")
        var unfit = ks
        unfit.columns = ["t"]
        let words = try await skew(requests(300) { _, row in #"{"t":"w\#(row % 4)"}"# }, [unfit])
        #expect(words.map(\.verdict) == [.couldNotRun], "\(words)")
    }

    @Test func `skew means what its severity says, by the strictest of those that ask`()
        async throws
    {
        let lines = requests(800, shift: 0.5) { #"{"x":\#($0),"t":"w\#($1 % 4)"}"# }
        func verdicts(_ checks: [DataCheck]) async throws -> [CheckVerdict] {
            try await skew(lines, checks).filter { $0.column == "x" }.map(\.verdict)
        }
        var ks = DataCheck(.skew, columns: ["x"])
        ks.measure = .ks
        // D of two normal distributions half a deviation apart is 0.197.
        (ks.warn, ks.fail) = (0.1, 0.5)
        #expect(try await verdicts([ks]) == [.warned])
        var strict = ks
        (strict.warn, strict.fail, strict.severity) = (nil, nil, .fail)
        #expect(try await verdicts([strict]) == [.failed])
        #expect(try await verdicts([ks, strict]) == [.failed], "the second is not passed over")
        strict.severity = .warn
        #expect(try await verdicts([strict]) == [.warned])
    }

    @Test func `a column that is never sent, or is of another type, is skew of the schema`()
        async throws
    {
        let never = try await skew(requests(300) { _, row in #"{"t":"w\#(row % 4)"}"# })
        let first = try #require(never.first { $0.column == "x" })
        #expect(first.verdict == .warned && first.sentence == "it is in none of the 300 requests")
        var strict = DataCheck(.skew)
        strict.severity = .fail
        let texts = try await skew(
            requests(300) { value, row in
                let cell = row < 30 ? #""many""# : "\(value)"
                return #"{"x":\#(cell),"t":"w\#(row % 4)"}"#
            }, [strict])
        let x = texts.filter { $0.column == "x" }
        #expect(x.map(\.verdict) == [.failed, .passed], "\(x)")
        #expect(
            x[0].sentence
                == "30 of 300 requests (10 %) have something else in it than a number")
        let table = try await skew(
            requests(300) { _, row in #"{"t":\#(row % 4)}"# }, [DataCheck(.skew, columns: ["t"])])
        #expect(table.map(\.verdict) == [.warned], "\(table)")
    }

    @Test func `a measure that fits no column that it is about is no silence`() async throws {
        var ks = DataCheck(.skew)
        ks.measure = .ks
        var named = DataCheck(.skew, columns: ["x"])
        named.measure = .ks
        // `x` is asked for by name, so that `t` alone is left, which holds words.
        let left = try await skew(
            requests(300) { #"{"x":\#($0),"t":"w\#($1 % 4)"}"# }, [named, ks])
        #expect(
            left.map(\.column) == ["x", nil], "what others of its name are meant for is theirs")
        #expect(
            left[1].sentence
                == "not measured: `t` (it is a measure of numbers, and the column holds text)")
        var trained = try table("words", 300)
        trained.columns.removeAll { $0.name == "x" }
        trained.columnMatch = .subset
        trained.checks.named = [ks]
        let log = try log(requests(300) { _, row in #"{"t":"w\#(row % 4)"}"# })
        trained.served = ServedRequests(dataset: log.name, place: Place(file: ""))
        let bare = trained.served(by: log)
        var others = OtherBaselines()
        others.served = try await examination(bare).baseline(
            data("requests"), by: bare, mayLackColumns: true)
        let found = try await examination(trained).judged(
            by: trained, against: .none(""), beside: others
        ).outcomes
        #expect(found.map(\.verdict) == [.couldNotRun], "\(found)")
        #expect(found.first?.severity == .warn)
    }

    @Test func `what a request may have is every column but the label and what tells rows apart`()
        throws
    {
        var trained = try table("trained", 3)
        #expect(trained.requestColumns.map(\.name) == ["x", "t"])
        trained.keys.primary = ["t"]
        trained.checks.named = [DataCheck(.skew, columns: ["y"])]
        #expect(trained.requestColumns.map(\.name) == ["x", "y"])
    }
}
