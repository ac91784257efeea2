import Domain

/// `normalise_text`: equal texts are written the same way.
struct TextWork: PreparationWork {
    /// How often form and case are applied until nothing changes; two are enough for all letters
    /// that are known.
    private static let roundsMax = 4

    private let wanted: TextNormalisation
    private let places: [Int]
    private(set) var cellsChanged = 0

    init(_ wanted: TextNormalisation, _ context: StepContext) throws(PreparationError) {
        self.wanted = wanted
        places = try context.places(wanted.columns)
    }

    mutating func take(
        _ row: inout PreparedRow, _ number: Int
    ) throws(PreparationError) -> Bool {
        for place in places {
            let kind = row.cells[place].kind
            guard kind == .text || kind == .string else { continue }
            let before = Array(row.text(place))
            let after = normalised(before)
            guard after != before else { continue }
            row.set(place, after, kind)
            cellsChanged += 1
        }
        return true
    }

    func normalised(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0..<Self.roundsMax {
            let next = cased(formed(text))
            if next == text { break }
            text = next
        }
        return spaced(text)
    }

    private func formed(_ text: [UInt8]) -> [UInt8] {
        guard let form = wanted.form else { return text }
        return UnicodeForms.table.normalised(text, isCompatible: form == .nfkc)
    }

    private func cased(_ text: [UInt8]) -> [UInt8] {
        guard let letterCase = wanted.letterCase else { return text }
        let whole = String(decoding: text, as: UTF8.self)
        return Array((letterCase == .lower ? whole.lowercased() : whole.uppercased()).utf8)
    }

    private func spaced(_ text: [UInt8]) -> [UInt8] {
        guard wanted.trims || wanted.collapsesSpaces else { return text }
        var scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)[...]
        if wanted.trims {
            scalars = scalars.drop { $0.properties.isWhitespace }
            while let last = scalars.last, last.properties.isWhitespace {
                scalars = scalars.dropLast()
            }
        }
        var found = String.UnicodeScalarView()
        var isBehindSpace = false
        for scalar in scalars {
            let isSpace = wanted.collapsesSpaces && scalar.properties.isWhitespace
            if !isSpace { found.append(scalar) } else if !isBehindSpace { found.append(" ") }
            isBehindSpace = isSpace
        }
        return Array(String(found).utf8)
    }
}
