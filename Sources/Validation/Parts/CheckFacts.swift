import Domain

/// What was found in a file by the check of its records, as it is kept.
struct CheckFacts: Codable {
    struct Column: Codable {
        var name: String
        var kind: ColumnDeclaration.Kind
        var cells: Int
        var missing: Int
        var absent: Int
        var lateRows: Int
        var isInFile: Bool
        var isPlanned: Bool
        var isUnmet: Bool
    }

    var rows: Int
    var cells: Int
    var hasHeader: Bool
    var headerHint: String?
    var violations: [Violation]
    /// Declared ones first, in the manifest's order.
    var columns: [Column]
}

extension DatasetCheck {
    /// What was found in the file that was begun.
    var facts: CheckFacts {
        CheckFacts(
            rows: fileRows, cells: cells, hasHeader: hasHeader, headerHint: headerHint,
            violations: log.sorted,
            columns: columns.map { column in
                CheckFacts.Column(
                    name: column.name, kind: column.rules.kind, cells: column.cells,
                    missing: column.missing, absent: column.absent,
                    lateRows: column.lateRows, isInFile: column.isInFile,
                    isPlanned: column.isPlanned, isUnmet: column.isUnmet)
            })
    }

    /// Takes back what was found in the file that was begun.
    mutating func restore(_ facts: CheckFacts) throws(PartDamage) {
        let declared = manifest.columns
        guard facts.columns.count >= declared.count, facts.columns.count <= columnsMax,
            zip(facts.columns, declared).allSatisfy({ $0.name == $1.name })
        else { throw PartDamage() }
        (fileRows, cells, hasHeader, headerHint) = (
            facts.rows, facts.cells, facts.hasHeader, facts.headerHint
        )
        for violation in facts.violations { log.add(violation) }
        columns.removeLast(columns.count - declared.count)
        for (number, known) in facts.columns.enumerated() {
            if number >= declared.count {
                columns.append(ColumnCheck(undeclared: known.name, kind: known.kind))
            }
            columnNumbers[known.name] = number
            columns[number].cells = known.cells
            columns[number].missing = known.missing
            columns[number].absent = known.absent
            columns[number].lateRows = known.lateRows
            columns[number].isInFile = known.isInFile
            columns[number].isPlanned = known.isPlanned
            columns[number].isUnmet = known.isUnmet
        }
    }
}
