import Domain
import Host
import Planning

/// The time zones of this machine, as zic(8) writes them.
struct ZoneDatabase {
    private static let folder = "/usr/share/zoneinfo"
    private static let bytesMax = 1 << 20

    /// nil: there is none, so nobody knows which names are right.
    init?() {
        guard exists("\(Self.folder)/Etc/UTC") else { return nil }
    }

    /// What is wrong with the time zones of the plan's schedules.
    func problems(of plan: RepositoryPlan) -> [Diagnostic] {
        plan.unknownZones(isKnown: isKnown, names: names)
    }

    private func isKnown(_ name: String) -> Bool {
        // Because a folder, or what cannot be read, is no zone either.
        guard let bytes = try? readFile("\(Self.folder)/\(name)", limitBytes: Self.bytesMax) else {
            return name == "UTC"
        }
        return ZoneRules(tzif: bytes) != nil
    }

    /// The names that tzselect(8) offers: the third column; empty: its table is not there.
    private func names() -> [String] {
        // Because without the table there is only nothing to propose.
        guard let bytes = try? readFile("\(Self.folder)/zone.tab", limitBytes: Self.bytesMax) else {
            return []
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .compactMap { line in
                let columns = line.split(separator: "\t")
                return columns.count > 2 ? String(columns[2]) : nil
            }
    }
}
