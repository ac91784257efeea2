import Domain
import Testing

@testable import Validation

/// How many different values a column has is counted where it is named, and otherwise judged with
/// the error of the estimate.
@Suite struct DistinctCountTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func check(_ columns: [String], min: Double? = nil, max: Double? = nil) -> DataCheck {
        var check = DataCheck(.distinctCount, columns: columns)
        (check.min, check.max) = (min, max)
        return check
    }

    private func examined(
        _ manifest: DatasetManifest, chunk: Int = 1 << 20, workers: Int = 2, bytes: Int = 1 << 20
    ) async throws -> Examination {
        let options = ValidationOptions(
            chunkBytes: chunk, workersMax: workers, keyBytesMax: bytes, spillFolder: folder.path)
        return try await examine(
            manifest, root: folder.path, options: manifest.profileOptions(validation: options))
    }

    @Test(arguments: [(61, 1, 1), (700, 4, 1 << 20), (4096, 3, 1), (1 << 20, 2, 1 << 20)])
    func `what is counted is as many as there are, however it is read`(
        chunk: Int, workers: Int, bytes: Int
    ) async throws {
        var random = SeededRandom(seed: 17)
        let rows = (0..<9000).map { row in
            let few = ["x", "\"y,y\"", "", "NA", "z"][random.below(5)]
            let number = random.below(3000)
            let text = random.below(2) == 0 ? "\(number)" : "\(number).0"
            return "\(row % 7000),\(few),\(random.below(9) == 0 ? "?" : text)"
        }
        let files = [
            try folder.add("a.csv", "id,few,n\n" + rows[..<4000].map { $0 + "\n" }.joined()),
            try folder.add("b.csv", "id,few,n\n" + rows[4000...].map { $0 + "\n" }.joined()),
        ]
        var data = manifest(
            files, [column("id", .integer), column("few"), column("n", .number)],
            checks: DatasetChecks(missingValues: ["NA"]))
        data.checks.named = [check(["id", "few", "n"], max: 1)]
        let found = try await examined(data, chunk: chunk, workers: workers, bytes: bytes)
        let numbers = Set(rows.compactMap { Double($0.split(separator: ",").last ?? "") })
        #expect(found.measurements.found.map(\.column) == ["id", "few", "n"])
        #expect(found.measurements.found.map(\.count) == [7000, 3, numbers.count])
    }

    @Test func `an exact number beyond the estimate is kept and broken by one`() async throws {
        let count = 104_729
        let rows = (0..<count).map { "\($0 * 7),n\($0)\n" }.joined()
        let file = try folder.add("d.csv", "id,name\n" + rows + "0,n0\n")
        var data = manifest([file], [column("id", .integer), column("name")])
        let exact = Double(count)
        data.checks.named = [check(["id", "name"], min: exact, max: exact)]
        let found = try await examined(data)
        #expect(found.profile?.columns.allSatisfy { $0.distinct.standardError > 0 } == true)
        func outcomes(_ checks: [DataCheck]) -> [CheckOutcome] {
            var judged = data
            judged.checks.named = checks
            return found.judged(by: judged, against: .none("")).outcomes
        }
        let kept = outcomes(data.checks.named)
        #expect(kept.map(\.verdict) == [.passed, .passed])
        #expect(kept.allSatisfy { $0.value == exact && $0.error == nil })
        #expect(kept[0].sentence == "distinct_count is 104729, at least 104729, at most 104729")
        let broken = outcomes([check(["id", "name"], min: exact + 1)])
        #expect(broken.map(\.verdict) == [.failed, .failed])

        let unnamed = outcomes([check([], min: exact, max: exact)])
        #expect(unnamed.map(\.verdict) == [.undecided, .undecided])
        #expect(unnamed.allSatisfy { $0.severity == .warn && $0.hint.contains("name the column") })
        #expect(unnamed[0].fact.hasPrefix("cannot be decided: distinct_count is "))
        #expect(outcomes([check([], max: 90_000)]).map(\.verdict) == [.failed, .failed])
        #expect(outcomes([check([], max: 120_000)]).map(\.verdict) == [.passed, .passed])
        var strict = check([], min: exact, max: exact)
        strict.severity = .fail
        #expect(outcomes([strict]).allSatisfy { $0.severity == .fail })
    }

    @Test func `an estimate is never of more different values than values`() {
        var capped = 0
        for seed in 0..<20 as Range<UInt64> {
            let numbers = (0..<3000).map { Double($0) * 3 + Double(seed) / 64 }
            let found = ColumnProfile(numberColumn(numbers, missing: 400, limits: smallLimits))
            #expect(found.distinct.standardError > 0 && found.distinct.count <= 3000, "\(seed)")
            if found.distinct.count == 3000 { capped += 1 }
            let texts = ColumnProfile(
                textColumn(numbers.map { "\($0)" }, missing: 400, limits: smallLimits))
            #expect(texts.distinct.count <= 3000, "\(seed)")
            // Whatever is estimated, there cannot be more.
            let most = BoundChecks.bound(.distinctCount, of: found, atMost: 3000)
            #expect(most.verdict == .passed, "\(seed)")
        }
        #expect(capped > 0, "no estimate was too great")
    }
}
