/// What columns a file has.
struct ArrowSchema: Sendable {
    let fields: [ArrowField]
    /// The numbers in the buffers begin with their highest byte.
    let isBigEndian: Bool
    /// Where the schema is in the file.
    let offset: Int
    /// By the number of their dictionary, the fields that have one; none is nested.
    let dictionaries: [Int: ArrowField]
    /// One for each leaf, in the order of the fields.
    let columns: [TypedColumn]

    init(_ table: FlatTable, _ budget: ReadingBudget) throws(BinaryFault) {
        var reader = FieldReader(budget)
        var fields: [ArrowField] = []
        for field in try table.tables(1, budget) { fields.append(try reader.read(field, depth: 0)) }
        self.fields = fields
        isBigEndian = try table.short(0) != 0
        offset = table.offset
        var columns: [TypedColumn] = []
        for field in fields { try field.addColumns(ColumnPath(), to: &columns, budget) }
        guard !columns.isEmpty else {
            throw .damaged("there is no column", at: table.offset)
        }
        self.columns = columns
        dictionaries = reader.dictionaries
    }
}

/// A column, or a part of a nested one.
struct ArrowField: Sendable {
    /// What stands in place of the values.
    struct Index: Sendable {
        var dictionary: Int
        var bytes: Int
        var isSigned: Bool
    }

    var name: String
    /// Of a field with a dictionary, that of the values there.
    var type: ArrowType
    /// nil: the values stand in the record batches.
    var index: Index?
    /// Empty where there is a dictionary.
    var children: [ArrowField] = []
    /// A list whose only child is a structure of keys and values.
    var isMap = false
    /// Where it is in the file.
    var offset: Int

    /// What the values of a leaf mean; nil: it is none.
    var form: ValueForm? {
        switch type {
        case .runEnds: children[1].form
        default: type.form
        }
    }

    fileprivate func addColumns(
        _ path: ColumnPath, to columns: inout [TypedColumn], _ budget: ReadingBudget
    ) throws(BinaryFault) {
        if let form {
            let names = path.isNameless ? path.names : path.names + [name]
            // Because the names of what is around count again for each leaf.
            try budget.spend(
                names.reduce(0) { $0 + $1.utf8.count + 1 }, of: .schema, at: offset)
            return columns.append(
                TypedColumn(
                    name: names.joined(separator: "."), form: form,
                    definitionMax: path.definition + 1, lists: path.lists))
        }
        for child in children { try child.addColumns(path.below(self), to: &columns, budget) }
    }
}

/// What stands around a field.
private struct ColumnPath {
    var names: [String] = []
    /// As in Parquet: one for each of the fields around, which may all be null, and one more for
    /// the elements of a list.
    var definition = 0
    var lists: [Int] = []
    /// The field is the element of a list, and called as the list.
    var isNameless = false

    func below(_ field: ArrowField) -> ColumnPath {
        var path = self
        if !isNameless { path.names.append(field.name) }
        path.isNameless = field.type != .structure
        path.definition += 1
        if field.type != .structure {
            path.definition += 1
            path.lists.append(path.definition)
        }
        return path
    }
}

/// Reads fields, and counts them.
private struct FieldReader {
    private static let fieldsMax = 100_000

    private(set) var dictionaries: [Int: ArrowField] = [:]
    private let budget: ReadingBudget
    private var count = 0

    init(_ budget: ReadingBudget) { self.budget = budget }

    mutating func read(_ table: FlatTable, depth: Int) throws(BinaryFault) -> ArrowField {
        count += 1
        guard count <= Self.fieldsMax else {
            throw BinaryFault(kind: .tooLarge("\(count) fields"), offset: table.offset)
        }
        guard depth < CellLimits.depthMax else {
            throw .damaged("the schema is nested too deep", at: table.offset)
        }
        let name = try table.text(0, budget) ?? ""
        var field = ArrowField(
            name: name, type: try ArrowType.read(table, name: name), offset: table.offset)
        field.isMap = try table.byte(2) == 17
        if field.type == .fixed(bytes: 16, .hexadecimal, isNumber: false), try isUUID(table) {
            field.type = .fixed(bytes: 16, .uuid, isNumber: false)
        }
        if let encoding = try table.table(4) { return try encoded(field, encoding) }
        for child in try table.tables(5, budget) {
            field.children.append(try read(child, depth: depth + 1))
        }
        try check(field)
        return field
    }

    private mutating func encoded(
        _ field: ArrowField, _ encoding: FlatTable
    ) throws(BinaryFault) -> ArrowField {
        guard field.type.form != nil else {
            throw BinaryFault(
                kind: .unsupported(
                    "`\(shownName(field.name))` has a dictionary of nested values, "
                        + "which is not read"),
                offset: field.offset)
        }
        let number = try encoding.long(0)
        if let known = dictionaries[number], known.type != field.type {
            throw .damaged("dictionary \(number) is of two types", at: encoding.offset)
        }
        dictionaries[number] = field
        var index = ArrowField.Index(dictionary: number, bytes: 4, isSigned: true)
        if let table = try encoding.table(1),
            case .word(let bytes, let isSigned, _, _) = try ArrowType.integer(table)
        {
            index.bytes = bytes
            index.isSigned = isSigned
        }
        var field = field
        field.index = index
        return field
    }

    private func check(_ field: ArrowField) throws(BinaryFault) {
        let name = shownName(field.name)
        switch field.type {
        case .structure: return
        case .list, .fixedList:
            guard field.children.count == 1 else {
                throw .damaged(
                    "the list `\(name)` has \(field.children.count) children", at: field.offset)
            }
            if field.isMap, field.children[0].type != .structure {
                throw .damaged("the map `\(name)` has no entries", at: field.offset)
            }
        case .runEnds:
            guard field.children.count == 2, case .word = field.children[0].type else {
                throw .damaged("`\(name)` has no run ends", at: field.offset)
            }
            let values = field.children[1]
            guard values.type.form != nil, values.index == nil else {
                throw BinaryFault(
                    kind: .unsupported("`\(name)` has runs of nested values, which is not read"),
                    offset: field.offset)
            }
        case .nothing, .boolean, .word, .fixed, .texts, .views:
            guard field.children.isEmpty else {
                throw .damaged("`\(name)` has children", at: field.offset)
            }
        }
    }

    private func isUUID(_ table: FlatTable) throws(BinaryFault) -> Bool {
        for pair in try table.tables(6, budget)
        where try pair.text(0, budget) == "ARROW:extension:name" {
            return try pair.text(1, budget) == "arrow.uuid"
        }
        return false
    }
}
