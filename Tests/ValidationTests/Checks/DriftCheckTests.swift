import Domain
import Testing

@testable import Validation

/// Checks against the version that is live.
struct DriftCheckTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func examination(
        _ rows: Int, shift: Double = 0, word: (Int) -> String = { "w\($0 % 4)" },
        missing: Int = 0, _ checks: [DataCheck] = []
    ) async throws -> (found: Examination, manifest: DatasetManifest) {
        var random = SeededRandom(seed: 5)
        let lines = (0..<rows).map { row in
            let x = row < missing ? "" : "\(random.normal() + shift)"
            return "\(x),\(word(row)),\(random.normal())"
        }
        let text = "x,t,z\n" + lines.joined(separator: "\n") + "\n"
        var manifest = manifest(
            [try folder.add("d\(rows) \(shift) \(missing).csv", text)],
            [column("x", .number), column("t"), column("z", .number)])
        manifest.label = "t"
        manifest.checks.named = checks
        return (
            try await examine(
                manifest, root: folder.path, options: manifest.profileOptions()),
            manifest
        )
    }

    private func outcomes(
        _ checks: [DataCheck], before: Examination, now: (Examination, DatasetManifest)
    ) throws -> [CheckOutcome] {
        var manifest = now.1
        manifest.checks.named = checks
        let reference = try #require(before.profile)
        return now.0.judged(by: manifest, against: .profile(reference)).outcomes
    }

    @Test(arguments: [
        DataCheck.Name.psi, .jsDistance, .ks, .wasserstein, .missingChange, .distinctChange,
        .lInfinity, .chiSquare, .cramersV, .newCategory, .labelDrift, .rowCountChange,
        .byteCountChange,
        .datasetDrift,
    ])
    func `a measure keeps quiet about the same distribution and tells of another`(
        _ name: DataCheck.Name
    ) async throws {
        let before = try await examination(1000).found
        let same = try await examination(1200)
        let moved = try await examination(
            1600, shift: 2, word: { $0 % 2 == 0 ? "w0" : "new\($0)" }, missing: 300)
        let check = DataCheck(name)
        let quiet = try outcomes([check], before: before, now: same)
        #expect(!quiet.isEmpty)
        let measured = quiet.filter { $0.verdict != .notMeasured }
        let isExpected = name == .distinctChange ? measured.filter { $0.column == "t" } : measured
        #expect(isExpected.allSatisfy { $0.verdict == .passed }, "\(isExpected)")
        let loud = try outcomes([check], before: before, now: moved)
        #expect(loud.contains { $0.severity != nil && $0.value != nil }, "\(loud)")
    }

    @Test func `limits of the manifest decide between warning and failing`() async throws {
        let before = try await examination(1000).found
        let now = try await examination(1000, shift: 0.5)
        func verdict(_ warn: Double?, _ fail: Double?) throws -> CheckVerdict? {
            var check = DataCheck(.ks, columns: ["x"])
            (check.warn, check.fail) = (warn, fail)
            return try outcomes([check], before: before, now: now).first?.verdict
        }
        // D of two normal distributions half a deviation apart is 0.197.
        #expect(try verdict(nil, nil) == .warned || verdict(nil, nil) == .failed)
        #expect(try verdict(0.05, 0.1) == .failed)
        #expect(try verdict(nil, 0.1) == .failed)
        #expect(try verdict(0.1, 0.5) == .warned)
        #expect(try verdict(0.4, 0.5) == .passed)
        // The default `fail` of 0.2 is below this `warn`, and does not overrule it.
        #expect(try verdict(0.4, nil) == .passed)
    }

    @Test(arguments: [
        DataCheck.Name.psi, .jsDistance, .ks, .wasserstein, .missingChange, .distinctChange,
        .lInfinity, .chiSquare, .cramersV, .newCategory, .labelDrift,
    ])
    func `a severity says what the default limit of a measure means`(
        _ name: DataCheck.Name
    ) async throws {
        let before = try await examination(1000).found
        let moved = try await examination(
            1600, shift: 2, word: { $0 % 2 == 0 ? "w0" : "new\($0)" }, missing: 300)
        func broken(_ severity: CheckSeverity?) throws -> [CheckOutcome] {
            var check = DataCheck(name)
            check.severity = severity
            return try outcomes([check], before: before, now: moved)
                .filter { $0.verdict == .warned || $0.verdict == .failed }
        }
        let (standard, warned, failed) = (try broken(nil), try broken(.warn), try broken(.fail))
        #expect(!standard.isEmpty)
        #expect(warned.map(\.column) == standard.map(\.column))
        #expect(failed.map(\.column) == standard.map(\.column))
        #expect(warned.allSatisfy { $0.severity == .warn && $0.verdict == .warned })
        #expect(failed.allSatisfy { $0.severity == .fail && $0.verdict == .failed })
        let limit = DriftMeasure(rawValue: name.rawValue)?.defaultLimits.warn
        #expect((warned + failed).allSatisfy { $0.limit == limit }, "\(failed)")
    }

    @Test func `the value of chi_square is what its limits are about`() async throws {
        let before = try await examination(1000).found
        let moved = try await examination(
            1600, shift: 2, word: { $0 % 2 == 0 ? "w0" : "new\($0)" }, missing: 300)
        let found = try outcomes([DataCheck(.chiSquare)], before: before, now: moved)
        let broken = try #require(found.first { $0.severity != nil })
        let (value, limit) = (try #require(broken.value), try #require(broken.limit))
        #expect(value > limit && value <= 1)
        #expect(broken.details["chi_square"].map { $0 > 1 } == true)
        #expect(broken.sentence.contains(", and Cramér's V of it "), "\(broken.sentence)")
        #expect(broken.sentence.contains("; V warns over 0.1, fails over 0.2"))
    }

    @Test func `limits that are written keep their meaning under a severity`() async throws {
        let before = try await examination(1000).found
        let now = try await examination(1000, shift: 0.5)
        func verdict(
            _ severity: CheckSeverity, _ warn: Double?, _ fail: Double?
        ) throws -> CheckVerdict? {
            var check = DataCheck(.ks, columns: ["x"])
            (check.severity, check.warn, check.fail) = (severity, warn, fail)
            return try outcomes([check], before: before, now: now).first?.verdict
        }
        // D of two normal distributions half a deviation apart is 0.197.
        #expect(try verdict(.warn, 0.05, nil) == .warned)
        #expect(try verdict(.warn, 0.4, nil) == .passed)
        #expect(try verdict(.fail, nil, 0.1) == .failed)
        #expect(try verdict(.fail, nil, 0.4) == .warned)
        #expect(try verdict(.fail, 0.3, 0.4) == .passed)
    }

    @Test func `of two checks that ask for the same the stricter decides what is undecided`()
        async throws
    {
        let few = try await examination(100).found
        let now = try await examination(1000)
        var strict = DataCheck(.ks, columns: ["x"])
        strict.severity = .fail
        let lax = DataCheck(.ks, columns: ["x"])
        for checks in [[strict, lax], [lax, strict]] {
            let found = try outcomes(checks, before: few, now: now)
            #expect(found.map(\.verdict) == [.notEnoughData], "\(found)")
            #expect(found.map(\.severity) == [.fail], "\(found)")
        }
    }

    @Test func `a check that names a column is meant there instead of the general one`()
        async throws
    {
        let before = try await examination(1000).found
        let now = try await examination(1000, shift: 2)
        var general = DataCheck(.psi)
        (general.warn, general.fail) = (0.1, 0.2)
        var own = DataCheck(.psi, columns: ["x"])
        (own.warn, own.fail) = (50, 60)
        let found = try outcomes([general, own], before: before, now: now)
        #expect(found.filter { $0.number == 0 }.map(\.column) == ["t", "z"])
        #expect(found.filter { $0.number == 1 }.map(\.column) == ["x"])
        #expect(found.allSatisfy { $0.verdict == .passed }, "\(found)")
    }

    @Test func `all columns of a measure are in one control of false discoveries`() async throws {
        let before = try await examination(1000).found
        let now = try await examination(1000, shift: 0.2)
        let split = ["x", "t", "z"].map { DataCheck(.psi, columns: [$0]) }
        let apart = try outcomes(split, before: before, now: now)
        let whole = try outcomes([DataCheck(.psi)], before: before, now: now)
        #expect(apart.map { $0.details["adjusted_p"] } == whole.map { $0.details["adjusted_p"] })
        let alone = try outcomes([split[0]], before: before, now: now)
        #expect(alone[0].details["adjusted_p"] == alone[0].details["p"])
    }

    @Test func `each check of the whole dataset has its own limit and severity`() async throws {
        let before = try await examination(1000).found
        let moved = try await examination(
            1600, shift: 2, word: { $0 % 2 == 0 ? "w0" : "new\($0)" }, missing: 300)
        let checks = [(0.3, CheckSeverity.warn), (0.6, .fail), (0.9, .fail)].map { max, severity in
            var check = DataCheck(.datasetDrift)
            (check.max, check.severity) = (max, severity)
            return check
        }
        // Two of three columns.
        let found = try outcomes(checks, before: before, now: moved)
        #expect(found.map(\.details) == Array(repeating: ["drifted": 2, "columns": 3], count: 3))
        #expect(found.map(\.limit) == [0.3, 0.6, 0.9])
        #expect(found.map(\.verdict) == [.warned, .failed, .passed])
    }

    @Test func `what cannot be compared is never passed`() async throws {
        let few = try await examination(100).found
        let now = try await examination(1000)
        let small = try outcomes([DataCheck(.psi)], before: few, now: now)
        #expect(small.allSatisfy { $0.verdict == .notEnoughData && $0.severity == .warn })
        let gone = try outcomes([DataCheck(.psi, columns: ["gone"])], before: few, now: now)
        #expect(gone.map(\.verdict) == [.couldNotRun] && gone[0].severity == .warn)
        let unfit = try outcomes([DataCheck(.ks, columns: ["t"])], before: few, now: now)
        #expect(unfit.map(\.verdict) == [.couldNotRun])

        var manifest = now.manifest
        manifest.checks.named = [DataCheck(.psi), DataCheck(.datasetDrift)]
        let first = now.found.judged(by: manifest, against: .none("nothing is live"))
        #expect(first.outcomes.map(\.verdict) == [.notCompared, .notCompared])
        #expect(first.verdict == .passed && first.warnings.isEmpty)
        #expect(first.outcomes.map(\.sentence) == ["nothing is live", "nothing is live"])
        let lost = now.found.judged(by: manifest, against: .unknown("no profile is kept"))
        #expect(lost.verdict == .warned && lost.warnings.count == 2)
        manifest.checks.named[1].severity = .fail
        #expect(now.found.judged(by: manifest, against: .unknown("lost")).verdict == .failed)
    }
}
