package import Domain

/// The chain of all decisions of a repository.
///
/// Each record carries in `previous` the SHA-256 of the canonical line of the record with the
/// sequence before it, so that none can be altered, exchanged or taken out unnoticed while a later
/// one stands. The last record is named by nobody: whoever remembers a head notices that too.
package struct AuditLog: Sendable {
    /// The end of a chain as somebody saw it.
    package struct Head: Hashable, Codable, Sendable {
        package var sequence: Int
        package var digest: Digest

        package init(sequence: Int, digest: Digest) {
            self.sequence = sequence
            self.digest = digest
        }
    }

    package enum Break: Hashable, Sendable {
        /// The first record that is there does not begin the chain.
        case startsLate(first: Int)
        /// These records are gone.
        case missing(ClosedRange<Int>)
        /// The record after it names another digest.
        case altered(sequence: Int)
        /// Two different records have this sequence.
        case conflict(sequence: Int)
        /// The record names none before it, though those before it are chained.
        case unlinked(sequence: Int)
        /// The chain ends before a head that was seen earlier.
        case cutOff(last: Int, remembered: Int)
    }

    package enum Finding: Hashable, Sendable {
        /// `unnamed` records at the beginning are named by no later one, because they were written
        /// before records were chained. `head` is nil when there are no records.
        case whole(count: Int, head: Head?, unnamed: Int)
        case broken(Break)
    }

    private let sequences: [Int]
    private let lines: [Int: Set<AuditLine>]

    /// Takes the lines in any order; one that is there twice counts once.
    package init(_ lines: some Sequence<AuditLine>) {
        var found: [Int: Set<AuditLine>] = [:]
        for line in lines { found[line.sequence, default: []].insert(line) }
        self.lines = found
        sequences = found.keys.sorted()
    }

    /// Returns the first break, if any; `remembered` is a head that this chain had before.
    package func check(remembered: Head? = nil) -> Finding {
        if let broken = firstBreak() { return .broken(broken) }
        guard let last = sequences.last else {
            guard let remembered else { return .whole(count: 0, head: nil, unnamed: 0) }
            return .broken(.cutOff(last: 0, remembered: remembered.sequence))
        }
        if let remembered {
            guard remembered.sequence <= last else {
                return .broken(.cutOff(last: last, remembered: remembered.sequence))
            }
            guard line(remembered.sequence)?.digest == remembered.digest else {
                return .broken(.altered(sequence: remembered.sequence))
            }
        }
        let head = line(last).map { Head(sequence: last, digest: $0.digest) }
        let prefix = sequences.prefix { line($0)?.previous == nil }.count
        return .whole(count: sequences.count, head: head, unnamed: max(0, prefix - 1))
    }

    /// The only line with this sequence; nil when there is none, or more than one.
    private func line(_ sequence: Int) -> AuditLine? {
        guard let found = lines[sequence], found.count == 1 else { return nil }
        return found.first
    }

    private func firstBreak() -> Break? {
        guard let first = sequences.first else { return nil }
        guard first == 1 else { return .startsLate(first: first) }
        guard let beginning = line(first) else { return .conflict(sequence: first) }
        guard beginning.previous == nil else { return .startsLate(first: first) }
        var before = beginning
        for sequence in sequences.dropFirst() {
            guard sequence == before.sequence + 1 else {
                return .missing((before.sequence + 1)...(sequence - 1))
            }
            guard let next = line(sequence) else { return .conflict(sequence: sequence) }
            if let named = next.previous {
                guard named == before.digest else { return .altered(sequence: before.sequence) }
            } else if before.previous != nil {
                return .unlinked(sequence: sequence)
            }
            before = next
        }
        return nil
    }
}
