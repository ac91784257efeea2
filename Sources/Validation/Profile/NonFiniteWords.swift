/// How numbers that are none are written: `NaN`, `inf`, `-Infinity`, in any case.
///
/// They are no lexical form of a number, so each is a cell of the wrong type too; a column that
/// tolerates those still shows how many of them there are.
enum NonFiniteWords {
    private static let lengthMax = 9

    /// The number that a text means; nil: it means none of them.
    static func value(_ text: [UInt8]) -> Double? {
        guard text.count <= lengthMax else { return nil }
        var word = text.map { (65...90).contains($0) ? $0 | 32 : $0 }
        let isNegative = word.first == UInt8(ascii: "-")
        if isNegative || word.first == UInt8(ascii: "+") { word.removeFirst() }
        switch String(decoding: word, as: UTF8.self) {
        case "nan": return .nan
        case "inf", "infinity": return isNegative ? -.infinity : .infinity
        default: return nil
        }
    }

    /// Whether a cell of so many bytes can be one.
    static func mayBe(_ length: Int) -> Bool { (3...lengthMax).contains(length) }
}
