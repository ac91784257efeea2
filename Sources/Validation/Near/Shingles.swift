/// Finds the shingles of texts: five words in a row each, lower-cased.
///
/// Words are runs of letters and digits (of Unicode's categories L and N). A text of fewer words is
/// one shingle of all its words; one without a word has none. A shingle is a hash of 64 bits: two
/// different ones of a billion fall together with probability 3 · 10^-11 each.
struct Shingles {
    static let words = 5

    private var lower: [UInt8] = []
    private var hashes: [UInt64] = []

    /// The shingles of a text, each once, in ascending order.
    mutating func of(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt64] {
        joined(words(of: bytes, range))
    }

    /// The hashes of a text's words, in its order.
    mutating func words(of bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt64] {
        hashes.removeAll(keepingCapacity: true)
        lower.removeAll(keepingCapacity: true)
        var isPlain = true
        for index in range where bytes[index] >= 0x80 {
            isPlain = false
            break
        }
        if isPlain {
            splitPlain(bytes, range)
        } else {
            split(String(decoding: range.map { bytes[$0] }, as: UTF8.self))
        }
        return hashes
    }

    private mutating func splitPlain(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        for index in range {
            let byte = bytes[index]
            if isDigit(byte) {
                lower.append(byte)
            } else if isLetter(byte) {
                lower.append(byte | 0x20)
            } else {
                endWord()
            }
        }
        endWord()
    }

    private mutating func split(_ text: String) {
        for scalar in text.lowercased().unicodeScalars {
            if scalar.isWord { lower += Array(String(scalar).utf8) } else { endWord() }
        }
        endWord()
    }

    private mutating func endWord() {
        guard !lower.isEmpty else { return }
        hashes.append(CellHash.standard.hash(lower.span, lower.indices))
        lower.removeAll(keepingCapacity: true)
    }

    private func joined(_ hashes: [UInt64]) -> [UInt64] {
        guard !hashes.isEmpty else { return [] }
        let width = Swift.min(Self.words, hashes.count)
        var found: [UInt64] = []
        found.reserveCapacity(hashes.count - width + 1)
        for start in 0...hashes.count - width {
            var hasher = RowHasher(key: UInt64(width))
            for place in start..<start + width { hasher.absorb(hashes[place]) }
            found.append(hasher.finish().high)
        }
        found.sort()
        var last: UInt64?
        found.removeAll { shingle in
            defer { last = shingle }
            return shingle == last
        }
        return found
    }
}

extension Unicode.Scalar {
    /// A letter or a number.
    fileprivate var isWord: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}

/// Shared / all of two sets of shingles in ascending order (Jaccard 1901); nil: neither has any.
func jaccard(_ left: [UInt64], _ right: [UInt64]) -> Double? {
    var (first, second, shared) = (0, 0, 0)
    while first < left.count, second < right.count {
        let (one, two) = (left[first], right[second])
        if one == two { shared += 1 }
        if one <= two { first += 1 }
        if two <= one { second += 1 }
    }
    let all = left.count + right.count - shared
    return all == 0 ? nil : Double(shared) / Double(all)
}
