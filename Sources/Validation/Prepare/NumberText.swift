import Domain

/// How numbers are written where they come from.
struct NumberText: Sendable {
    var point = UInt8(ascii: ".")
    var thousands: UInt8?

    /// The number as JSON has it, without losing a digit; nil: it is none.
    ///
    /// Spaces around it, a plus sign and needless zeros in front go; groups must have three digits.
    /// - Parameter isWhole: it must be an integer of 64 bits; a fraction of zeros goes.
    func canonical(_ text: ArraySlice<UInt8>, isWhole: Bool) -> [UInt8]? {
        let space = UInt8(ascii: " ")
        var rest = text.drop { $0 == space || $0 == 9 }
        while let last = rest.last, last == space || last == 9 { rest = rest.dropLast() }
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        guard var whole = wholeDigits(&rest) else { return nil }
        var fraction: [UInt8] = []
        var hasPoint = false
        if rest.first == point {
            hasPoint = true
            rest = rest.dropFirst()
            fraction = Array(rest.prefix { isDigit($0) })
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        // Only an exponent may follow: another point is no part of a number, and one that is not
        // the decimal point would change it.
        if let next = rest.first, next | 0x20 != UInt8(ascii: "e") { return nil }
        whole = Array(whole.drop { $0 == UInt8(ascii: "0") })
        if whole.isEmpty { whole = [UInt8(ascii: "0")] }
        if isWhole {
            guard rest.isEmpty, fraction.allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
            let sign = isNegative && whole != [UInt8(ascii: "0")] ? [UInt8(ascii: "-")] : []
            let found = sign + whole
            return integerValue(found.span, found.indices) == nil ? nil : found
        }
        var found = isNegative ? [UInt8(ascii: "-")] + whole : whole
        if hasPoint, !fraction.isEmpty { found += [UInt8(ascii: ".")] + fraction }
        found += rest
        return numberValue(found.span, found.indices) == nil ? nil : found
    }

    /// The digits before the point, without what stands between groups; nil: groups are wrong.
    private func wholeDigits(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var groups: [Int] = [0]
        var digits: [UInt8] = []
        while let byte = rest.first {
            if isDigit(byte) {
                digits.append(byte)
                groups[groups.count - 1] += 1
            } else if byte == thousands {
                groups.append(0)
            } else {
                break
            }
            rest = rest.dropFirst()
        }
        guard groups.count > 1 else { return digits }
        guard (1...3).contains(groups[0]), groups.dropFirst().allSatisfy({ $0 == 3 }) else {
            return nil
        }
        return digits
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- 48 <= 9 }
}

/// A number that a step has found: the shortest text that gives it back, of whole ones without a
/// point.
func numberText(_ value: Double) -> [UInt8] {
    if value == value.rounded(), value.magnitude < 1e15 { return Array(String(Int64(value)).utf8) }
    return Array(value.description.utf8)
}

extension StepContext {
    /// A step has found something that is no number any more.
    ///
    /// - Parameter what: of the column: `the mean`.
    func beyondNumbers(_ what: String, of column: Int) -> PreparationError {
        wrong(
            "\(what) of column `\(oneLine(columns[column], charactersMax: 60))` cannot be written: "
                + "it is greater than any 64-bit floating-point number",
            hint: "leave out the rows whose numbers are too great, or mend them")
    }
}

/// A number as eight bytes that are ordered as numbers are. Minus zero is zero.
func orderedBytes(_ value: Double) -> [UInt8] {
    let bits = (value + 0).bitPattern
    var bytes: [UInt8] = []
    bytes.append(bigEndian: bits >> 63 == 1 ? ~bits : bits | 1 << 63)
    return bytes
}

/// The number that `orderedBytes` was made of.
func orderedValue(_ bytes: [UInt8]) -> Double {
    let bits = bytes.bigEndian(at: 0)
    return Double(bitPattern: bits >> 63 == 1 ? bits & ~(1 << 63) : ~bits)
}

/// Numbers that are sorted, as exact quantiles need them.
struct SortedNumbers {
    private var sorter: RecordSorter
    var count: Int { sorter.count }

    init(_ sorter: RecordSorter) { self.sorter = sorter }

    mutating func add(_ value: Double) throws(PreparationError) {
        try sorter.add(orderedBytes(value))
    }

    /// The numbers in order; nothing may be added afterwards.
    mutating func sorted() throws(PreparationError) -> SortedRecords { try sorter.sorted() }

    /// Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan
    /// 1996); there must be a number.
    static func quantiles(
        _ shares: [Double], of numbers: SortedRecords, count: Int
    ) throws(PreparationError) -> [Double] {
        var numbers = numbers
        var found = [Double](repeating: 0, count: shares.count)
        let places = shares.map { Double(count - 1) * $0 }
        var rank = 0
        var last = 0.0
        while let record = try numbers.next() {
            let value = orderedValue(record)
            for (index, place) in places.enumerated() {
                let low = Int(place)
                if rank == low { found[index] = value }
                if rank == low + 1 {
                    found[index] = .between(last, value, place - Double(low))
                }
            }
            last = value
            rank += 1
        }
        return found
    }
}
