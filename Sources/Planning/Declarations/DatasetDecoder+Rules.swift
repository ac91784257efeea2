import Domain

extension DatasetDecoder {
    /// Reports each rule that cannot be read, or compares what cannot be compared, at the place in
    /// its expression.
    mutating func checkRules(_ manifest: DatasetManifest, isWhole: Bool) {
        var places: RulePlaces?
        for rule in manifest.rules {
            guard let error = mistake(rule, isWhole ? manifest.knownColumns : nil) else { continue }
            let known = places ?? RulePlaces(source, file: file)
            places = known
            let place = known.place(of: error.offset, in: rule.expression, from: rule.place)
            diagnostics.append(Diagnostic(at: place, error.message, hint: error.hint))
        }
    }

    private func mistake(_ rule: RowRule, _ columns: [ColumnDeclaration]?) -> ExpressionError? {
        do throws(ExpressionError) {
            if let columns {
                _ = try RowExpression.read(
                    rule.expression, columns: columns, nearest: nearest(to:among:))
            } else {
                _ = try RowExpression.parse(rule.expression)
            }
            return nil
        } catch {
            return error
        }
    }
}
