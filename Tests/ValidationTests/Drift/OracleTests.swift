import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

/// numpy and scipy as the oracle; needs an interpreter that has them.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["SLIPWAY_TEST_PYTHON"] != nil,
        "set SLIPWAY_TEST_PYTHON to a Python with scikit-learn; `make test` does"))
struct OracleTests {
    private func ask<Answer: Decodable>(
        _ script: String, _ input: some Encodable, _: Answer.Type
    ) async throws -> Answer {
        let python = try #require(ProcessInfo.processInfo.environment["SLIPWAY_TEST_PYTHON"])
        let result = try await ChildProcess.run(
            python, ["-c", script], input: Array(try JSONEncoder().encode(input)),
            outputLimitBytes: 16 << 20, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        return try JSONDecoder().decode(Answer.self, from: Data(result.output))
    }

    private func expectClose(
        _ found: Double?, _ expected: Double?, _ what: String, within relative: Double = 1e-9
    ) {
        guard let found, let expected else {
            #expect(found == nil && expected == nil, "\(what): \(found as Any)")
            return
        }
        #expect(
            abs(found - expected) <= relative * abs(expected) + 1e-300,
            "\(what): \(found), expected \(expected)")
    }

    private static let laws = """
        import json, sys
        from scipy import stats, special
        q = json.load(sys.stdin)
        json.dump({
          "chi": [stats.chi2.sf(x, k) for x, k in q["chi"]],
          "limit": [stats.chi2.isf(p, k) for p, k in q["limit"]],
          "kolmogorov": [special.kolmogorov(x) for x in q["kolmogorov"]],
          "normal": [stats.norm.sf(x) for x in q["normal"]],
          "gamma": [special.gammaln(x) for x in q["gamma"]],
          "log": [float(__import__("math").log(x)) for x in q["gamma"]],
          "exp": [float(__import__("math").exp(x)) for x in q["normal"]],
        }, sys.stdout)
        """

    @Test func `probability laws are scipy's`() async throws {
        let degrees = [1.0, 2, 3, 9, 10, 29, 99, 400]
        var question: [String: [[Double]]] = [:]
        var chi: [[Double]] = []
        for k in degrees {
            for share in [0.001, 0.1, 0.5, 0.9, 1, 1.1, 1.5, 2, 5, 20] {
                chi.append([share * k, k])
            }
        }
        let limits = degrees.flatMap { k in [0.5, 0.05, 0.01, 1e-6].map { [$0, k] } }
        question = ["chi": chi, "limit": limits]
        let plain: [String: [Double]] = [
            "kolmogorov": [0.01, 0.2, 0.3, 0.5, 0.82, 0.99, 1, 1.01, 1.36, 1.63, 2, 4, 10],
            "normal": [-8, -3, -1, -0.1, 0, 0.1, 0.5, 1, 1.96, 3, 6, 12, 30],
            "gamma": [0.5, 1.25, 2.5, 4.5, 10, 14.9, 15, 33.5, 200, 1e5],
        ]
        let answer = try await ask(
            Self.laws, Question(pairs: question, plain: plain), [String: [Double]].self)
        for (pair, expected) in zip(chi, answer["chi"] ?? []) {
            expectClose(ChiSquareLaw.survival(pair[0], degrees: Int(pair[1])), expected, "\(pair)")
        }
        for (pair, expected) in zip(limits, answer["limit"] ?? []) {
            expectClose(
                ChiSquareLaw.limit(exceededWith: pair[0], degrees: Int(pair[1])), expected,
                "\(pair)")
        }
        func compare(_ name: String, _ law: (Double) -> Double, _ points: [Double]) {
            #expect(answer[name]?.count == points.count)
            for (x, expected) in zip(points, answer[name] ?? []) {
                expectClose(law(x), expected, "\(name) \(x)")
            }
        }
        compare("kolmogorov", KolmogorovLaw.survival, plain["kolmogorov"] ?? [])
        compare("normal", NormalLaw.survival, plain["normal"] ?? [])
        compare("gamma", logGamma, plain["gamma"] ?? [])
        compare("log", naturalLogarithm, plain["gamma"] ?? [])
        compare("exp", exponential, plain["normal"] ?? [])
    }

    private struct Sample: Encodable {
        var reference: [Double]
        var current: [Double]
    }

    private struct Measured: Decodable {
        var mean: Double
        var stdev: Double
        var sum: Double
        var deciles: [Double]
        var psi: Double
        var js: Double
        var ks: Double
        var ksP: Double
        var wasserstein: Double
        var chi: Double
        var chiP: Double
        var v: Double
    }

    private static let measures = """
        import json, math, sys
        import numpy as np
        from fractions import Fraction
        from scipy import stats, special
        from scipy.spatial.distance import jensenshannon
        out = []
        for case in json.load(sys.stdin):
            r, c = np.array(case["reference"]), np.array(case["current"])
            exact = [Fraction(x) for x in case["reference"]]
            mean = sum(exact) / len(exact)
            var = sum((x - mean) ** 2 for x in exact) / (len(exact) - 1)
            deciles = np.quantile(r, np.arange(0, 11) / 10)
            edges = np.concatenate([[-np.inf], np.unique(deciles[1:10]), [np.inf]])
            # Bins are closed above.
            count = lambda x: np.diff(np.searchsorted(np.sort(x), edges[1:-1], side="right"),
                                      prepend=0, append=len(x))
            a, b = count(r), count(c)
            keep = (a + b) > 0
            a, b = a[keep], b[keep]
            p, q = a / a.sum(), b / b.sum()
            fp, fq = np.maximum(p, 1e-4), np.maximum(q, 1e-4)
            ks = stats.ks_2samp(r, c, method="asymp").statistic
            n, m = len(r), len(c)
            lo, hi = np.quantile(r, [0.005, 0.995])
            iqr = np.subtract(*np.quantile(r, [0.75, 0.25]))
            chi, cp, dof, _ = stats.chi2_contingency(np.array([a, b]), correction=False)
            rows, cols, t = len(a), 2, n + m
            phi = max(0, chi / t - (rows - 1) * (cols - 1) / (t - 1))
            rr, cc = rows - (rows - 1) ** 2 / (t - 1), cols - (cols - 1) ** 2 / (t - 1)
            out.append({
              "mean": float(mean), "stdev": math.sqrt(float(var)), "sum": math.fsum(r),
              "deciles": list(deciles), "psi": float(np.sum((fq - fp) * np.log(fq / fp))),
              "js": float(jensenshannon(p, q, base=2)), "ks": float(ks),
              "ksP": float(special.kolmogorov(math.sqrt(n * m / (n + m)) * ks)),
              "wasserstein": float(stats.wasserstein_distance(np.clip(r, lo, hi),
                                                              np.clip(c, lo, hi)) / iqr),
              "chi": float(chi), "chiP": float(cp),
              "v": math.sqrt(phi / min(rr - 1, cc - 1)),
            })
        json.dump(out, sys.stdout)
        """

    @Test func `statistics and distances are numpy's and scipy's`() async throws {
        var samples: [Sample] = []
        for seed in 0..<60 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let shift = Double(seed % 4) * 0.2
            let scale = [1.0, 1e-8, 1e9][Int(seed % 3)]
            let offset = seed % 5 == 0 ? 1e9 * scale : 0
            func values(_ count: Int, _ shift: Double) -> [Double] {
                (0..<count).map { _ in
                    let value = random.normal() + shift
                    return (seed % 2 == 0 ? value : (value * 4).rounded()) * scale + offset
                }
            }
            // At most 2,048 rows, so that profiles keep every number.
            samples.append(
                Sample(
                    reference: values(300 + random.below(1700), 0),
                    current: values(300 + random.below(1700), shift)))
        }
        let answers = try await ask(Self.measures, samples, [Measured].self)
        try #require(answers.count == samples.count)
        for (seed, (sample, answer)) in zip(samples, answers).enumerated() {
            let before = profile(sample.reference)
            let now = profile(sample.current)
            let numbers = try #require(before.numbers)
            expectClose(numbers.mean, answer.mean, "mean \(seed)", within: 1e-15)
            expectClose(numbers.stdev, answer.stdev, "stdev \(seed)", within: 1e-15)
            #expect(numbers.sum == answer.sum, "seed \(seed)")
            for (found, expected) in zip(numbers.deciles, answer.deciles) {
                expectClose(found, expected, "decile \(seed)", within: 1e-15)
            }
            let drift = ColumnDrift(reference: before, current: now)
            func outcome(_ measure: DriftMeasure) -> DriftOutcome {
                drift.outcome(measure, measure.defaultLimits)
            }
            expectClose(outcome(.psi).value, answer.psi, "psi \(seed)")
            expectClose(outcome(.jsDistance).value, answer.js, "js \(seed)", within: 1e-7)
            expectClose(outcome(.ks).value, answer.ks, "ks \(seed)")
            expectClose(outcome(.ks).pValue, answer.ksP, "ks p \(seed)")
            expectClose(
                outcome(.wasserstein).value, answer.wasserstein, "wasserstein \(seed)",
                within: 1e-7)
            let chi = outcome(.chiSquare)
            if chi.bins.count == DriftBins(before, now, asCategories: false)?.bins.count {
                expectClose(chi.value, answer.chi, "chi \(seed)")
                expectClose(chi.pValue, answer.chiP, "chi p \(seed)")
                expectClose(chi.effect, answer.v, "v \(seed)", within: 1e-7)
            }
        }
    }

    @Test func `adjusted p-values are those of Benjamini and Hochberg`() async throws {
        let script = """
            import json, sys
            from scipy import stats
            json.dump([list(stats.false_discovery_control(p)) for p in json.load(sys.stdin)],
                      sys.stdout)
            """
        var random = SeededRandom(seed: 1)
        let lists = (1..<20).map { count in
            (0..<count).map { _ in (random.unit() * 20).rounded() / 20 * random.unit() }
        }
        let answers = try await ask(script, lists, [[Double]].self)
        for (list, expected) in zip(lists, answers) {
            for (found, wanted) in zip(FalseDiscovery.adjusted(list), expected) {
                expectClose(found, wanted, "\(list)")
            }
        }
    }

    @Test func `Pearson's correlation in the sample is numpy's`() async throws {
        var random = SeededRandom(seed: 2)
        let x = (0..<500).map { _ in Float(random.normal()) }
        let y = x.map { $0 * 0.5 + Float(random.normal()) }
        let script = """
            import json, sys
            import numpy as np
            x, y = json.load(sys.stdin)
            json.dump([float(np.corrcoef(x, y)[0, 1])], sys.stdout)
            """
        let answer = try await ask(script, [x.map(Double.init), y.map(Double.init)], [Double].self)
        let found = SampleAssociation.measure(
            .init(name: "x", isNumeric: true, cells: x.map(\.bitPattern)),
            .init(name: "y", isNumeric: true, cells: y.map(\.bitPattern)), isWhole: true)
        expectClose(found.last?.value, answer.first, "pearson")
    }
}

/// Lists of pairs and of numbers in one JSON object.
private struct Question: Encodable {
    var pairs: [String: [[Double]]]
    var plain: [String: [Double]]
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (name, value) in pairs { try container.encode(value, forKey: Key(name)) }
        for (name, value) in plain { try container.encode(value, forKey: Key(name)) }
    }
    struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
