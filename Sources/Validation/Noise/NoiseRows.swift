import Domain

/// The rows of a part by what tells their label, which wait for those of the parts before it.
struct NoiseRows: Sendable {
    /// Of each row its line from 0, the label's hash, where the label stands and how many values
    /// there are, the numbers of the features that hold numbers (NaN: none), and the other values,
    /// each once.
    private(set) var words: [UInt64] = []
    private(set) var classes = NoiseClasses()
    private var values: [UInt64] = []
    private var reader = Shingles()

    init() {}

    /// Adds rows; those without a valid label tell nothing.
    mutating func take(_ batch: RowBatch, _ layout: NoiseLayout) {
        for row in 0..<batch.rows where batch.state(row, layout.label.place) == .valid {
            guard let label = label(batch, row, layout) else { continue }
            let start = words.count
            words += [UInt64(batch.line(row)), label, 0]
            values.removeAll(keepingCapacity: true)
            for feature in layout.features { take(batch, row, feature, layout.quote) }
            values.sort()
            let before = words.count
            var last: UInt64?
            for value in values where value != last {
                words.append(value)
                last = value
            }
            let column = batch.placeColumn(row, layout.label.place)
            words[start + 2] = UInt64(column) << 32 | UInt64(words.count - before)
        }
    }

    /// The hash of the row's label; nil: there are too many.
    private mutating func label(
        _ batch: RowBatch, _ row: Int, _ layout: NoiseLayout
    ) -> UInt64? {
        let place = layout.label.place
        let isNumber = layout.label.kind == .integer || layout.label.kind == .number
        let cell = batch.cell(row, place)
        if cell.isEscaped {
            let text = batch.text(row, place, quote: layout.quote)
            return classes.hash(text.span, text.indices, number: isNumber ? hash(text) : nil)
        }
        // In bounds: a cell is a range of the chunk, behind which there is room.
        let number =
            unsafe isNumber ? hash(batch.bytes + cell.start, length: cell.length) : nil
        return batch.withBytes { classes.hash($0, cell.range, number: number) }
    }

    private func hash(_ text: [UInt8]) -> UInt64 {
        var found: UInt64 = 0
        unsafe withPadding(text) { unsafe found = hash($0, length: $1) }
        return found
    }

    /// By every digit, as numbers of keys are compared, because floating point has not all of them.
    private func hash(_ number: UnsafePointer<UInt8>, length: Int) -> UInt64 {
        var hasher = RowHasher()
        // In bounds: the bytes are a cell's, and there is room behind them.
        unsafe hasher.absorb(number: number, length: length)
        return hasher.finish().low
    }

    private mutating func take(
        _ batch: RowBatch, _ row: Int, _ feature: NoiseLayout.Feature, _ quote: UInt8
    ) {
        let state = batch.state(row, feature.place)
        if feature.isNumber {
            let number = state == .valid ? batch.number(row, feature.place) : .nan
            words.append(number.isFinite ? number.bitPattern : NoiseRow.none)
            if state == .valid, !number.isFinite {
                values.append(NoiseValue.text(number.bitPattern, feature.seed))
            }
        }
        switch state {
        case .missing: values.append(NoiseValue.missing(feature.seed))
        case .wrong: break
        case .valid:
            if !feature.isNumber { takeText(batch, row, feature, quote) }
        }
    }

    private mutating func takeText(
        _ batch: RowBatch, _ row: Int, _ feature: NoiseLayout.Feature, _ quote: UInt8
    ) {
        let cell = batch.cell(row, feature.place)
        if cell.isEscaped {
            let text = batch.text(row, feature.place, quote: quote)
            return add(text.span, text.indices, feature.seed)
        }
        batch.withBytes { add($0, cell.range, feature.seed) }
    }

    /// The words of a text that has several; any other as it is, so that `A+` and `A-` are two.
    private mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>, _ seed: UInt64) {
        let found = reader.words(of: bytes, range)
        if found.count > 1 {
            for word in found { values.append(NoiseValue.text(mixed(word), seed)) }
        } else {
            values.append(NoiseValue.text(CellHash.standard.hash(bytes, range), seed))
        }
    }
}

/// A row in a list of words.
struct NoiseRow {
    /// In the place of a number: there is none.
    static let none = Double.nan.bitPattern
    private static let head = 3

    let words: [UInt64]
    let start: Int
    /// How many features hold numbers.
    let numbers: Int

    var place: UInt64 { words[start] }
    var label: UInt64 { words[start + 1] }
    /// Where in the row the label stands, as places of violations say it.
    var column: UInt64 { words[start + 2] >> 32 }
    var end: Int { values.upperBound }

    /// The places in `words` of the values that are no numbers.
    var values: Range<Int> {
        let first = start + Self.head + numbers
        return first..<first + Int(words[start + 2] & 0xFFFF_FFFF)
    }

    /// nil: the cell is none that is finite.
    func number(_ index: Int) -> Double? {
        let bits = words[start + Self.head + index]
        return bits == Self.none ? nil : Double(bitPattern: bits)
    }
}
