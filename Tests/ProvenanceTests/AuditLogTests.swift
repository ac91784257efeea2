import Domain
import Testing

@testable import Provenance

/// Lines in the form of the notes, chained from the one after `unchained`.
private func chain(_ count: Int, unchained: Int = 1) -> [AuditLine] {
    var lines: [AuditLine] = []
    for sequence in 1...count {
        let previous = sequence > unchained ? lines.last?.digest : nil
        lines.append(line(sequence, "", previous))
    }
    return lines
}

private func line(_ sequence: Int, _ salt: String, _ previous: Digest?) -> AuditLine {
    let named = previous.map { #","previous":"\#($0)""# } ?? ""
    let text = #"{"at":1\#(salt),"model":"m"\#(named),"sequence":\#(sequence)}"#
    return AuditLine(sequence: sequence, bytes: Array(text.utf8), previous: previous)
}

struct AuditLogTests {
    @Test func `a whole chain has its head, in any order and with repetitions`() {
        let lines = chain(50)
        let expected = AuditLog.Finding.whole(
            count: 50, head: .init(sequence: 50, digest: lines[49].digest), unnamed: 0)
        #expect(AuditLog(lines).check() == expected)
        #expect(AuditLog(lines.shuffled() + lines.shuffled()).check() == expected)
        #expect(AuditLog([]).check() == .whole(count: 0, head: nil, unnamed: 0))
    }

    @Test func `records from before the chain are a prefix, and said`() {
        let lines = chain(9, unchained: 4)
        guard case .whole(9, _, 3) = AuditLog(lines).check() else {
            Issue.record("\(AuditLog(lines).check())")
            return
        }
        guard case .whole(3, _, 2) = AuditLog(chain(3, unchained: 3)).check() else {
            Issue.record("a log without any chain is a prefix alone")
            return
        }
        #expect("\(AuditLog(lines).check())".contains("; the first 3 were written before"))
    }

    @Test(arguments: 1...9)
    func `a record that is taken out is missed`(_ sequence: Int) {
        var lines = chain(10)
        lines.remove(at: sequence - 1)
        let expected: AuditLog.Break =
            sequence == 1 ? .startsLate(first: 2) : .missing(sequence...sequence)
        #expect(AuditLog(lines).check() == .broken(expected))
    }

    @Test(arguments: 1...9)
    func `a record that is altered is found`(_ sequence: Int) {
        var lines = chain(10)
        lines[sequence - 1] = line(sequence, "0", lines[sequence - 1].previous)
        #expect(AuditLog(lines).check() == .broken(.altered(sequence: sequence)))
    }

    @Test(arguments: 1...10)
    func `two records with one number are a conflict`(_ sequence: Int) {
        var lines = chain(10)
        lines.append(line(sequence, "0", lines[sequence - 1].previous))
        #expect(AuditLog(lines).check() == .broken(.conflict(sequence: sequence)))
    }

    @Test func `a gap of several is named as one`() {
        var lines = chain(10)
        lines.removeSubrange(3..<6)
        #expect(AuditLog(lines).check() == .broken(.missing(4...6)))
    }

    @Test func `a later record must be linked`() {
        var lines = chain(4)
        lines.append(line(5, "", nil))
        #expect(AuditLog(lines).check() == .broken(.unlinked(sequence: 5)))
    }

    @Test func `a first record that names another is no beginning`() {
        let lines = [line(1, "", Scenario.digest(1))]
        #expect(AuditLog(lines).check() == .broken(.startsLate(first: 1)))
    }

    @Test func `who remembers a head notices a cut and a new history`() {
        let lines = chain(10)
        let head = AuditLog.Head(sequence: 10, digest: lines[9].digest)
        #expect(
            AuditLog(lines.dropLast(2)).check(remembered: head)
                == .broken(.cutOff(last: 8, remembered: 10)))
        #expect(AuditLog([]).check(remembered: head) == .broken(.cutOff(last: 0, remembered: 10)))
        #expect(
            AuditLog(chain(12, unchained: 2)).check(remembered: head)
                == .broken(.altered(sequence: 10)))
        let early = AuditLog.Head(sequence: 4, digest: lines[3].digest)
        guard case .whole = AuditLog(lines).check(remembered: early) else {
            Issue.record("an earlier head of the same chain is part of it")
            return
        }
    }

    @Test func `any change of any line in the middle is found`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(state: seed)
        for _ in 0..<200 {
            var lines = chain(20, unchained: Int.random(in: 1...3, using: &dice))
            let index = Int.random(in: 0..<19, using: &dice)
            switch Int.random(in: 0..<3, using: &dice) {
            case 0: lines.remove(at: index)
            case 1: lines[index] = line(index + 1, "7", lines[index].previous)
            default: lines[index] = line(index + 1, "", Scenario.digest(5))
            }
            let finding = AuditLog(lines.shuffled(using: &dice)).check()
            let isInPrefix = index < 2
            guard case .broken = finding else {
                #expect(isInPrefix, "seed \(seed), line \(index): \(finding)")
                continue
            }
        }
    }

    @Test func `a line is read as it stands`() throws {
        let text = #"{"sequence":7,"previous":"\#(Scenario.digest(3))","later":[1]}"#
        let line = try AuditLine(parsing: Array(text.utf8))
        #expect(line.sequence == 7)
        #expect(line.previous == Scenario.digest(3))
        #expect(line.digest == sha256(Array(text.utf8)))
    }

    @Test(arguments: [
        "", "{}", "[1]", #"{"sequence":0}"#, #"{"sequence":-1}"#, #"{"sequence":"1"}"#,
        #"{"sequence":1,"previous":"zz"}"#, #"{"sequence":1"#,
    ])
    func `what is not a record is refused`(_ text: String) {
        #expect(throws: ProvenanceError.self) { try AuditLine(parsing: Array(text.utf8)) }
    }

    @Test func `every break has a sentence of its own`() {
        let breaks: [AuditLog.Break] = [
            .startsLate(first: 1), .startsLate(first: 2), .missing(2...2), .missing(2...4),
            .altered(sequence: 2), .conflict(sequence: 2), .unlinked(sequence: 2),
            .cutOff(last: 1, remembered: 2),
        ]
        #expect(Set(breaks.map(\.description)).count == breaks.count)
    }
}

/// SplitMix64.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
