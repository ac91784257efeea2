/// Puts the elements of lists together, a row as one JSON text: `["a","b"]`, `[[1],[],null]`.
///
/// Source: S. Melnik et al., "Dremel" (2010), section 4.2. An element's repetition level says which
/// list goes on; its definition level how much of the way to the value is there.
struct ListWriter {
    private let leaf: TypedColumn
    private var row = CellWriter(capacity: 256)
    private var element = CellWriter(capacity: 64)
    /// Lists that are open.
    private var depth = 0
    private var isBegun = false
    private var isThere = false
    /// The rows that are done.
    private(set) var rows = PackedBytes()
    private(set) var presence: [Bool] = []

    init(_ leaf: TypedColumn) { self.leaf = leaf }

    /// The rows that are done, which are forgotten; only those that are there have a text.
    mutating func take() -> CellRun? {
        guard !presence.isEmpty else { return nil }
        let run = CellRun(count: presence.count, isThere: presence, values: .lists(rows))
        rows = PackedBytes()
        presence = []
        return run
    }

    /// Adds elements in the order of the file.
    mutating func add(
        _ repetitions: [UInt32], _ definitions: [UInt32], _ values: CellRun.Values, offset: Int
    ) throws(BinaryFault) {
        var value = 0
        for index in repetitions.indices {
            let (repetition, definition) = (Int(repetitions[index]), Int(definitions[index]))
            if repetition == 0 {
                endRow()
                isBegun = true
            } else {
                guard isBegun, repetition <= depth else {
                    throw .damaged("an element of a list that has not begun", at: offset)
                }
                close(to: repetition)
                row.write(byte: UInt8(ascii: ","))
            }
            let isValue = definition == leaf.definitionMax
            if open(definition, from: repetition) {
                if isValue { write(values, value) } else { row.write("null") }
            }
            if isValue { value += 1 }
            guard row.count <= CellLimits.cellBytesMax else {
                throw BinaryFault(
                    kind: .tooLarge("a list of more than \(row.count) bytes"), offset: offset)
            }
        }
    }

    /// Ends the row that is begun.
    mutating func endRow() {
        guard isBegun else { return }
        close(to: 0)
        presence.append(isThere)
        if isThere { rows.append(row.storage[..<row.count]) }
        row.clear()
        isBegun = false
        isThere = false
    }

    private mutating func close(to level: Int) {
        while depth > level {
            row.write(byte: UInt8(ascii: "]"))
            depth -= 1
        }
    }

    /// Opens the lists that the element is in; true: it is in all of them.
    private mutating func open(_ definition: Int, from repetition: Int) -> Bool {
        for level in repetition..<leaf.lists.count {
            let least = leaf.lists[level]
            if definition >= least {
                row.write(byte: UInt8(ascii: "["))
                depth += 1
                isThere = true
                continue
            }
            // One below the least, the list is there and empty.
            if definition == least - 1 {
                row.write("[]")
                isThere = true
            } else if level > 0 {
                row.write("null")
            }
            return false
        }
        return true
    }

    private mutating func write(_ values: CellRun.Values, _ index: Int) {
        element.clear()
        switch values {
        case .words(let words): _ = element.write(word: words[index], leaf.form)
        case .bytes(let packed), .lists(let packed):
            _ = element.write(packed.bytes.span, packed.range(index), leaf.form)
        case .indices(let indices, let dictionary):
            let range = dictionary.texts.range(Int(indices[index]))
            element.write(dictionary.texts.bytes.span, range)
        }
        let text = element.storage
        if !leaf.form.isQuoted, isNumber {
            return row.write(text.span, 0..<element.count)
        }
        row.write(byte: UInt8(ascii: "\""))
        for index in 0..<element.count { write(escaped: text[index]) }
        row.write(byte: UInt8(ascii: "\""))
    }

    /// JSON has no word for what is not a number and for infinities.
    private var isNumber: Bool {
        let last = element.count > 0 ? element.storage[element.count - 1] : 0
        return last != UInt8(ascii: "N") && last != UInt8(ascii: "f")
    }

    private mutating func write(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            row.write(byte: UInt8(ascii: "\\"))
            row.write(byte: byte)
        case 8: row.write("\\b")
        case 9: row.write("\\t")
        case 10: row.write("\\n")
        case 12: row.write("\\f")
        case 13: row.write("\\r")
        case 0..<0x20:
            row.write("\\u00")
            row.write(byte: byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let low = byte & 15
            row.write(byte: low < 10 ? low + UInt8(ascii: "0") : low - 10 + UInt8(ascii: "a"))
        default: row.write(byte: byte)
        }
    }
}
