import Domain

/// One column: its rules, and what was counted.
struct ColumnCheck {
    let rules: ColumnRules
    /// Compiled for files that are read cell by cell.
    let pattern: CellPattern?
    var cells = 0
    var missing = 0
    /// The current file has it.
    var isInFile = false

    init(undeclared name: String, kind: ColumnDeclaration.Kind = .string) {
        rules = ColumnRules(undeclared: name, kind: kind)
        pattern = nil
    }

    init(_ declaration: ColumnDeclaration) throws(ValidationError) {
        if let text = declaration.pattern {
            guard let compiled = CellPattern(text) else {
                throw .badPattern(
                    column: declaration.name, pattern: text, place: declaration.place.description)
            }
            pattern = compiled
        } else {
            pattern = nil
        }
        rules = ColumnRules(declaration)
    }

    var name: String { rules.name }
    var declaration: ColumnDeclaration? { rules.declaration }
}
