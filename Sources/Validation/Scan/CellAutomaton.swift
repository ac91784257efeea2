import Domain

/// A regular expression as a finite automaton: one table look-up for each byte of a cell.
///
/// It decides cells of printable ASCII characters only; a `PatternWalk` decides the others.
struct CellAutomaton: Sendable {
    enum Answer { case matches, fails, unknown }

    private static let first: UInt8 = 0x20
    private static let alphabet = 95
    /// More states are not worth their memory.
    private static let statesMax = 1_000

    /// The next state for each state and letter; state 0 accepts nothing any more.
    private let table: [UInt16]
    private let accepts: [Bool]

    /// nil: the pattern looks at what is beside a place, or the automaton becomes too large.
    init?(_ net: PatternNet, in room: AutomatonRoom = AutomatonRoom()) {
        var sets = PlaceSets(net, visitsMax: room.visits)
        guard sets.isPlain, room.states > 0 else { return nil }
        // Because what is given up took its time too.
        defer { room.visits -= sets.visits }
        let most = min(Self.statesMax, room.states)
        let letters = Self.kinds(of: net)
        // By number; the first has a number of its own because `^` holds nowhere else.
        var states: [[Int]] = [[], sets.closure([net.start], isStart: true)]
        var numbers: [[Int]: Int] = [[]: 0]
        var table: [UInt16] = []
        var state = 0
        while state < states.count {
            var targets: [Int: UInt16] = [:]
            for kind in Set(letters) {
                let reached = sets.step(states[state], Unicode.Scalar(Self.first + UInt8(kind)))
                guard sets.isInTime else { return nil }
                if numbers[reached] == nil {
                    numbers[reached] = states.count
                    states.append(reached)
                    guard states.count <= most else { return nil }
                }
                targets[kind] = UInt16(numbers[reached] ?? 0)
            }
            for kind in letters { table.append(targets[kind] ?? 0) }
            state += 1
        }
        room.states -= states.count
        self.table = table
        accepts = states.indices.map { sets.accepts(states[$0], isStart: $0 == 1) }
    }

    /// For each letter the first one that belongs to the same classes.
    private static func kinds(of net: PatternNet) -> [Int] {
        var known: [(classes: [Bool], letter: Int)] = []
        return (0..<alphabet).map { letter in
            let scalar = Unicode.Scalar(first + UInt8(letter))
            let classes = net.classes.map { $0.contains(scalar) }
            if let kind = known.first(where: { $0.classes == classes }) { return kind.letter }
            known.append((classes, letter))
            return letter
        }
    }

    /// Whether the whole cell matches.
    @inline(__always)
    func matches(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Answer {
        var state = 1
        for index in 0..<length {
            // In bounds: inside the cell.
            let letter = Int(unsafe bytes[index] &- Self.first)
            guard letter < Self.alphabet else { return .unknown }
            state = Int(table[state &* Self.alphabet &+ letter])
        }
        return accepts[state] ? .matches : .fails
    }
}

/// What the automata of a dataset may take together; the patterns beyond are walked.
///
/// Because a manifest can have thousands of patterns, each of them small.
final class AutomatonRoom {
    fileprivate(set) var states: Int
    fileprivate(set) var visits: Int

    /// By default some 40 MB, and a few seconds.
    init(states: Int = 200_000, visits: Int = 20_000_000) {
        (self.states, self.visits) = (states, visits)
    }
}

/// Sets of places of a net that a text can lead to, each in order.
private struct PlaceSets {
    /// What is looked at for one automaton, at most.
    private static let visitsMax = 2_000_000

    private let net: PatternNet
    private let visitsMax: Int
    private var marks: [Int]
    private var mark = 0
    private(set) var visits = 0

    init(_ net: PatternNet, visitsMax: Int) {
        self.net = net
        self.visitsMax = min(visitsMax, Self.visitsMax)
        marks = [Int](repeating: 0, count: net.places.count)
    }

    var isInTime: Bool { visits <= visitsMax }

    /// Its checks can be decided without knowing the characters beside a place; printable ASCII
    /// has no line ends.
    var isPlain: Bool {
        net.places.allSatisfy { place in
            guard place.kind == .check else { return true }
            return check(place) != .wordEdge && check(place) != .noWordEdge
        }
    }

    private func check(_ place: PatternNet.Place) -> PatternCheck? {
        PatternCheck(rawValue: UInt8(place.other))
    }

    /// All that is reached without a letter: places of letters, the end, and checks for the end of
    /// the text, behind which nothing is reached unless it ends.
    mutating func closure(
        _ starts: [Int], isStart: Bool = false, isEnd: Bool = false
    ) -> [Int] {
        mark += 1
        var found: [Int] = []
        var left = starts
        while let number = left.popLast() {
            guard marks[number] != mark else { continue }
            marks[number] = mark
            visits += 1
            let place = net.places[number]
            switch place.kind {
            case .end, .letter: found.append(number)
            case .split:
                left.append(place.next)
                left.append(place.other)
            case .check:
                let isOfStart = check(place) == .textStart || check(place) == .lineStart
                if isOfStart ? isStart : isEnd { left.append(place.next) }
                if !isOfStart { found.append(number) }
            }
        }
        return found.sorted()
    }

    mutating func step(_ places: [Int], _ scalar: Unicode.Scalar) -> [Int] {
        visits += places.count
        return closure(
            places.compactMap { number in
                let place = net.places[number]
                guard place.kind == .letter, net.classes[place.other].contains(scalar) else {
                    return nil
                }
                return place.next
            })
    }

    mutating func accepts(_ places: [Int], isStart: Bool) -> Bool {
        closure(places, isStart: isStart, isEnd: true).contains(PatternNet.end)
    }
}
