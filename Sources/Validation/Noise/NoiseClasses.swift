/// The classes of a label that were met.
struct NoiseClasses: Sendable {
    /// More classes than this are not told apart.
    static let countMax = 256

    /// How each is shown, by its hash.
    private(set) var texts: [UInt64: String] = [:]
    private(set) var isOver = false

    /// The hash of a class, by its number if it has one; nil: there are too many.
    mutating func number(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ value: Double? = nil
    ) -> UInt64? {
        guard !isOver else { return nil }
        // Because 0 and -0 are one class.
        let hash =
            value.map { mixed(($0 == 0 ? 0 : $0).bitPattern) }
            ?? CellHash.standard.hash(bytes, range)
        if texts[hash] == nil { add(hash, shownText(bytes, range)) }
        return isOver ? nil : hash
    }

    /// Adds the classes that were met behind.
    mutating func add(_ other: NoiseClasses) {
        for (hash, text) in other.texts where texts[hash] == nil { add(hash, text) }
        isOver = isOver || other.isOver
    }

    private mutating func add(_ hash: UInt64, _ text: String) {
        if texts.count == Self.countMax { isOver = true } else { texts[hash] = text }
    }
}
