/// The different values of a column in a row group, written as cells once.
struct CellDictionary: Sendable {
    private(set) var texts: PackedBytes
    private(set) var values: [WrittenValue]
    /// Bytes of the longest text.
    private(set) var longest: Int

    /// What is known of a value takes about so many bytes.
    private static let valueBytes = 32

    var count: Int { values.count }
    /// About how much memory it takes.
    var sizeBytes: Int { texts.bytes.count + count * Self.valueBytes }

    init(texts: PackedBytes, values: [WrittenValue], longest: Int) {
        self.texts = texts
        self.values = values
        self.longest = longest
    }

    /// Writes values.
    ///
    /// - Parameter offset: where they are in the file.
    init(_ run: CellRun.Values, _ form: ValueForm, at offset: Int) throws(BinaryFault) {
        var writer = CellWriter(capacity: 1024)
        var ends: [Int] = []
        var written: [WrittenValue] = []
        switch run {
        case .words(let words):
            for word in words {
                written.append(writer.write(word: word, form))
                ends.append(writer.count)
                try Self.check(writer.count, ends.count, at: offset)
            }
        case .bytes(let packed), .lists(let packed):
            for index in 0..<packed.count {
                written.append(writer.write(packed.bytes.span, packed.range(index), form))
                ends.append(writer.count)
                try Self.check(writer.count, ends.count, at: offset)
            }
        case .indices: break
        }
        values = written
        let count = writer.count
        texts = PackedBytes(Array(writer.finish(room: 0)[..<count]), ends: ends)
        var (longest, start) = (0, 0)
        for end in ends {
            longest = max(longest, end - start)
            start = end
        }
        self.longest = longest
    }

    /// Holds so many values with so many bytes of texts against the limit. A value of few bytes may
    /// have a long text, so each is looked at when it is written.
    static func check(
        _ bytes: Int, _ count: Int, at offset: Int
    ) throws(BinaryFault) {
        guard bytes + count * valueBytes <= CellLimits.dictionaryBytesMax else {
            throw BinaryFault(
                kind: .tooLarge(
                    "a dictionary of more than \(CellLimits.dictionaryBytesMax >> 20) MiB"),
                offset: offset)
        }
    }

    /// Adds the values of another behind those that are there.
    mutating func append(_ other: CellDictionary) {
        for index in other.values.indices {
            texts.append(other.texts.bytes.span, other.texts.range(index))
        }
        values += other.values
        longest = max(longest, other.longest)
    }
}
