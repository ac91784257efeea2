import Domain

/// One column: its rules, and what was counted.
struct ColumnCheck {
    let rules: ColumnRules
    var cells = 0
    var missing = 0
    /// Rows of tables that do not have it, though it is declared; no cells of any file.
    var absent = 0
    /// The current file has it.
    var isInFile = false
    /// JSON lines: records of the file before the first one that has it; they do not count for it.
    var lateRows = 0
    /// JSON lines: it is not declared, and is read all the same.
    var isPlanned = false
    /// JSON lines: no line of any file had it yet.
    var isUnmet = false

    init(undeclared name: String, kind: ColumnDeclaration.Kind = .string) {
        rules = ColumnRules(undeclared: name, kind: kind)
    }

    init(_ declaration: ColumnDeclaration, in room: AutomatonRoom) throws(ValidationError) {
        do throws(PatternError) {
            rules = try ColumnRules(declaration, in: room)
        } catch {
            throw .badPattern(
                column: declaration.name, error.message(of: declaration.pattern ?? ""),
                place: declaration.place.description, hint: error.hint)
        }
    }

    /// Forgets everything that was found.
    mutating func forget() {
        (cells, missing, absent, lateRows) = (0, 0, 0, 0)
        (isInFile, isPlanned, isUnmet) = (false, false, false)
    }

    var name: String { rules.name }
    var declaration: ColumnDeclaration? { rules.declaration }
}
