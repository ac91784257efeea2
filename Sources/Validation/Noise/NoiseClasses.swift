/// The classes of a label that were met.
struct NoiseClasses: Sendable {
    /// More classes than this are not told apart.
    static let countMax = 256

    /// How each is shown, by its hash.
    private(set) var texts: [UInt64: String] = [:]
    private(set) var isOver = false

    /// The hash of a class; nil: there are too many.
    ///
    /// - Parameter number: of a number the hash of its value; nil: of a text.
    mutating func hash(
        _ bytes: Span<UInt8>, _ range: Range<Int>, number: UInt64? = nil
    ) -> UInt64? {
        guard !isOver else { return nil }
        let hash = number ?? CellHash.standard.hash(bytes, range)
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
