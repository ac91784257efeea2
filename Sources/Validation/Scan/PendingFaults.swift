/// Faults of a record that may still be given up.
///
/// A record can have a fault for every other byte, so beyond the first of a kind they are counted.
struct PendingFaults {
    static let keptMax = 64

    private var kept: [ScanFault] = []
    /// Faults that are not kept, and the first of each kind that is not.
    private var more: [(fault: ScanFault, times: Int)] = []
    private var returns = 0
    private var quotes = 0

    @inline(__always)
    var isEmpty: Bool { kept.isEmpty }

    mutating func add(_ fault: ScanFault) {
        let number: Int
        switch fault.kind {
        case .strayCarriageReturn:
            returns += 1
            number = returns
        case .strayQuote:
            quotes += 1
            number = quotes
        default: number = 1
        }
        if number <= Self.keptMax { return kept.append(fault) }
        if let index = more.firstIndex(where: { $0.fault.kind == fault.kind }) {
            more[index].times += 1
        } else {
            more.append((fault, 1))
        }
    }

    @inline(__always)
    mutating func clear() {
        if !kept.isEmpty { self = PendingFaults() }
    }

    /// Gives all of them on.
    mutating func leave(to taker: inout some RecordTaker) {
        for fault in kept { taker.fault(fault) }
        for (fault, times) in more { taker.fault(fault, times: times) }
        clear()
    }
}
