import Domain
import Validation

/// What is said of it in a line or two.
extension Findings {
    /// One line for each file that was not read; of many, the first ones.
    var notReadLines: [String] {
        let shown = notRead.prefix(notRead.count > 6 ? 5 : 6).map {
            "not read: \(oneLine($0.path)) is kept at \(oneLine($0.url))"
        }
        let more = notRead.count - shown.count
        return shown + (more > 0 ? ["not read: \(count(more, "more file")) kept elsewhere"] : [])
    }

    /// What is wrong with the declarations, and data that could not be read.
    var outsideTable: [Diagnostic] { diagnostics.filter { !inTable.contains($0) } }

    var errors: Int { diagnostics.count { $0.severity == .error } }

    /// How many things are wrong, and how often all of them together are found: a rule that many
    /// cells of a column break is one.
    private func counted(_ severity: Diagnostic.Severity) -> String {
        let outside = outsideTable.count { $0.severity == severity }
        let meaning: CheckSeverity = severity == .error ? .fail : .warn
        let broken = data.flatMap(\.violations).filter { $0.severity.checkSeverity == meaning }
        let checks = data.flatMap(\.outcomes).count { $0.severity == meaning }
        let kinds = outside + broken.count + checks
        let all = outside + broken.reduce(0) { $0 + $1.total } + checks
        guard kinds > 0 else { return "" }
        let times = all > kinds ? " (\(count(all, "occurrence")))" : ""
        return count(kinds, severity.rawValue) + times
    }

    var summary: String {
        let (wrong, warned) = (counted(.error), counted(.warning))
        let looked = "\(count(models, "model")), \(count(datasets, "dataset"))"
        let read = rows == 0 ? looked : "\(looked), \(count(rows, "row"))"
        let known =
            filesKnown == 0
            ? "" : " (\(filesRead) of \(count(filesRead + filesKnown, "file")) read)"
        let left = notRead.isEmpty ? "" : ", \(count(notRead.count, "file")) not read"
        let found = warned.isEmpty ? "" : ", \(warned)"
        return wrong.isEmpty
            ? "ok: \(read)\(known)\(left)\(found)"
            : "\(wrong)\(found) in \(read)\(known)\(left)"
    }
}
