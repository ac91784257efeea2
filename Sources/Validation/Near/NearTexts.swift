/// The texts of one column of a dataset by their shingles, numbered in the order of the files; what
/// does not fit into memory lies on disk.
struct NearTexts: Sendable {
    struct Text: Sendable {
        var row: RowNumber
        /// Ascending.
        var shingles: [UInt64]
    }

    /// How many there are.
    private(set) var count = 0
    /// Of each text the packed row, then its shingles.
    private var texts: WordFile
    /// Of each text where it begins and how many shingles it has.
    private var index: WordFile
    /// Of each text and band the band's key, and the text's number from 1.
    private(set) var bands: RowPartitions

    /// - Parameters:
    ///   - folder: where what does not fit is written.
    ///   - bytesMax: how much is kept in memory, beside some buffers.
    init(in folder: String, bytesMax: Int) {
        texts = WordFile(in: folder, bytesMax: bytesMax)
        index = WordFile(in: folder, bytesMax: bytesMax / 8)
        let room = RowPartitions.bufferEntries(lists: 1, bytesMax: bytesMax / 2)
        bands = RowPartitions(in: folder, bufferEntries: room)
    }

    /// Adds the texts of the part that follows.
    mutating func add(
        _ part: NearRows, file: Int, linesBefore: Int
    ) throws(SpillFault) {
        var start = 0
        for (number, shingles) in part.counts.enumerated() {
            let row = RowNumber(file: file, line: Int(part.lines[number]) + linesBefore + 1)
            try index.append([UInt64(texts.count), UInt64(shingles)])
            try texts.append([row.packed] + part.shingles[start..<start + shingles])
            start += shingles
            count += 1
            let entry = RowNumber(packed: UInt64(count))
            let first = number * MinHash.bands
            try bands.append(part.bands[first..<first + MinHash.bands]) { RowEntry($0, entry) }
        }
    }

    /// Adds the texts of the files that follow; the first of them has that number.
    mutating func append(_ next: NearTexts, _ file: Int) throws(SpillFault) {
        let before = count
        for number in 0..<next.count {
            let text = try next.text(number)
            let row = text.row.behind(files: file)
            try index.append([UInt64(texts.count), UInt64(text.shingles.count)])
            try texts.append([row.packed] + text.shingles)
        }
        count += next.count
        for partition in next.bands.indices {
            try next.bands.read(partition) { entries throws(SpillFault) in
                try bands.append(entries) { entry in
                    RowEntry(entry.hash, RowNumber(packed: entry.mark + UInt64(before)))
                }
            }
        }
    }

    /// A text by its number, from 0.
    func text(_ number: Int) throws(SpillFault) -> Text {
        let place = try index.read(2 * number..<2 * number + 2)
        let start = Int(place[0])
        let words = try texts.read(start..<start + 1 + Int(place[1]))
        return Text(row: RowNumber(packed: words[0]), shingles: Array(words.dropFirst()))
    }

    /// Gives up memory that is not needed; nothing can be added any more.
    mutating func close() throws(SpillFault) {
        try texts.close()
        try index.close()
        try bands.close()
    }
}
