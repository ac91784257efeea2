import Domain

/// The keys of the objects of JSON lines, however deep they stand, and what their values are.
struct ObjectTree: Sendable {
    /// So many keys are told apart; beyond, objects are taken whole.
    private static let nodesMax = 20_000
    /// An object with more keys is a list of things by their names, and taken whole.
    private static let keysMax = 1000

    /// The kinds of values that were seen.
    fileprivate struct Kinds: OptionSet, Sendable {
        let rawValue: UInt8
        static let string = Kinds(rawValue: 1)
        static let number = Kinds(rawValue: 2)
        static let boolean = Kinds(rawValue: 4)
        static let array = Kinds(rawValue: 8)
        static let object = Kinds(rawValue: 16)
    }

    fileprivate struct Node: Sendable {
        /// As bytes.
        var key: [UInt8] = []
        var kinds: Kinds = []
        var hasEmptyText = false
        /// Its name is the key.
        var column: InferenceSink.Column
        /// In the order in which their keys are first met.
        var children: [Int] = []
        var places: [String: Int] = [:]
        /// The object is taken whole.
        var isWhole = false
    }

    /// The first is the line itself.
    private var nodes = [Node(column: InferenceSink.Column(name: ""))]
    /// There are too many keys.
    private var isFull = false
    private(set) var rows = 0

    /// Adds the objects of a batch.
    mutating func take(_ batch: RowBatch) {
        rows += batch.rows
        for row in 0..<batch.rows {
            // In bounds: `row` is below the batch's rows.
            var cursor = JSONCursor(at: Int(unsafe batch.starts[row]))
            batch.withBytes { bytes in
                _ = cursor.mark(bytes)
                object(bytes, &cursor, 0, depth: 0)
            }
        }
    }

    private mutating func object(
        _ bytes: Span<UInt8>, _ cursor: inout JSONCursor, _ node: Int, depth: Int
    ) {
        cursor.pass(bytes)
        guard cursor.mark(bytes) != UInt8(ascii: "}") else { return cursor.pass(bytes) }
        var next = 0
        while true {
            _ = cursor.mark(bytes)
            let child = child(of: node, cursor.string(bytes), bytes, &next)
            cursor.pass(bytes)
            value(bytes, &cursor, child, depth: depth)
            let isLast = cursor.mark(bytes) == UInt8(ascii: "}")
            cursor.pass(bytes)
            if isLast { return }
        }
    }

    /// Finds the node of a key; nil: there is no room for it.
    ///
    /// - Parameter next: the place among the children where it probably is.
    private mutating func child(
        of node: Int, _ key: PackedCell, _ bytes: Span<UInt8>, _ next: inout Int
    ) -> Int? {
        if next < nodes[node].children.count, !key.isEscaped {
            let guess = nodes[node].children[next]
            if isEqual(bytes, key.range, nodes[guess].key) {
                next += 1
                return guess
            }
        }
        let name = String(decoding: unescapedString(bytes, key), as: UTF8.self)
        guard let place = nodes[node].places[name] else { return add(name, to: node) }
        next = place + 1
        return nodes[node].children[place]
    }

    private mutating func add(_ name: String, to node: Int) -> Int? {
        guard nodes.count < Self.nodesMax else {
            isFull = true
            return nil
        }
        nodes[node].places[name] = nodes[node].children.count
        nodes[node].children.append(nodes.count)
        nodes.append(Node(key: Array(name.utf8), column: InferenceSink.Column(name: name)))
        return nodes.count - 1
    }

    private mutating func value(
        _ bytes: Span<UInt8>, _ cursor: inout JSONCursor, _ child: Int?, depth: Int
    ) {
        switch cursor.mark(bytes) {
        case UInt8(ascii: "\""):
            let cell = cursor.string(bytes)
            if let child { note(text: cell, bytes, child) }
        case UInt8(ascii: "["):
            cursor.container(bytes)
            if let child { note(.array, [], child) }
        case UInt8(ascii: "{"):
            if let child, depth + 1 < LineSplitter.depthMax {
                object(bytes, &cursor, child, depth: depth + 1)
            } else {
                cursor.container(bytes)
            }
            if let child { note(.object, [], child) }
        case UInt8(ascii: "n"): _ = cursor.word(bytes)
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            _ = cursor.word(bytes)
            if let child { note(.boolean, .boolean, child) }
        default:
            let range = cursor.word(bytes)
            guard let child else { return }
            note(.number, [.integer, .number], child)
            nodes[child].column.forms.narrow(bytes, range)
        }
    }

    private mutating func note(_ kind: Kinds, _ forms: CellForms, _ node: Int) {
        nodes[node].kinds.insert(kind)
        nodes[node].column.forms.formIntersection(forms)
        nodes[node].column.values += 1
    }

    private mutating func note(text cell: PackedCell, _ bytes: Span<UInt8>, _ node: Int) {
        guard !cell.range.isEmpty else { return nodes[node].hasEmptyText = true }
        if !cell.isEscaped, let word = InferenceSink.word(bytes, cell.range) {
            nodes[node].column.words[word] += 1
            return
        }
        note(.string, cell.isEscaped ? [] : [.date, .dateTime], node)
        nodes[node].column.forms.narrow(bytes, cell.range)
    }

    mutating func merge(_ next: ObjectTree) {
        rows += next.rows
        isFull = isFull || next.isFull
        merge(next, 0, into: 0)
    }

    private mutating func merge(_ next: ObjectTree, _ theirs: Int, into node: Int) {
        let other = next.nodes[theirs]
        nodes[node].kinds.formUnion(other.kinds)
        nodes[node].hasEmptyText = nodes[node].hasEmptyText || other.hasEmptyText
        nodes[node].column.add(other.column)
        for child in other.children {
            let name = next.nodes[child].column.name
            let known = nodes[node].places[name].map { nodes[node].children[$0] }
            if let own = known ?? add(name, to: node) { merge(next, child, into: own) }
        }
    }

    // MARK: Columns

    /// The columns by which every line can be read, in the order in which keys are first met.
    ///
    /// Objects become columns of their keys, by paths; where such a path would be the name of
    /// something else too, the object is one column.
    consuming func columns() -> [(column: InferenceSink.Column, type: ColumnDeclaration.Kind)] {
        var tree = self
        for node in tree.nodes.indices.dropFirst() {
            let found = tree.nodes[node]
            let isPlain =
                found.kinds == .object && !found.hasEmptyText && found.words == 0
                && (1...Self.keysMax).contains(found.children.count)
            tree.nodes[node].isWhole = !isPlain || tree.isFull
        }
        while tree.takeAmbiguousWhole() {}
        return tree.leaves().map { leaf in
            var column = tree.nodes[leaf.node].column
            column.name = leaf.name
            column.missing = tree.rows - column.values - column.words.reduce(0, +)
            return (column, tree.type(leaf.node))
        }
    }

    private struct Leaf {
        var name: String
        var node: Int
        /// What it is in; 0: the line itself.
        var parent: Int
    }

    /// Objects whose keys are columns come with all others, for their names.
    private func named(_ node: Int, path: String) -> [Leaf] {
        var found: [Leaf] = []
        for child in nodes[node].children {
            let name = path + nodes[child].column.name
            found.append(Leaf(name: name, node: child, parent: node))
            if !nodes[child].isWhole {
                found += named(child, path: name + ".")
            }
        }
        return found
    }

    private func leaves() -> [Leaf] {
        named(0, path: "").filter { nodes[$0.node].isWhole }
    }

    /// Takes objects whole that hold something whose name is too long or is not its alone; false:
    /// there is none.
    private mutating func takeAmbiguousWhole() -> Bool {
        let all = named(0, path: "")
        var uses: [String: Int] = [:]
        for one in all { uses[one.name, default: 0] += 1 }
        let wrong = all.filter {
            $0.parent > 0
                && (uses[$0.name] != 1 || $0.name.utf8.count > columnNameBytesMax)
        }
        let isTooWide = all.count > columnsMax
        for one in wrong { nodes[one.parent].isWhole = true }
        if isTooWide {
            for one in all where one.parent > 0 { nodes[one.parent].isWhole = true }
        }
        return !wrong.isEmpty || isTooWide && all.contains { $0.parent > 0 }
    }

    private func type(_ node: Int) -> ColumnDeclaration.Kind {
        let (kinds, forms) = (nodes[node].kinds, nodes[node].column.forms)
        switch kinds {
        case []: return .string
        case .string: return forms.type
        case .boolean: return .boolean
        case .array: return .array
        case .object: return .object
        case .number: return forms.isEmpty ? .any : forms.type
        default: return .any
        }
    }
}

extension ObjectTree.Node {
    /// How many values are words for a missing one.
    fileprivate var words: Int { column.words.reduce(0, +) }
}
