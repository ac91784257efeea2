/// What each fold of a cross-validation, or the one of a hold-out, was measured to by itself.
package struct FoldReport: Hashable, Codable, Sendable {
    package struct Metric: Hashable, Codable, Sendable {
        package var name: String
        /// In the order of the folds; nil: undefined on a fold's rows.
        package var values: [Double?]

        package init(name: String, values: [Double?]) {
            self.name = name
            self.values = values
        }

        /// Of those that are defined; nil: none is.
        package var mean: Double? {
            let known = values.compactMap(\.self)
            return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
        }

        /// The sample deviation (n − 1); nil: fewer than two are defined.
        package var deviation: Double? {
            let known = values.compactMap(\.self)
            guard let mean, known.count > 1 else { return nil }
            let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (squares / Double(known.count - 1)).squareRoot()
        }
    }

    /// How many rows each was measured on.
    package var rows: [Int]
    /// In the order of the report.
    package var metrics: [Metric]

    package init(rows: [Int], metrics: [Metric]) {
        self.rows = rows
        self.metrics = metrics
    }
}
