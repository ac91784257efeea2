/// What is known of a value that was written.
struct WrittenValue {
    /// Of numbers; of days and moments the seconds since 1970.
    var number = 0.0
    /// The text is of the column's own type, and of a number the value is exact: nothing needs
    /// another look.
    var isPlain = true
}

extension CellWriter {
    /// Writes a value of 64 bits or less.
    @inline(__always)
    mutating func write(word: UInt64, _ form: ValueForm) -> WrittenValue {
        switch form {
        case .integer:
            let value = Int64(bitPattern: word)
            write(value)
            return WrittenValue(number: Double(value), isPlain: value.magnitude <= 1 << 53)
        case .double:
            let value = Double(bitPattern: word)
            write(value)
            return WrittenValue(number: value, isPlain: value.isFinite)
        default: return writeRest(word, form)
        }
    }

    private mutating func writeRest(_ word: UInt64, _ form: ValueForm) -> WrittenValue {
        switch form {
        case .unsigned(let bits):
            let value = bits == 32 ? word & 0xFFFF_FFFF : word
            write(value, digitsMin: 1)
            return WrittenValue(number: Double(value), isPlain: value <= 1 << 53)
        case .float:
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: word))
            write(value)
            return WrittenValue(number: Double(value), isPlain: value.isFinite)
        case .boolean:
            if word & 1 == 1 { write("true") } else { write("false") }
        case .date:
            let day = Int64(bitPattern: word)
            return WrittenValue(number: Double(day) * 86_400, isPlain: write(day: day))
        case .time(let unit): write(time: Int64(bitPattern: word), unit)
        case .timestamp(let unit, let isUTC):
            let value = Int64(bitPattern: word)
            let (seconds, rest) = floorDivide(value, unit.perSecond)
            let number = Double(seconds) + Double(rest) / Double(unit.perSecond)
            return WrittenValue(
                number: number, isPlain: write(seconds: seconds, rest, unit, isUTC: isUTC))
        case .decimal(let scale): write(decimal: Int64(bitPattern: word), scale)
        case .nothing, .integer, .double, .half, .julian, .text, .bytes, .uuid, .hexadecimal:
            write(Int64(bitPattern: word))
        }
        return WrittenValue()
    }

    /// Writes a value of some bytes.
    @inline(__always)
    mutating func write(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ form: ValueForm
    ) -> WrittenValue {
        if form == .text || form == .bytes {
            write(bytes, range)
            return WrittenValue()
        }
        return writeRest(bytes, range, form)
    }

    private mutating func writeRest(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ form: ValueForm
    ) -> WrittenValue {
        switch form {
        case .half where range.count == 2:
            let bits = UInt16(bytes[range.lowerBound]) | UInt16(bytes[range.lowerBound + 1]) << 8
            let value = Float16(bitPattern: bits)
            if value.isFinite { write(value.description.utf8) } else { write(Float(value)) }
            return WrittenValue(number: Double(value), isPlain: value.isFinite)
        case .julian where range.count == 12:
            return write(julian: bytes, at: range.lowerBound)
        case .decimal(let scale): write(decimal: bytes, range, scale)
        case .uuid where range.count == 16:
            for index in range {
                let place = index - range.lowerBound
                if [4, 6, 8, 10].contains(place) { write(byte: UInt8(ascii: "-")) }
                write(hexadecimal: bytes[index])
            }
        default:
            for index in range { write(hexadecimal: bytes[index]) }
        }
        return WrittenValue()
    }

    private mutating func write(hexadecimal byte: UInt8) {
        func digit(_ value: UInt8) -> UInt8 {
            value < 10 ? value + UInt8(ascii: "0") : value - 10 + UInt8(ascii: "a")
        }
        write(byte: digit(byte >> 4))
        write(byte: digit(byte & 15))
    }

    // MARK: Decimals

    private mutating func write(decimal value: Int64, _ scale: Int) {
        if value < 0 { write(byte: UInt8(ascii: "-")) }
        let start = count
        write(value.magnitude, digitsMin: scale + 1)
        point(before: scale, from: start)
    }

    /// Of a number in two's complement, the highest byte first.
    private mutating func write(decimal bytes: Span<UInt8>, _ range: Range<Int>, _ scale: Int) {
        let isNegative = !range.isEmpty && bytes[range.lowerBound] >= 0x80
        var limbs: [UInt32] = []
        var index = range.upperBound
        var carry: UInt64 = isNegative ? 1 : 0
        // Because the time for more digits grows as their square.
        let first = max(range.lowerBound, range.upperBound - 64)
        while index > first {
            var limb: UInt64 = 0
            for place in 0..<4 {
                index -= 1
                let byte = index >= first ? bytes[index] : isNegative ? 0xFF : 0
                limb |= UInt64(isNegative ? ~byte : byte) << UInt64(8 * place)
            }
            let sum = limb + carry
            limbs.append(UInt32(truncatingIfNeeded: sum))
            carry = sum >> 32
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
        if isNegative { write(byte: UInt8(ascii: "-")) }
        let start = count
        var groups: [UInt64] = []
        while let last = limbs.last {
            if last == 0 {
                limbs.removeLast()
            } else {
                groups.append(remainder(&limbs, 1_000_000_000))
            }
        }
        if groups.isEmpty { groups = [0] }
        // Nine digits each; zeros in front where the scale needs them.
        let digitsMin = scale + 1 - 9 * (groups.count - 1)
        write(groups.removeLast(), digitsMin: max(1, digitsMin))
        for group in groups.reversed() { write(group, digitsMin: 9) }
        point(before: scale, from: start)
    }

    /// Divides a number of 32-bit parts, the lowest first.
    private func remainder(_ limbs: inout [UInt32], _ divisor: UInt64) -> UInt64 {
        var rest: UInt64 = 0
        for index in limbs.indices.reversed() {
            let value = rest << 32 | UInt64(limbs[index])
            limbs[index] = UInt32(value / divisor)
            rest = value % divisor
        }
        return rest
    }
}
