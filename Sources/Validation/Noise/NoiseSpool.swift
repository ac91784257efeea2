/// The rows of a dataset by what tells their label, in the order of the files; what does not fit
/// into memory lies on disk.
struct NoiseSpool: Sendable {
    /// About as many words are read together.
    private static let blockWords = 1 << 13

    /// How many features hold numbers.
    let numbers: Int
    /// How many rows there are.
    private(set) var count = 0
    /// How many values they have that are no numbers.
    private(set) var values = 0
    private(set) var classes = NoiseClasses()
    private var words: WordFile
    /// Where each block ends.
    private var ends: [Int] = []
    private var block: [UInt64] = []

    /// - Parameters:
    ///   - folder: where what does not fit is written.
    ///   - bytesMax: how much is kept in memory, beside some buffers.
    init(_ plan: NoisePlan, in folder: String, bytesMax: Int) {
        numbers = plan.features.count(where: \.isNumber)
        words = WordFile(in: folder, bytesMax: bytesMax)
    }

    /// Adds the rows of the part that follows.
    mutating func add(_ part: NoiseRows, file: Int, linesBefore: Int) throws(SpillFault) {
        classes.add(part.classes)
        try add(part.words) { line in
            RowNumber(file: file, line: Int(line) + linesBefore + 1).packed
        }
    }

    /// Adds the rows of the files that follow; the first of them has that number.
    mutating func append(_ next: NoiseSpool, _ file: Int) throws(SpillFault) {
        classes.add(next.classes)
        try next.readBlocks { block throws(SpillFault) in
            try add(block) { RowNumber(packed: $0).behind(files: file).packed }
        }
    }

    private mutating func add(
        _ all: [UInt64], place: (UInt64) -> UInt64
    ) throws(SpillFault) {
        guard !classes.isOver else { return }
        var start = 0
        while start < all.count {
            let row = NoiseRow(words: all, start: start, numbers: numbers)
            block.append(place(row.place))
            block += all[start + 1..<row.end]
            count += 1
            values += row.values.count
            start = row.end
            if block.count >= Self.blockWords { try flush() }
        }
    }

    private mutating func flush() throws(SpillFault) {
        guard !block.isEmpty else { return }
        try words.append(block)
        ends.append(words.count)
        block.removeAll(keepingCapacity: true)
    }

    /// Gives up memory that is not needed; nothing can be added any more.
    mutating func close() throws(SpillFault) {
        try flush()
        block = []
        try words.close()
    }

    /// Gives every row, in order.
    func read(_ body: (NoiseRow) throws(SpillFault) -> Void) throws(SpillFault) {
        try readBlocks { block throws(SpillFault) in
            var start = 0
            while start < block.count {
                let row = NoiseRow(words: block, start: start, numbers: numbers)
                try body(row)
                start = row.end
            }
        }
    }

    private func readBlocks(
        _ body: ([UInt64]) throws(SpillFault) -> Void
    ) throws(SpillFault) {
        var start = 0
        for end in ends {
            guard !Task.isCancelled else { throw .cancelled }
            try body(try words.read(start..<end))
            start = end
        }
        guard !Task.isCancelled else { throw .cancelled }
        if !block.isEmpty { try body(block) }
    }
}
