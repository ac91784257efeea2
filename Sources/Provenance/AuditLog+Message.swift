import Domain

extension AuditLog.Break: CustomStringConvertible {
    package var description: String {
        switch self {
        case .startsLate(1): "record 1 names a record before it, which is not there"
        case .startsLate(let first):
            "the log begins with record \(first): the ones before it are gone"
        case .missing(let gone) where gone.count == 1: "record \(gone.lowerBound) is missing"
        case .missing(let gone): "records \(gone.lowerBound) to \(gone.upperBound) are missing"
        case .altered(let sequence):
            "record \(sequence) is not the one that was there when the next one was written"
        case .conflict(let sequence): "two different records have the number \(sequence)"
        case .unlinked(let sequence):
            "record \(sequence) does not name the one before it, which every later record must"
        case .cutOff(let last, let remembered):
            "the log ends with record \(last), and it had a record \(remembered) before"
        }
    }

    /// How to find out what was there.
    package var hint: String {
        "compare with another clone: git log -p refs/notes/slipway"
    }
}

extension AuditLog.Finding: CustomStringConvertible {
    package var description: String {
        switch self {
        case .broken(let broken): return broken.description
        case .whole(let count, let head, let unnamed):
            guard let head else { return "the log has no records" }
            let records = count == 1 ? "1 record" : "\(count) records"
            let early =
                unnamed == 0
                ? "" : "; the first \(unnamed) were written before records were chained"
            return "the log is whole: \(records), head \(head.digest.short)\(early)"
        }
    }
}
