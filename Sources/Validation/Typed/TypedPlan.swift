import Domain

/// What the columns of a file are checked for.
struct TypedPlan: Sendable {
    let columns: [TypedColumn]
    let scan: ScanPlan
    /// The columns whose bytes must be UTF-8.
    let mustBeText: [Bool]
}

/// One column of values of a file that knows its types.
struct TypedColumn: Equatable, Sendable {
    var name: String
    var form: ValueForm
    /// The definition level of a value that is there.
    var definitionMax = 0
    /// For each list around the value, from without: the least definition level at which the list
    /// has an element.
    var lists: [Int] = []

    var isList: Bool { !lists.isEmpty }
}

extension TypedColumn {
    /// The type that its cells are of when nobody declares one.
    var kind: ColumnDeclaration.Kind {
        guard !isList else { return .array }
        return switch form {
        case .integer, .unsigned(bits: 32): .integer
        case .unsigned, .half, .float, .double: .number
        case .decimal: .number
        case .boolean: .boolean
        case .date: .date
        case .timestamp, .julian: .datetime
        case .time, .text, .bytes, .uuid, .hexadecimal, .nothing: .string
        }
    }

    /// Whether every value is one of a declared type, and nothing of it is lost.
    func fits(_ declared: ColumnDeclaration.Kind) -> Bool {
        if declared == .any { return true }
        if isList { return declared == .array }
        return switch form {
        case .nothing: true
        case .integer, .unsigned: declared == .integer || declared == .number
        case .decimal(let scale): declared == .number || scale == 0 && declared == .integer
        case .boolean, .half, .float, .double, .date, .time, .timestamp, .julian, .text, .bytes,
            .uuid, .hexadecimal:
            declared == kind
        }
    }

    /// Cells are known to be of their type from how they are stored.
    fileprivate var isTyped: Bool {
        guard !isList else { return false }
        return switch form {
        case .integer, .unsigned, .half, .float, .double, .boolean, .date, .timestamp, .julian: true
        case .decimal, .time, .text, .bytes, .uuid, .hexadecimal, .nothing: false
        }
    }

    fileprivate var noun: String { isList ? "lists" : form.noun }
}

extension DatasetCheck {
    /// Takes the columns of a file, and compares them with those that are declared.
    ///
    /// The schema stands for the line that a header would be on.
    mutating func readSchema(_ typed: [TypedColumn]) -> TypedPlan {
        hasHeader = true
        var found: [(place: Int, number: Int, rules: ColumnRules)] = []
        var sources: [Int: CellSource] = [:]
        var mustBeText: [Bool] = []
        for (place, leaf) in typed.enumerated() {
            mustBeText.append(leaf.form == .text)
            let known = columns.count
            guard let number = column(leaf.name, line: 1, place: place + 1) else { continue }
            if number == known {
                columns[number] = ColumnCheck(undeclared: leaf.name, kind: leaf.kind)
                columns[number].isInFile = true
            }
            let rules = columns[number].rules
            found.append((place, number, rules))
            if rules.declaration != nil, rules.kind != .any, leaf.form == .bytes {
                mustBeText[place] = true
            }
            if rules.declaration == nil ? leaf.kind == rules.kind : leaf.fits(rules.kind) {
                sources[place] = leaf.isTyped ? .typed : .text
            } else {
                sources[place] = .refused
                refuse(leaf, rules, place: place + 1)
            }
        }
        checkOrder(found.map(\.number), line: 1)
        return TypedPlan(
            columns: typed,
            scan: ScanPlan(
                width: typed.count, columns: found, missing: missingTexts, sources: sources),
            mustBeText: mustBeText)
    }

    private mutating func refuse(_ leaf: TypedColumn, _ rules: ColumnRules, place: Int) {
        let expected =
            rules.declaration == nil ? "in a file before it was of type" : "it is declared as"
        log.add(
            .type, column: leaf.name, at: Place(file: path, line: 1, column: place),
            hint: "write the column as its type has it, or change the column's `type:`",
            "the column `\(leaf.name)` holds \(leaf.noun), \(expected) \(rules.kind.rawValue)")
    }
}
