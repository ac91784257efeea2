/// What the checks of one dataset warn of, in words for people.
package struct DataNotice: Hashable, Codable, Sendable {
    package var dataset: DatasetName
    /// How many warnings there are; `lines` may be fewer.
    package var count: Int
    package var lines: [String]

    package init(dataset: DatasetName, count: Int, lines: [String]) {
        self.dataset = dataset
        self.count = count
        self.lines = lines
    }

    /// What stood before a warning among the findings of `DataDrift`, before warnings had a place
    /// of their own; notes that say so are read for ever.
    private static let oldMark = "warning: "

    /// Parts the warnings of an old note from how the data moved.
    package static func parting(_ told: [DataDrift]) -> (drift: [DataDrift], notices: [DataNotice])
    {
        var notices: [DataNotice] = []
        let drift = told.map { moved in
            let lines = moved.findings.filter { $0.hasPrefix(oldMark) }
                .map { String($0.dropFirst(oldMark.count)) }
            guard !lines.isEmpty else { return moved }
            notices.append(DataNotice(dataset: moved.dataset, count: lines.count, lines: lines))
            var rest = moved
            rest.findings.removeAll { $0.hasPrefix(oldMark) }
            return rest
        }
        return (drift, notices)
    }
}
