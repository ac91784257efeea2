import Domain

/// Makes the report of a regression's predictions file.
func evaluateRegression(
    _ table: PredictionTable, declaration: EvaluationDeclaration, rules: [PromotionRule]
) throws(EvaluationError) -> Evaluated {
    let truths = try numbers(table, truth: true, column: declaration.label)
    let predictions = try numbers(table, truth: false, column: declaration.prediction)
    let all = RegressionRows(truths: truths, predictions: predictions)
    let wanted = WantedBounds(rules)
    let bootstrap = all.bootstrap(declaration)
    func subset(_ rows: [Int]) -> RegressionRows {
        RegressionRows(
            truths: rows.map { truths[$0] }, predictions: rows.map { predictions[$0] })
    }
    let slices = try measureSlices(
        table, declaration: declaration, wanted: wanted,
        metrics: { subset($0).metrics() }, bootstrap: { subset($0).bootstrap(declaration) })
    let report = Report(
        task: .regression, rows: table.rows, metrics: withIntervals(all.metrics(), bootstrap),
        slices: slices.reports,
        resamples: affordableResamples(declaration.resamples, size: table.rows),
        seed: declaration.seed)
    return Evaluated(report: report, bounds: wanted.overallBounds(bootstrap) + slices.bounds)
}

private func numbers(
    _ table: PredictionTable, truth: Bool, column: String
) throws(EvaluationError) -> [Double] {
    var numbers: [Double] = []
    for (row, text) in (truth ? table.truths : table.predictions).enumerated() {
        guard let number = finiteNumber(text) else {
            throw .notFinite(column: column, cell: text, table.place(row: row, truth: truth))
        }
        numbers.append(number)
    }
    return numbers
}

/// What each row adds to the regression metrics; definitions as in scikit-learn.
struct RegressionRows {
    static let names = ["mse", "rmse", "mae", "r2", "mape"]

    private let squares: [Double]
    private let absolutes: [Double]
    /// |error| / max(|truth|, ε), with ε = 2^-52.
    private let shares: [Double]
    /// Truths less their mean over all rows, so that their variance loses no digits.
    private let centered: [Double]

    init(truths: [Double], predictions: [Double]) {
        let mean = truths.isEmpty ? 0 : truths.reduce(0, +) / Double(truths.count)
        let errors = zip(truths, predictions).map { $0 - $1 }
        squares = errors.map { $0 * $0 }
        absolutes = errors.map { abs($0) }
        shares = zip(errors, truths).map { abs($0) / Swift.max(abs($1), .ulpOfOne) }
        // Because the mean of equal numbers need not be that number in floating point.
        let isConstant = truths.allSatisfy { $0 == truths[0] }
        centered = truths.map { isConstant ? 0 : $0 - mean }
    }

    func metrics() -> [Metric] {
        var sums = Sums()
        for row in squares.indices { add(row, to: &sums) }
        return zip(Self.names, sums.values()).map { name, value in
            Metric(name: name, value: value.isFinite ? value : nil)
        }
    }

    func bootstrap(_ declaration: EvaluationDeclaration) -> Bootstrap {
        let rows = squares.count
        let resamples = affordableResamples(declaration.resamples, size: rows)
        var random = RandomSource(seed: declaration.seed)
        var found = [[Double]](repeating: [], count: Self.names.count)
        for _ in 0..<resamples {
            var sums = Sums()
            for _ in 0..<rows { add(random.below(rows), to: &sums) }
            for (index, value) in sums.values().enumerated() { found[index].append(value) }
        }
        var bootstrap = Bootstrap(resamples: resamples)
        for (name, values) in zip(Self.names, found) { bootstrap.add(name, values) }
        return bootstrap
    }

    private func add(_ row: Int, to sums: inout Sums) {
        sums.rows += 1
        sums.square += squares[row]
        sums.absolute += absolutes[row]
        sums.share += shares[row]
        sums.centered += centered[row]
        sums.centeredSquare += centered[row] * centered[row]
    }

    private struct Sums {
        var rows = 0.0
        var square = 0.0
        var absolute = 0.0
        var share = 0.0
        var centered = 0.0
        var centeredSquare = 0.0

        func values() -> [Double] {
            let mse = square / rows
            return [mse, mse.squareRoot(), absolute / rows, r2, share / rows]
        }

        /// 1 − residual / total sum of squares; undefined below two rows, and of constant truths
        /// 1 when every prediction is exact and 0 otherwise.
        private var r2: Double {
            guard rows >= 2 else { return .nan }
            let total = centeredSquare - centered * centered / rows
            // Because rounding leaves a trace where all truths are equal.
            guard total > centeredSquare * 1e-12 else { return square == 0 ? 1 : 0 }
            return 1 - square / total
        }
    }
}
