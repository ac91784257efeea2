/// Reads the codes of one scan, bit by bit.
struct JPEGReader {
    private let bytes: ImageBytes
    private let tables: JPEGTables
    private let restartInterval: Int
    /// Behind the last byte that was taken; at a marker, where it begins.
    private(set) var position: Int
    private var word: UInt64 = 0
    private var bits = 0
    private var runOfEnds = 0

    init(_ bytes: ImageBytes, from start: Int, _ tables: JPEGTables, restartInterval: Int) {
        self.bytes = bytes
        self.tables = tables
        self.restartInterval = restartInterval
        position = start
    }

    mutating func read(_ scan: JPEGScan, _ frame: inout JPEGFrame) throws(ImageFault) {
        let isAlone = scan.components.count == 1
        let first = frame.components[scan.components[0].index]
        let columns = isAlone ? first.columns : frame.unitColumns
        let rows = isAlone ? first.rows : frame.unitRows
        var (left, restart) = (restartInterval, 0)
        for unit in 0..<columns * rows {
            if restartInterval > 0, left == 0 {
                try readRestart(restart)
                (left, restart) = (restartInterval, (restart + 1) & 7)
            }
            left -= 1
            if isAlone {
                try readBlock(unit, scan.components[0], scan, &frame)
                continue
            }
            for component in scan.components {
                let size = frame.components[component.index]
                // Interleaved scans of progressive pictures have no coefficients but the first.
                for _ in 0..<size.across * size.down { try readBlock(0, component, scan, &frame) }
            }
        }
    }

    private mutating func readRestart(_ number: Int) throws(ImageFault) {
        (word, bits, runOfEnds) = (0, 0, 0)
        while try bytes.byte(position) != 0xFF { position += 1 }
        while try bytes.byte(position) == 0xFF { position += 1 }
        guard try bytes.byte(position) == 0xD0 + number else {
            throw ImageFault(reason: "restart marker \(number) is missing", offset: position)
        }
        position += 1
    }

    // MARK: Blocks

    private mutating func readBlock(
        _ block: Int, _ component: JPEGScan.Component, _ scan: JPEGScan, _ frame: inout JPEGFrame
    ) throws(ImageFault) {
        guard frame.isProgressive else { return try readWhole(component) }
        if scan.first == 0 {
            if scan.isRefining {
                _ = try take(1)
            } else {
                try skip(try symbol(tables.dc[component.dcTable]) & 15)
            }
            return
        }
        var nonzero = frame.components[component.index].nonzero[block]
        if scan.isRefining {
            try refine(&nonzero, component, scan)
        } else {
            try readSome(&nonzero, component, scan)
        }
        frame.components[component.index].nonzero[block] = nonzero
    }

    /// A block of a picture that is not progressive.
    private mutating func readWhole(_ component: JPEGScan.Component) throws(ImageFault) {
        try skip(try symbol(tables.dc[component.dcTable]) & 15)
        let table = tables.ac[component.acTable]
        var place = 1
        while place < 64 {
            let code = try symbol(table)
            let (run, size) = (code >> 4, code & 15)
            if size == 0 {
                guard run == 15 else { return }
                place += 16
                continue
            }
            place += run
            guard place < 64 else { throw damaged }
            try skip(size)
            place += 1
        }
    }

    private mutating func readSome(
        _ nonzero: inout UInt64, _ component: JPEGScan.Component, _ scan: JPEGScan
    ) throws(ImageFault) {
        guard runOfEnds == 0 else {
            runOfEnds -= 1
            return
        }
        let table = tables.ac[component.acTable]
        var place = scan.first
        while place <= scan.last {
            let code = try symbol(table)
            let (run, size) = (code >> 4, code & 15)
            if size == 0 {
                if run < 15 {
                    runOfEnds = (1 << run) - 1 + (try take(run))
                    return
                }
                place += 16
                continue
            }
            place += run
            guard place <= scan.last else { throw damaged }
            try skip(size)
            nonzero |= 1 << UInt64(place)
            place += 1
        }
    }

    /// One more bit of coefficients that are known, and coefficients that were zero so far.
    private mutating func refine(
        _ nonzero: inout UInt64, _ component: JPEGScan.Component, _ scan: JPEGScan
    ) throws(ImageFault) {
        var place = scan.first
        if runOfEnds == 0 {
            let table = tables.ac[component.acTable]
            while place <= scan.last {
                let code = try symbol(table)
                var run = code >> 4
                if code & 15 != 0 {
                    try skip(1)
                } else if run != 15 {
                    runOfEnds = 1 << run + (try take(run))
                    break
                }
                while place <= scan.last {
                    if nonzero >> UInt64(place) & 1 == 1 {
                        try skip(1)
                    } else {
                        if run == 0 { break }
                        run -= 1
                    }
                    place += 1
                }
                if code & 15 != 0 {
                    guard place <= scan.last else { throw damaged }
                    nonzero |= 1 << UInt64(place)
                }
                place += 1
            }
        }
        guard runOfEnds > 0 else { return }
        while place <= scan.last {
            if nonzero >> UInt64(place) & 1 == 1 { try skip(1) }
            place += 1
        }
        runOfEnds -= 1
    }

    // MARK: Bits

    private var damaged: ImageFault {
        ImageFault(reason: "the codes of the pixels are damaged", offset: position)
    }

    /// Takes bytes while there is room; at a marker or the end there are no more.
    private mutating func fill() {
        let all = bytes.all
        while bits <= 48, position < all.count {
            let byte = all[position]
            if byte == 0xFF {
                guard position + 1 < all.count, all[position + 1] == 0 else { return }
                position += 1
            }
            position += 1
            word = word << 8 | UInt64(byte)
            bits += 8
        }
    }

    private mutating func take(_ count: Int) throws(ImageFault) -> Int {
        guard count > 0 else { return 0 }
        if bits < count { fill() }
        guard bits >= count else { throw early }
        bits -= count
        return Int(truncatingIfNeeded: word >> UInt64(bits)) & ((1 << count) - 1)
    }

    private mutating func skip(_ count: Int) throws(ImageFault) {
        if bits < count { fill() }
        guard bits >= count else { throw early }
        bits -= count
    }

    private mutating func symbol(_ table: JPEGCodes?) throws(ImageFault) -> Int {
        guard let table else {
            throw ImageFault(reason: "a table of codes is missing", offset: position)
        }
        if bits < 16 { fill() }
        // Zeros stand for what is not there, as long as the code itself is.
        let window =
            bits >= 16
            ? Int(truncatingIfNeeded: word >> UInt64(bits - 16)) & 0xFFFF
            : Int(truncatingIfNeeded: word << UInt64(16 - bits)) & 0xFFFF
        let found = Int(table.found(window))
        let length = found >> 8
        guard length > 0 else { throw bits < 16 ? early : damaged }
        guard length <= bits else { throw early }
        bits -= length
        return found & 255
    }

    private var early: ImageFault {
        ImageFault(
            reason: "the pixels end early", offset: min(position, bytes.count))
    }
}

/// The tables that segments before a scan have set.
struct JPEGTables {
    private(set) var dc = [JPEGCodes?](repeating: nil, count: 4)
    private(set) var ac = [JPEGCodes?](repeating: nil, count: 4)

    mutating func readCodes(_ bytes: ImageBytes, _ body: Range<Int>) throws(ImageFault) {
        var at = body.lowerBound
        while at < body.upperBound {
            let kind = try bytes.byte(at)
            guard kind & 0xEC == 0, body.upperBound - at >= 17 else {
                throw ImageFault(reason: "a table of codes is damaged", offset: at)
            }
            var counts: [Int] = []
            for index in 0..<16 { counts.append(try bytes.byte(at + 1 + index)) }
            let count = counts.reduce(0, +)
            guard count <= 256, count <= body.upperBound - at - 17,
                let codes = JPEGCodes(counts, bytes.all[at + 17..<at + 17 + count])
            else { throw ImageFault(reason: "a table of codes is damaged", offset: at) }
            if kind < 16 { dc[kind & 3] = codes } else { ac[kind & 3] = codes }
            at += 17 + count
        }
    }

    /// Whether the factors are all there; they are not used.
    func readQuantities(_ bytes: ImageBytes, _ body: Range<Int>) throws(ImageFault) {
        var at = body.lowerBound
        while at < body.upperBound { at += try bytes.byte(at) >= 16 ? 129 : 65 }
        guard at == body.upperBound else {
            throw ImageFault(reason: "a table of factors is damaged", offset: body.lowerBound)
        }
    }
}

/// Codes of up to 16 bits, of which those with the same length follow each other.
struct JPEGCodes {
    /// By the next nine bits: the length of the code and what it says; 0: it is longer.
    private var short = [UInt16](repeating: 0, count: 512)
    /// Of longer codes by length: the first code behind the last one, and what to add for its
    /// place.
    private var ends = [Int](repeating: 0, count: 17)
    private var shifts = [Int](repeating: 0, count: 17)
    private let symbols: [UInt8]

    /// nil: there are more codes than can be.
    init?(_ counts: [Int], _ symbols: ArraySlice<UInt8>) {
        self.symbols = Array(symbols)
        var (code, place) = (0, 0)
        for length in 1...16 {
            let count = counts[length - 1]
            guard code + count <= 1 << length else { return nil }
            shifts[length] = place - code
            if length <= 9 {
                for index in 0..<count {
                    let entry = UInt16(length << 8 | Int(self.symbols[place + index]))
                    let first = (code + index) << (9 - length)
                    for slot in first..<first + 1 << (9 - length) { short[slot] = entry }
                }
            }
            code += count
            place += count
            ends[length] = count == 0 ? 0 : code
            code <<= 1
        }
    }

    /// The length of the code that 16 bits begin with, times 256, and what it says; 0: there is
    /// none.
    @inline(__always)
    func found(_ window: Int) -> UInt16 {
        let entry = short[window >> 7]
        if entry != 0 { return entry }
        for length in 10...16 {
            let code = window >> (16 - length)
            if code < ends[length] {
                let place = code + shifts[length]
                guard symbols.indices.contains(place) else { return 0 }
                return UInt16(length << 8 | Int(symbols[place]))
            }
        }
        return 0
    }
}
