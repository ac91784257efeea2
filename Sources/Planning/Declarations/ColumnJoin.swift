import Domain

/// One column that a schema and `columns:` of a manifest both declare.
struct ColumnJoin {
    /// What both say together.
    private(set) var column: ColumnDeclaration
    /// The keys of a manifest under which they say different things.
    private(set) var differing: [String] = []
    private let own: ColumnDeclaration

    /// - Parameters:
    ///   - own: what `columns:` says, in `item`.
    ///   - schema: what the schema says.
    init(_ own: ColumnDeclaration, _ item: YAMLNode, onto schema: ColumnDeclaration) {
        self.own = own
        column = schema
        if own.type != schema.type { differing.append("type") }
        for (key, value) in [("required", schema.required), ("unique", schema.unique)]
        where value && item[key]?.flag == false { differing.append(key) }
        column.required = schema.required || own.required
        column.unique = schema.unique || own.unique
        joinBounds()
        join("values", \.values, unsaid: nil)
        join("pattern", \.pattern, unsaid: nil)
        join("min_length", \.minLength, unsaid: nil)
        join("max_length", \.maxLength, unsaid: nil)
        join("missing_values", \.missingValues, unsaid: nil)
        joinNotation()
        column.classification = own.classification
        column.strictness = own.strictness
        column.place = own.place
    }

    private mutating func joinNotation() {
        join("format", \.format, unsaid: nil)
        join("format", \.notation.pattern, unsaid: nil)
        join("decimal_char", \.notation.decimalChar, unsaid: nil)
        join("group_char", \.notation.groupChar, unsaid: nil)
        join("bare_number", \.notation.isBareNumber, unsaid: true)
        join("true_values", \.notation.trueValues, unsaid: [])
        join("false_values", \.notation.falseValues, unsaid: [])
    }

    private mutating func joinBounds() {
        let hadLeast = column.min != nil || column.earliest != nil
        let hadMost = column.max != nil || column.latest != nil
        join("min", \.min, unsaid: nil)
        join("min", \.earliest, unsaid: nil)
        join("max", \.max, unsaid: nil)
        join("max", \.latest, unsaid: nil)
        if own.min != nil || own.earliest != nil {
            if hadLeast, column.excludesMin != own.excludesMin { differing.append("min") }
            column.excludesMin = own.excludesMin
        }
        if own.max != nil || own.latest != nil {
            if hadMost, column.excludesMax != own.excludesMax { differing.append("max") }
            column.excludesMax = own.excludesMax
        }
    }

    private mutating func join<Value: Equatable>(
        _ key: String, _ path: WritableKeyPath<ColumnDeclaration, Value>, unsaid: Value
    ) {
        let (mine, other) = (own[keyPath: path], column[keyPath: path])
        if mine == unsaid { return }
        if other != unsaid, other != mine { differing.append(key) }
        column[keyPath: path] = mine
    }
}
