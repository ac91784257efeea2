import Domain

/// The different labels of a file in their order, and the number of each text.
///
/// Labels are numbers when all of them are decimal numbers without leading zeros: `3` and `3.0`
/// are then one label, sorted by value. Otherwise they are texts, sorted by code points.
struct Labels {
    /// How many labels a report can hold.
    static let max = 1000

    /// As shown: integral numbers without a fraction.
    let names: [String]
    private let numbers: [String: Int]

    init(_ texts: Set<String>) {
        let values = texts.map { text in (text: text, value: Self.number(text)) }
        guard values.allSatisfy({ $0.value != nil }) else {
            let sorted = texts.sorted {
                $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
            }
            names = sorted
            numbers = Dictionary(uniqueKeysWithValues: zip(sorted, 0...))
            return
        }
        let distinct = Set(values.compactMap(\.value)).sorted()
        names = distinct.map(Self.name)
        let order = Dictionary(uniqueKeysWithValues: zip(distinct, 0...))
        var numbers: [String: Int] = [:]
        for (text, value) in values {
            if let value { numbers[text] = order[value] }
        }
        self.numbers = numbers
    }

    /// The number of the label that `text` writes; nil when it is none of them.
    func number(of text: String) -> Int? {
        numbers[text] ?? Self.number(text).flatMap { names.firstIndex(of: Self.name($0)) }
    }

    /// Integers beyond 2^53 stay texts, because two of them could be one Double.
    private static func number(_ text: String) -> Double? {
        guard !hasLeadingZero(text), let value = finiteNumber(text), abs(value) <= 0x1p53 else {
            return nil
        }
        return value == 0 ? 0 : value
    }

    private static func name(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? value.description
    }
}
