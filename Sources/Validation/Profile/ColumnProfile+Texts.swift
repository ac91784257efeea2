import Domain

/// What people read in place of numbers.
extension ColumnProfile {
    /// The least number, day or moment, with all digits of an integer; nil: there is none.
    package var leastText: String? {
        numbers.map { $0.leastInteger.map(String.init) ?? kind.cellText($0.min) }
    }

    /// The same of the greatest.
    package var greatestText: String? {
        numbers.map { $0.greatestInteger.map(String.init) ?? kind.cellText($0.max) }
    }

    /// One of the figures; nil: there is no number.
    func figureText(_ figure: (NumberSummary) -> Double) -> String? {
        numbers.map { kind.figureText(figure($0)) }
    }
}

extension ColumnProfile.Kind {
    /// What the cells of a column of a type are counted as.
    init(_ type: ColumnDeclaration.Kind) {
        self =
            switch type {
            case .integer, .number: .number
            case .date: .date
            case .datetime: .datetime
            case .string, .boolean, .array, .object, .any: .text
            }
    }

    /// Days or moments.
    package var isTime: Bool { self == .date || self == .datetime }

    /// What the column holds, in a sentence.
    var noun: String {
        switch self {
        case .number: "numbers"
        case .date: "dates"
        case .datetime: "times"
        case .text: "text"
        }
    }

    /// A figure of the column for a sentence: a number with four digits, or the day or the second
    /// that it lies in.
    package func figureText(_ value: Double) -> String {
        isTime ? timeText(value.rounded(.down)) : shortText(value)
    }

    /// A cell of the column: a number, day or moment with all that is known of it.
    package func cellText(_ value: Double) -> String {
        isTime ? timeText(value) : exactText(value)
    }

    private func timeText(_ value: Double) -> String {
        let whole = value.rounded(.down)
        // Because what a profile has of a damaged file may be any number.
        guard let seconds = Int64(exactly: whole), seconds.magnitude < 1 << 40 else {
            return exactText(value)
        }
        var writer = CellWriter(capacity: 32)
        if self == .date {
            _ = writer.write(day: floorDivide(seconds, 86_400).quotient)
        } else {
            // As many digits as the number has.
            let unit: ValueForm.Unit = value.magnitude < 0x1p33 ? .micros : .millis
            let rest = Int64(((value - whole) * Double(unit.perSecond)).rounded())
            let (more, part) = floorDivide(rest, unit.perSecond)
            _ = writer.write(seconds: seconds + more, part, unit, isUTC: true)
        }
        return String(decoding: writer.storage[..<writer.count], as: UTF8.self)
    }
}
