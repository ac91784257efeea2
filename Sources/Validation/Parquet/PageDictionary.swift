/// The different values of a column in a row group, as its pages name them.
struct PageDictionary {
    private enum Content {
        /// Written as cells once, for all cells that they stand for.
        case cells(CellDictionary)
        /// As the file holds them, because as cells they would take too much.
        case words([UInt64])
        case bytes(PackedBytes)
    }

    private let content: Content
    let count: Int
    /// About how much memory it takes.
    let sizeBytes: Int
    /// Bytes of the longest value.
    let longest: Int

    /// - Parameters:
    ///   - roomBytes: what they may take as cells.
    ///   - offset: where they are in the file.
    init(
        _ values: CellRun.Values, _ form: ValueForm, roomBytes: Int, at offset: Int
    ) throws(BinaryFault) {
        switch values {
        case .words(let words) where words.count * Self.writtenBytes > roomBytes:
            content = .words(words)
            (count, sizeBytes, longest) = (words.count, words.count * 8, 8)
        case .bytes(let texts)
        where texts.bytes.count + texts.count * Self.writtenBytes > roomBytes:
            content = .bytes(texts)
            (count, sizeBytes) = (texts.count, texts.bytes.count + texts.count * 8)
            longest = (0..<texts.count).reduce(0) { max($0, texts.range($1).count) }
        default:
            let cells = try CellDictionary(values, form, at: offset)
            content = .cells(cells)
            (count, sizeBytes, longest) = (cells.count, cells.sizeBytes, cells.longest)
        }
    }

    /// A number takes about so many bytes as a cell, with its text and what is known of it.
    private static let writtenBytes = 60

    /// The cells that are named, by indices that are all below `count`.
    func values(_ indices: [UInt32]) -> CellRun.Values {
        switch content {
        case .cells(let dictionary): return .indices(indices, dictionary)
        case .words(let words): return .words(indices.map { words[Int($0)] })
        case .bytes(let all):
            var texts = PackedBytes()
            for index in indices { texts.append(all.bytes.span, all.range(Int(index))) }
            return .bytes(texts)
        }
    }
}
