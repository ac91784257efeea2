/// A regular expression as a finite automaton: one table look-up for each byte of a cell.
///
/// It decides cells of printable ASCII characters only. Other cells are left to the library's
/// engine, whose classes know all of Unicode and all kinds of line ends.
struct CellAutomaton: Sendable {
    enum Answer { case matches, fails, unknown }

    private static let alphabet = 95
    /// More places or states are not worth their memory.
    private static let placesMax = 4_000
    private static let statesMax = 1_000

    /// The next state for each state and letter; state 0 accepts nothing any more.
    private let table: [UInt16]
    private let accepts: [Bool]

    /// nil: the expression has a part that an automaton cannot have, or it becomes too large.
    init?(_ pattern: String) {
        guard let tree = PatternParser.parse(pattern) else { return nil }
        var net = Net()
        guard let start = net.add(tree, then: Net.end) else { return nil }
        var numbers: [[Int]: Int] = [[]: 0]
        var states: [[Int]] = [[]]
        func number(_ places: Set<Int>) -> Int {
            let sorted = places.sorted()
            if let known = numbers[sorted] { return known }
            numbers[sorted] = states.count
            states.append(sorted)
            return states.count - 1
        }
        _ = number(net.closure([start]))
        var table: [UInt16] = []
        var state = 0
        while state < states.count {
            for letter in 0..<Self.alphabet {
                let next = states[state].compactMap { net.step($0, letter) }
                table.append(UInt16(number(net.closure(next))))
                guard states.count <= Self.statesMax else { return nil }
            }
            state += 1
        }
        self.table = table
        accepts = states.map { $0.contains(Net.end) }
    }

    /// Whether the whole cell matches.
    @inline(__always)
    func matches(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Answer {
        guard length <= CellPattern.cellBytesMax else { return .unknown }
        var state = 1
        for index in 0..<length {
            // In bounds: inside the cell.
            let letter = Int(unsafe bytes[index] &- 0x20)
            guard letter < Self.alphabet else { return .unknown }
            state = Int(table[state &* Self.alphabet &+ letter])
        }
        return accepts[state] ? .matches : .fails
    }

    /// Places between letters, after Thompson (1968).
    private struct Net {
        static let end = 0

        private enum Place {
            case end
            case letters(PatternParser.Letters, next: Int)
            case split([Int])
        }

        private var places: [Place] = [.end]

        /// Adds an expression behind which `next` follows; returns where it begins.
        mutating func add(_ node: PatternParser.Node, then next: Int) -> Int? {
            guard places.count < placesMax else { return nil }
            switch node {
            case .letters(let letters): return put(.letters(letters, next: next))
            case .sequence(let parts):
                var start = next
                for part in parts.reversed() {
                    guard let found = add(part, then: start) else { return nil }
                    start = found
                }
                return start
            case .choice(let sides):
                var starts: [Int] = []
                for side in sides {
                    guard let found = add(side, then: next) else { return nil }
                    starts.append(found)
                }
                return put(.split(starts))
            case .times(let node, let least, let most):
                return add(node, least: least, most: most, then: next)
            }
        }

        private mutating func add(
            _ node: PatternParser.Node, least: Int, most: Int?, then next: Int
        ) -> Int? {
            var start = next
            if let most {
                for _ in least..<most {
                    guard let found = add(node, then: start) else { return nil }
                    start = put(.split([found, next]))
                }
            } else {
                let loop = put(.split([next]))
                guard let found = add(node, then: loop) else { return nil }
                places[loop] = .split([found, next])
                start = loop
            }
            for _ in 0..<least {
                guard let found = add(node, then: start) else { return nil }
                start = found
            }
            return start
        }

        private mutating func put(_ place: Place) -> Int {
            places.append(place)
            return places.count - 1
        }

        /// All places that are reached without a letter, without the splits themselves.
        func closure(_ starts: [Int]) -> Set<Int> {
            var found: Set<Int> = []
            var seen: Set<Int> = []
            var left = starts
            while let place = left.popLast() {
                guard seen.insert(place).inserted else { continue }
                if case .split(let nexts) = places[place] {
                    left += nexts
                } else {
                    found.insert(place)
                }
            }
            return found
        }

        func step(_ place: Int, _ letter: Int) -> Int? {
            guard case .letters(let letters, let next) = places[place] else { return nil }
            return letters >> PatternParser.Letters(letter) & 1 == 1 ? next : nil
        }
    }
}
