import Domain
import Testing

@testable import Validation

/// Change of days and moments, and what a check that names no columns leaves out.
struct TimeDriftTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let columns = [
        column("day", .date), column("at", .datetime), column("x", .number), column("t"),
    ]

    /// Columns `day` and `at` of times, `x` of numbers, `t` of texts.
    ///
    /// - Parameter shift: of days and moments, in days.
    private func examination(
        _ rows: Int = 1200, shift: Int = 0, _ columns: [ColumnDeclaration] = Self.columns
    ) async throws -> (found: Examination, manifest: DatasetManifest) {
        let lines = (0..<rows).map { row in
            let seconds = Double((row * 37 % 200 + shift) * 86_400)
            let day = ColumnProfile.Kind.date.cellText(1_704_067_200 + seconds)
            let moment = ColumnProfile.Kind.datetime.cellText(
                1_704_067_200 + seconds + Double(row))
            return "\(day),\(moment),\(row % 100),w\(row % 4)"
        }
        let text = "day,at,x,t\n" + lines.joined(separator: "\n") + "\n"
        let manifest = manifest([try folder.add("d\(rows) \(shift).csv", text)], columns)
        return (
            try await examine(manifest, root: folder.path, options: manifest.profileOptions()),
            manifest
        )
    }

    private func outcomes(
        _ checks: [DataCheck], shift: Int,
        earlier: (inout DatasetProfile) -> Void = { _ in }
    ) async throws -> [CheckOutcome] {
        var reference = try #require(try await examination().found.profile)
        earlier(&reference)
        var (found, manifest) = try await examination(1500, shift: shift)
        manifest.checks.named = checks
        return found.judged(by: manifest, against: .profile(reference)).outcomes
    }

    @Test(arguments: [
        DataCheck.Name.psi, .jsDistance, .ks, .wasserstein,
    ])
    func `days and moments that move have drifted, and others have not`(
        _ name: DataCheck.Name
    ) async throws {
        let moved = try await outcomes([DataCheck(name)], shift: 90)
        let times = moved.filter { $0.column == "day" || $0.column == "at" }
        #expect(times.count == 2)
        #expect(
            times.allSatisfy { $0.verdict == .failed || $0.verdict == .warned }, "\(times)")
        let same = try await outcomes([DataCheck(name, columns: ["day", "at"])], shift: 0)
        #expect(same.map(\.verdict) == [.passed, .passed], "\(same)")
    }

    @Test func `a distance between days has its scale, and bins have days`() async throws {
        let moved = try await outcomes([DataCheck(.wasserstein, columns: ["day"])], shift: 50)
        // The days are even over 200, and what moves beyond the last of them is clipped.
        #expect(abs((moved[0].value ?? 0) - 0.435) < 0.01, "\(moved)")
        #expect(
            moved[0].sentence.contains("; of the reference's interquartile range of 99d"),
            "\(moved[0].sentence)")
        let before = try #require(try await examination().found.profile)
        let bins = try #require(
            DriftBins(before.columns[0], before.columns[0], asCategories: false)
        ).bins
        #expect(bins.first?.label == "(-∞, 2024-01-20]")
    }

    @Test func `what a check leaves out is named, with why`() async throws {
        let found = try await outcomes([DataCheck(.ks), DataCheck(.psi)], shift: 0)
        let left = found.filter { $0.verdict == .notMeasured }
        #expect(left.map(\.check) == ["ks"] && left[0].severity == nil)
        #expect(
            left[0].sentence
                == "not measured: `t` (it is a measure of numbers, and the column holds text)")
        let categories = try await outcomes([DataCheck(.cramersV)], shift: 0)
        #expect(categories.map(\.verdict) == [.passed, .notMeasured])
        #expect(
            categories[1].sentence
                == "not measured: `day` (it is a measure of categories, and the column holds "
                + "dates); `at` (it is a measure of categories, and the column holds times); `x` "
                + "(it is a measure of categories, and the column holds numbers)")
        let new = try await outcomes([DataCheck(.missingChange)], shift: 0) {
            $0.columns.removeAll { $0.name == "x" }
        }
        #expect(
            new.last?.sentence == "not measured: `x` (what is live has no such column)", "\(new)")
    }

    @Test func `means and outliers are not those of times`() async throws {
        var bounded = DataCheck(.mean, columns: ["day"])
        bounded.min = 0
        for check in [bounded, DataCheck(.outliersTukey, columns: ["day"])] {
            let found = try await outcomes([check], shift: 0)
            #expect(found.map(\.verdict) == [.couldNotRun])
            #expect(
                found[0].sentence == "it is a measure of numbers, and the column holds dates")
        }
    }

    @Test func `a profile in which days are texts cannot be compared, but for counts`()
        async throws
    {
        let texts = Self.columns.map { column($0.name) }
        let older = try #require(try await examination(1200, shift: 0, texts).found.profile)
        let checks = [
            DataCheck(.psi, columns: ["day"]), DataCheck(.missingChange, columns: ["day"]),
            DataCheck(.schemaChange),
        ]
        let found = try await outcomes(checks, shift: 90) {
            $0.columns[0] = older.columns[0]
            $0.columns[0].type = "date"
        }
        #expect(found.map(\.verdict) == [.couldNotRun, .passed, .passed], "\(found)")
        #expect(
            found[0].sentence
                == "the profile to compare with was made before dates were counted as such")
        #expect(found[0].severity == .warn)
        #expect(found[0].hint.hasPrefix("it is measured against every version that is made from"))
        // Where somebody declared the column since, the type is what changed.
        let declared = try await outcomes(checks, shift: 0) {
            $0.columns[0] = older.columns[0]
            $0.columns[0].type = "string"
        }
        #expect(declared[0].sentence == "a column of text became one of date")
        #expect(declared[2].verdict == .warned)
    }

    @Test func `numbers that nobody declared have no new categories that count`() async throws {
        func table(_ name: String, _ numbers: Range<Int>) async throws -> (
            Examination, DatasetManifest
        ) {
            let rows = (0..<2000).map { "\(numbers.lowerBound + $0 % numbers.count),c\($0 % 3)\n" }
            let made = manifest([try folder.add(name, "n,c\n" + rows.joined())])
            return (
                try await examine(made, root: folder.path, options: made.profileOptions()), made
            )
        }
        let before = try #require(try await table("before", 0..<1000).0.profile)
        var (found, current) = try await table("now", 500..<1500)
        for checks in [
            [DataCheck(.datasetDrift)], [DataCheck(.newCategory), DataCheck(.datasetDrift)],
        ] {
            current.checks.named = checks
            let all = found.judged(by: current, against: .profile(before)).outcomes
            let drift = try #require(all.first { $0.check == "dataset_drift" })
            #expect(drift.details["drifted"] == 0, "\(drift.sentence)")
        }
        // As texts that somebody meant they count.
        current.columns = [column("n"), column("c")]
        let declared = try await examine(
            current, root: folder.path, options: current.profileOptions())
        var known = before
        for index in known.columns.indices { known.columns[index].type = "string" }
        let counted = declared.judged(by: current, against: .profile(known)).outcomes
        #expect(counted.last?.details["drifted"] == 1, "\(counted)")
    }
}
