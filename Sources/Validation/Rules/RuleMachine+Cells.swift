import Domain

extension RuleMachine {
    /// Takes the numbers of a column.
    mutating func loadNumbers(_ place: Int?, _ lane: Int) {
        guard let place else { return missing(lane) }
        for row in 0..<rows {
            let index = lane * rows + row
            switch batch.state(row, place) {
            case .valid: hold(batch.number(row, place), index)
            case .missing: flags[index] = Truth.unknown
            case .wrong: isInvalid(row, index)
            }
        }
    }

    private mutating func hold(_ number: Double, _ index: Int) {
        set(number, index)
        flags[index] = Truth.no
    }

    /// No record has the column.
    private mutating func missing(_ lane: Int) {
        for row in 0..<rows { flags[lane * rows + row] = Truth.unknown }
    }

    private mutating func isInvalid(_ row: Int, _ index: Int) {
        flags[index] = Truth.unknown
        invalid[row] = true
    }

    mutating func loadTexts(_ place: Int?, _ lane: Int) {
        guard let place else { return missing(lane) }
        for row in 0..<rows {
            let index = lane * rows + row
            switch batch.state(row, place) {
            case .valid:
                let cell = batch.cell(row, place)
                flags[index] = Truth.no
                if cell.isEscaped {
                    let start = room.count
                    room += batch.text(row, place, quote: quote)
                    texts[index] = roomText(from: start)
                } else {
                    texts[index] = Text(
                        start: UInt32(cell.start), length: UInt32(cell.length), isInRoom: false)
                }
            case .missing: flags[index] = Truth.unknown
            case .wrong: isInvalid(row, index)
            }
        }
    }

    /// The last text of the room.
    func roomText(from start: Int) -> Text {
        Text(start: UInt32(start), length: UInt32(room.count - start), isInRoom: true)
    }

    mutating func loadFlags(_ place: Int?, _ lane: Int) {
        load(place, lane) { machine, bytes, cell, index in
            let isTrue = bytes[cell.start] | 0x20 == UInt8(ascii: "t")
            machine.flags[index] = isTrue ? Truth.yes : Truth.no
            return true
        }
    }

    mutating func loadDays(_ place: Int?, _ lane: Int) {
        load(place, lane) { machine, bytes, cell, index in
            let day = cell.start..<cell.start + Swift.min(10, cell.length)
            guard let value = dateValue(bytes, day) else { return false }
            machine.set(Double(value), index)
            machine.flags[index] = Truth.no
            return true
        }
    }

    mutating func loadMoments(_ place: Int?, _ lane: Int) {
        load(place, lane) { machine, bytes, cell, index in
            guard let value = momentValue(bytes, cell.range) else { return false }
            machine.set(value, index)
            machine.flags[index] = Truth.no
            return true
        }
    }

    /// Takes each valid cell; `take` says whether it could.
    @inline(__always)
    private mutating func load(
        _ place: Int?, _ lane: Int,
        take: (inout RuleMachine, Span<UInt8>, PackedCell, Int) -> Bool
    ) {
        guard let place else { return missing(lane) }
        for row in 0..<rows {
            let index = lane * rows + row
            switch batch.state(row, place) {
            case .valid:
                let cell = batch.cell(row, place)
                if !batch.withBytes({ take(&self, $0, cell, index) }) { isInvalid(row, index) }
            case .missing: flags[index] = Truth.unknown
            case .wrong: isInvalid(row, index)
            }
        }
    }
}
