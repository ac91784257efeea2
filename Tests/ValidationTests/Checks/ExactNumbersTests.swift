import Domain
import FoundationEssentials
import Testing

@testable import Validation

/// Quantiles and outliers that a check asks for are those of all numbers, up to a million.
@Suite struct ExactNumbersTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let checks: [DataCheck] = {
        func check(_ name: DataCheck.Name, _ parameter: Double) -> DataCheck {
            var check = DataCheck(name, columns: ["x"])
            (check.parameter, check.max) = (parameter, 0.5)
            return check
        }
        var log = check(.outliersTukey, 1.5)
        log.scale = .log
        var all = DataCheck(.outliersTukey)
        all.parameter = 2
        return [
            check(.quantile, 0.123), check(.quantile, 0.5), check(.outliersTukey, 1.5), log,
            check(.outliersRobustZ, 3.5), check(.outliersZ, 2.5), all,
        ]
    }()

    /// Positive numbers with a heavy tail, and some twice.
    private func numbers(_ count: Int, seed: UInt64) -> [Double] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let share = Double(random.below(1_000_000) + 1) / 1_000_001
            return (1000 / share.squareRoot()).rounded() / 8
        }
    }

    private func table(_ files: [DatasetFile]) -> DatasetManifest {
        var table = manifest(files, [column("x", .number), column("y", .number)])
        table.checks.named = Self.checks
        return table
    }

    private func file(_ name: String, _ values: some Sequence<Double>) throws -> DatasetFile {
        try folder.add(name, "x,y\n" + values.map { "\($0),\($0 / 3)\n" }.joined())
    }

    private func examined(
        _ manifest: DatasetManifest, workers: Int = 2, parts: PartStore? = nil
    ) async throws -> Examination {
        var options = ValidationOptions(chunkBytes: 1 << 16, workersMax: workers)
        options.parts = parts
        return try await examine(
            manifest, root: folder.path, options: manifest.profileOptions(validation: options))
    }

    private func outcomes(_ found: Examination, _ manifest: DatasetManifest) -> [CheckOutcome] {
        found.judged(by: manifest, against: .none("")).outcomes
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `figures are those of a plain implementation, without an error`(seed: UInt64)
        async throws
    {
        let values = numbers(20_000 + Int(seed), seed: seed)
        let manifest = table([try file("d.csv", values)])
        let found = outcomes(try await examined(manifest), manifest)
        #expect(found.count == Self.checks.count)
        #expect(found.allSatisfy { $0.error == nil })
        for word in ["about", "within", "rank"] {
            #expect(found.allSatisfy { !$0.sentence.contains(word) }, "\(found.map(\.sentence))")
        }
        let plain = PlainNumbers(values)
        #expect(found[0].value == plain.quantile(0.123))
        #expect(found[1].value == plain.quantile(0.5))
        let counts = found[2..<6].map { Int($0.details["count"] ?? -1) }
        #expect(
            counts == [
                plain.outside(1.5), PlainNumbers(values.map(naturalLogarithm)).outside(1.5),
                plain.robust(3.5), plain.deviating(2.5),
            ])
        #expect(counts.allSatisfy { $0 > 0 })
        // The check that names no column is about the other one alone.
        #expect(found[6].column == "y")
        #expect(found[6].details["count"] == Double(PlainNumbers(values.map { $0 / 3 }).outside(2)))
    }

    @Test func `one file, several files and files that are known give the same`() async throws {
        let values = numbers(30_000, seed: 7)
        let whole = table([try file("whole.csv", values)])
        let expected = placeless(outcomes(try await examined(whole), whole))
        let cuts = [0, 9000, 9001, 20_000, 30_000]
        let files = try zip(cuts, cuts.dropFirst()).enumerated().map { number, cut in
            try file("part-\(number).csv", values[cut.0..<cut.1])
        }
        var several = table(files)
        let store = try #require(PartStore(folder: "\(folder.path)/kept", bytesMax: 1 << 30))
        for workers in 1...3 {
            let found = try await examined(several, workers: workers, parts: store)
            #expect(placeless(outcomes(found, several)) == expected, "\(workers)")
        }
        // Other figures of the same columns are told by what is kept.
        several.checks.named[2].parameter = 1
        let progress = ReadingProgress(bytesTotal: 0)
        var options = ValidationOptions()
        (options.parts, options.progress) = (store, progress)
        let anew = try await examine(
            several, root: folder.path,
            options: several.profileOptions(validation: options))
        #expect(progress.filesRead == 0 && progress.filesKnown == 4)
        let plain = PlainNumbers(values).outside(1)
        #expect(outcomes(anew, several)[2].details["count"] == Double(plain))
    }

    /// A column whose numbers all are kept already begins to be asked for its outliers.
    @Test func `places are those of all files, whichever check named the column before`()
        async throws
    {
        let values = numbers(5000, seed: 8)
        func checks(_ columns: [String]) -> [DataCheck] {
            var quantile = DataCheck(.quantile, columns: ["y"])
            (quantile.parameter, quantile.max) = (0.5, 9e9)
            return [DataCheck(.outliersTukey, columns: columns), quantile]
        }
        let store = try #require(PartStore(folder: "\(folder.path)/kept", bytesMax: 1 << 30))
        var grown = table([
            try file("a.csv", values[..<2000]), try file("b.csv", values[2000..<4000]),
        ])
        grown.checks.named = checks(["x"])
        _ = try await examined(grown, parts: store)
        grown.checks.named = checks(["x", "y"])
        grown.files.append(try file("c.csv", values[4000...]))
        let found = outcomes(try await examined(grown, parts: store), grown)
        #expect(found == outcomes(try await examined(grown), grown))
        let named = found.first { $0.column == "y" && $0.check == "outliers_tukey" }?.places ?? []
        #expect(named.count == 5)
        #expect(Set(named.map(\.place.file)).count > 1, "\(named.map(\.place.file))")
    }

    /// Because the same numbers stand in other files.
    private func placeless(_ outcomes: [CheckOutcome]) -> [CheckOutcome] {
        outcomes.map { outcome in
            var bare = outcome
            bare.places = nil
            return bare
        }
    }

    @Test func `a check that begins to ask is a reason to read, a limit is none`() {
        var manifest = table([])
        manifest.checks.named = []
        let before = manifest.reading
        manifest.checks.named = [Self.checks[0]]
        let asked = manifest.reading
        #expect(asked != before)
        manifest.checks.named[0].max = 7
        #expect(manifest.reading == asked)
        manifest.checks.named[0].parameter = 0.4
        #expect(manifest.reading != asked)
    }

    @Test func `what was read before a check asked is judged by the profile`() async throws {
        var manifest = table([try file("d.csv", numbers(20_000, seed: 3))])
        let checks = manifest.checks.named
        manifest.checks.named = []
        let found = try await examined(manifest)
        manifest.checks.named = checks
        let estimated = outcomes(found, manifest)
        #expect(estimated.count == checks.count && estimated[2].error != nil)
        #expect(estimated[2].sentence.hasPrefix("about "))
    }

    @Test func `of more numbers than are held the estimate says how far it may be off`() {
        let values = numbers(30_000, seed: 5)
        for (most, isExact) in [(30_000, true), (29_999, false)] {
            var statistics = DatasetStatistics(columns: [
                numberColumn(
                    values, limits: StatisticsLimits(distinctMax: 500, exactRowsMax: most))
            ])
            statistics.rows = values.count
            let profile = DatasetProfile(statistics)
            var check = DataCheck(.outliersTukey)
            check.parameter = 1.5
            let found = statistics.measurements(for: [check], profile)
            #expect(found.count == (isExact ? 1 : 0))
            var measured = Measurements()
            measured.found = found
            let tails = PlainNumbers(values).outside(1.5)
            check.maxRows = tails
            var data = manifest([])
            data.checks.named = [check]
            let outcome = evaluate(data, on: profile, against: .none(""), measured).first
            #expect(outcome?.verdict == (isExact ? .passed : .undecided))
            #expect((outcome?.error == nil) == isExact)
            #expect(
                outcome?.hint
                    == (isExact
                        ? ""
                        : "name the column under `columns:`, and all of its numbers "
                            + "are held"))
        }
    }

    @Test(arguments: [0, 499])
    func `naming a column is advised only where its numbers would be held`(others: Int) {
        let values = numbers(20_000, seed: 6)
        let names = (0..<499).map { "c\($0)" }
        var statistics = DatasetStatistics(
            columns: [
                numberColumn(values, limits: StatisticsLimits(distinctMax: 500, exactRowsMax: 900))
            ] + names.map { numberColumn([1, 2], name: $0, missing: values.count - 2) })
        statistics.rows = values.count
        var check = DataCheck(.outliersTukey)
        (check.parameter, check.maxRows) = (1.5, PlainNumbers(values).outside(1.5))
        var median = DataCheck(.quantile, columns: Array(names.prefix(others)))
        (median.parameter, median.max) = (0.5, 9)
        var data = manifest([])
        data.checks.named = others == 0 ? [check] : [check, median]
        let found = evaluate(data, on: DatasetProfile(statistics), against: .none(""))
            .first { $0.column == "x" }
        #expect(found?.verdict == .undecided)
        #expect(found?.hint.hasPrefix("name the column") == (others == 0), "\(found?.hint ?? "")")
    }

    @Test func `a check that names what is no number takes no room`() async throws {
        let texts = (0..<100).map { "t\($0)" }
        let cells = ["1"] + texts.map { _ in "2024-05-01" }
        let lines = [["a"] + texts, cells].map { $0.joined(separator: ",") + "\n" }
        var declared = manifest([])
        declared.columns = [column("a", .number)] + texts.map { column($0, .date) }
        let settings = ProfileSink.Settings(exactColumns: Set(["a", "nowhere"] + texts.prefix(60)))
        // One file, and the second of two, which has the columns that the first has not.
        for head in [nil, "t0\n2024-05-01\n"] {
            let files = [head, lines.joined()].compactMap(\.self)
            declared.files = try files.enumerated().map { try folder.add("\($0).csv", $1) }
            let (report, sink) = try await validate(
                declared, root: folder.path, sink: ProfileSink(settings))
            let columns = try #require(sink.finish(rows: report.rows)).columns
            #expect(columns.count == 101)
            for column in columns {
                let isHeld = column.limits.exactRowsMax == QuantileSketch.exactMax
                #expect(isHeld == (column.name == "a"), "\(column.name)")
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `an outlier is counted where one is named, on every scale`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for round in 0..<60 {
            // Few different numbers, so that many lie on a fence.
            let values = (0..<40).map { _ in
                Double(1 + random.below(round % 6 + 1) * random.below(9)) / 10
            }
            let numbers = try #require(
                NumberDistribution(ColumnProfile(numberColumn(values))))
            for k in [0, 0.5, 1, 1.5, 2, 3] {
                for rule in [
                    OutlierRule.tukey(k: k, scale: .linear), .tukey(k: k, scale: .log),
                    .robustZ(threshold: k), .z(threshold: k),
                ] {
                    let found = try #require(rule.figures(of: numbers))
                    let fences = OutlierFences(rule, found.bounds)
                    let outside = values.count(where: fences.isOutside)
                    #expect(found.outside == outside, "seed \(seed), \(rule)")
                    guard rule.isOfLogarithms else { continue }
                    let logarithms = values.map(naturalLogarithm).sorted()
                    let points = WeightedPoints(ascending: logarithms)
                    let first = try #require(points.quantile(0.25))
                    let third = try #require(points.quantile(0.75))
                    let (low, high) = (first - k * (third - first), third + k * (third - first))
                    let plain = logarithms.count { $0 < low || $0 > high }
                    #expect(outside == plain, "seed \(seed), \(rule)")
                }
            }
        }
        let around = OutlierFences.around(centre: 0.1, reach: 0.2)
        #expect(around.isOutside(0.300_000_000_000_000_04) && !around.isOutside(0.3))
    }

    @Test func `columns that checks name have the memory before others`() {
        func most(_ columns: Int, _ exact: Int, _ isExact: Bool, several: Bool = false) -> Int {
            StatisticsLimits(
                columns: columns, exact: exact, isExact: isExact, isOfSeveralFiles: several
            ).exactRowsMax
        }
        let million = QuantileSketch.exactMax
        #expect(most(12, 0, false) == million && most(12, 3, true) == million)
        #expect(most(500, 0, false) < 50_000)
        #expect(most(500, 10, true) == million && most(500, 10, false) > 20_000)
        #expect(most(100, 4, true, several: true) == million)
        #expect(most(100, 5, true, several: true) < million)
        for several in [false, true] {
            for columns in [1, 5, 20, 100, 500] {
                for exact in [0, 1, 3, 10, 100, 500] {
                    let asked = Swift.min(exact, columns)
                    let all =
                        asked * most(columns, exact, true, several: several)
                        + (columns - asked) * most(columns, exact, false, several: several)
                    #expect(all * 8 <= (several ? 48 : 180) << 20)
                    let usual = most(columns, 0, false, several: several)
                    #expect(most(columns, exact, true, several: several) >= usual)
                }
            }
        }
    }

    @Test func `numbers at the ends of their range do not break what is kept`() async throws {
        let values = [-1.7e308, 1.7e308, 0, 1e308, -1.2e308] + (0..<100).map(Double.init)
        let manifest = table([try file("d.csv", values)])
        let found = try await examined(manifest)
        #expect(!(try JSONEncoder().encode(found.measurements)).isEmpty)
        #expect(outcomes(found, manifest).count == Self.checks.count)
    }
}

/// The same by the letter of the definitions.
private struct PlainNumbers {
    let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    func quantile(_ share: Double) -> Double {
        let position = Double(sorted.count - 1) * share
        let low = Int(position)
        guard low + 1 < sorted.count else { return sorted[low] }
        return Double.between(sorted[low], sorted[low + 1], position - Double(low))
    }

    func outside(_ k: Double) -> Int {
        let (first, third) = (quantile(0.25), quantile(0.75))
        return sorted.count {
            $0 < first - k * (third - first) || $0 > third + k * (third - first)
        }
    }

    func robust(_ threshold: Double) -> Int {
        let median = quantile(0.5)
        let deviations = sorted.map { ($0 - median).magnitude }
        let spread = PlainNumbers(deviations).quantile(0.5)
        return deviations.count { 0.6745 * $0 / spread > threshold }
    }

    func deviating(_ threshold: Double) -> Int {
        let count = Double(sorted.count)
        let mean = sorted.reduce(0, +) / count
        let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let stdev = (squares / (count - 1)).squareRoot()
        return sorted.count { ($0 - mean).magnitude / stdev > threshold }
    }
}
