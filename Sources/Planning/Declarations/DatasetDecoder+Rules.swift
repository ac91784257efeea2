import Domain

extension DatasetDecoder {
    /// Reports each rule that cannot be read, or compares what cannot be compared, at the place in
    /// its expression.
    mutating func checkRules(_ manifest: DatasetManifest, isWhole: Bool) {
        var places: RulePlaces?
        for rule in manifest.rules {
            guard let error = rule.mistake(isWhole ? manifest.knownColumns : nil) else { continue }
            let known = places ?? RulePlaces(source, file: file)
            places = known
            let place = known.place(of: error.offset, in: rule.expression, from: rule.place)
            diagnostics.append(Diagnostic(at: place, error.message, hint: error.hint))
        }
    }
}

extension DatasetManifest {
    /// What is wrong with its rules once its columns are known, each at its beginning.
    var ruleFaults: [Diagnostic] {
        rules.compactMap { rule in
            rule.mistake(knownColumns).map { Diagnostic(at: rule.place, $0.message, hint: $0.hint) }
        }
    }
}

extension RowRule {
    /// Why it cannot be read, or compares what cannot be compared.
    ///
    /// - Parameter columns: nil: they are not known, and only whether it can be read is said.
    fileprivate func mistake(_ columns: [ColumnDeclaration]?) -> ExpressionError? {
        do throws(ExpressionError) {
            if let columns {
                _ = try RowExpression.read(
                    expression, columns: columns, nearest: nearest(to:among:))
            } else {
                _ = try RowExpression.parse(expression)
            }
            return nil
        } catch {
            return error
        }
    }
}
