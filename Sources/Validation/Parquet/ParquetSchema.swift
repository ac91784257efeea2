/// How the values of a column are stored.
enum ParquetPhysical: Int, Sendable {
    case boolean, int32, int64, int96, float, double, byteArray, fixedBytes
}

/// One column of values: a leaf of the schema.
struct ParquetLeaf: Equatable, Sendable {
    /// The names on the way to it with points between; the names that only lists need are left
    /// out, so that a list is called as the column that it is.
    var name: String
    var physical: ParquetPhysical
    var form: ValueForm
    /// Bytes of one value of `fixedBytes`.
    var width: Int
    /// The definition level of a value that is there.
    var definitionMax = 0
    /// For each list around the value, from without: the least definition level at which the list
    /// has an element. As many as the greatest repetition level.
    var lists: [Int] = []

    var repetitionMax: Int { lists.count }
    var isList: Bool { !lists.isEmpty }
    /// What the checks need to know of it.
    var column: TypedColumn {
        TypedColumn(name: name, form: form, definitionMax: definitionMax, lists: lists)
    }
}

/// An element of the schema as the footer has it.
struct SchemaElement {
    enum Repetition: Int { case required, optional, repeated }

    var physical: ParquetPhysical?
    var width = 0
    var repetition = Repetition.required
    var name = ""
    var children = 0
    var isGroup = false
    var converted: Int?
    var scale = 0
    var logical: LogicalType?
    var offset = 0

    /// The annotations of groups that change the names of what is in them.
    var isListed: Bool { logical == .list || converted == 3 }
    var isMapped: Bool { logical == .map || converted == 1 || converted == 2 }
}

/// Makes the columns from the schema's elements, which stand before their children.
struct SchemaReader {
    private let elements: [SchemaElement]
    private let budget: ReadingBudget
    private var next = 1
    private(set) var leaves: [ParquetLeaf] = []

    private init(_ elements: [SchemaElement], _ budget: ReadingBudget) {
        self.elements = elements
        self.budget = budget
    }

    static func leaves(
        of elements: [SchemaElement], _ budget: ReadingBudget
    ) throws(BinaryFault) -> [ParquetLeaf] {
        guard let root = elements.first, root.isGroup else {
            throw .damaged("the schema has no root", at: elements.first?.offset ?? 4)
        }
        var reader = SchemaReader(elements, budget)
        for _ in 0..<root.children { try reader.read(Path(), depth: 0) }
        guard reader.next == elements.count else {
            throw .damaged("the schema has elements of no group", at: root.offset)
        }
        return reader.leaves
    }

    /// What stands above an element.
    private struct Path {
        var names: [String] = []
        /// Of the names, with points between.
        var nameBytes = 0
        var definition = 0
        var lists: [Int] = []
        /// The element above is a list or a map, and this one only repeats.
        var isMiddle = false
        /// It is a list.
        var isListMiddle = false
        /// The element above is the middle of a list, and this one its only element.
        var isElement = false
    }

    private mutating func read(_ above: Path, depth: Int) throws(BinaryFault) {
        guard next < elements.count, depth < CellLimits.depthMax else {
            throw .damaged(
                next < elements.count ? "the schema is nested too deep" : "the schema is cut off",
                at: elements[0].offset)
        }
        let element = elements[next]
        next += 1
        var path = above
        path.isMiddle = false
        path.isElement = false
        let isNameless = above.isElement || above.isMiddle && element.repetition == .repeated
        if !isNameless {
            path.names.append(element.name)
            path.nameBytes += element.name.utf8.count + 1
        }
        // Because the names of groups count again for each of their leaves.
        try budget.spend(
            path.nameBytes + ReadingBudget.partBytes, of: .schema, at: element.offset)
        if element.repetition != .required { path.definition += 1 }
        if element.repetition == .repeated { path.lists.append(path.definition) }
        guard element.isGroup else {
            leaves.append(try leaf(element, path))
            return
        }
        if above.isMiddle, element.repetition == .repeated {
            // Backward compatibility rules of parquet-format's LogicalTypes.md: a list of two
            // levels has the element itself here.
            path.isElement =
                above.isListMiddle && element.children == 1 && element.name != "array"
                && element.name != "\(above.names.last ?? "")_tuple"
        } else {
            path.isMiddle = element.isListed || element.isMapped
            path.isListMiddle = element.isListed
        }
        for _ in 0..<element.children { try read(path, depth: depth + 1) }
    }

    private func leaf(_ element: SchemaElement, _ path: Path) throws(BinaryFault) -> ParquetLeaf {
        guard let physical = element.physical else {
            throw .damaged("a column without a type", at: element.offset)
        }
        if physical == .fixedBytes, !(1...CellLimits.cellBytesMax).contains(element.width) {
            throw .damaged("values of \(element.width) bytes", at: element.offset)
        }
        return ParquetLeaf(
            name: path.names.joined(separator: "."), physical: physical,
            form: try element.form(physical), width: element.width,
            definitionMax: path.definition, lists: path.lists)
    }
}
