import Domain

/// The steps of one preparation, one row after the other.
///
/// Steps that can decide by themselves follow each other without a stop. Before one that must look
/// at all rows first they wait on the disk.
struct PreparationRun {
    let manifest: DatasetManifest
    let preparation: DataPreparation
    let source: DatasetManifest
    let rows: SourceRows
    let options: PreparationOptions

    private var isOfLines: Bool { source.format == .jsonl }

    func run(to path: String) throws(PreparationError) -> PreparationReport {
        var line = WorkLine(works: try works())
        var output = PreparedFile(path, columns: rows.columns, isOfLines: isOfLines)
        var input = rows.spool
        var isFirst = true
        var orders = FileOrders(rows)
        while true {
            let last = line.stop ?? line.works.count
            options.progress?("\(stepNames(line.next..<last))")
            var spool: RowSpool?
            if line.stop != nil {
                spool = try spilling { () throws(SpillFault) in
                    try RowSpool(in: options.validation.spillFolder)
                }
            }
            try input.forEach(width: { isFirst ? rows.layouts[$0]?.count ?? 0 : rows.columns.count }
            ) {
                (row, _) throws(PreparationError) in
                if isFirst { row.arrange(orders.order(row.file)) }
                guard try line.pass(&row, until: last) else { return }
                guard line.stop != nil else { return try output.append(row) }
                try line.look(row, at: last)
                try spilling { () throws(SpillFault) in try spool?.append(row) }
            }
            guard line.stop != nil, var waiting = spool else { break }
            try spilling { () throws(SpillFault) in try waiting.flush() }
            try line.decide(at: last)
            input = waiting
            isFirst = false
        }
        let digest = try output.finish()
        return report(line, output, digest)
    }

    private func works() throws(PreparationError) -> [any PreparationWork] {
        var works: [any PreparationWork] = []
        let hidden = manifest.privateColumns
        for (index, step) in preparation.steps.enumerated() {
            works.append(
                try step.work(
                    StepContext(
                        step: step, number: index + 1, columns: rows.columns, paths: rows.paths,
                        privateColumns: hidden, isOfLines: isOfLines,
                        folder: options.validation.spillFolder,
                        sortBytesMax: options.sortBytesMax)))
        }
        return works
    }

    private func stepNames(_ range: Range<Int>) -> String {
        preparation.steps[range].map(\.name).joined(separator: ", ")
    }

    private func report(
        _ line: WorkLine, _ output: PreparedFile, _ digest: Digest
    ) -> PreparationReport {
        let steps = zip(preparation.steps, line.works.indices).map { step, index in
            PreparationReport.Step(
                name: step.name, rowsIn: line.rowsIn[index], rowsOut: line.rowsOut[index],
                cellsChanged: line.works[index].cellsChanged, notes: line.works[index].notes)
        }
        return PreparationReport(
            dataset: manifest.name,
            source: .init(dataset: source.name, files: rows.files), steps: steps,
            columns: rows.columns, sha256: digest, rows: output.rows, bytes: output.bytes,
            version: DataPreparation.version)
    }
}

/// By the dataset's columns, the places of the cells of the file that is being read.
private struct FileOrders {
    private let rows: SourceRows
    private var file: Int?
    private var order: [Int] = []

    init(_ rows: SourceRows) { self.rows = rows }

    /// The places; -1 where the file has no such column.
    mutating func order(_ file: Int) -> [Int] {
        guard file != self.file else { return order }
        self.file = file
        order = [Int](repeating: -1, count: rows.columns.count)
        for (place, column) in (rows.layouts[file] ?? []).enumerated().reversed() {
            order[column] = place
        }
        return order
    }
}

/// Steps one behind the other.
struct WorkLine {
    private(set) var works: [any PreparationWork]
    private(set) var rowsIn: [Int]
    private(set) var rowsOut: [Int]
    /// The first that has not seen all rows, or is not done with them.
    private(set) var next = 0
    private var hasDecided = false

    init(works: [any PreparationWork]) {
        self.works = works
        rowsIn = [Int](repeating: 0, count: works.count)
        rowsOut = rowsIn
    }

    /// The step before which rows have to wait; nil: none any more.
    var stop: Int? {
        let first = hasDecided ? next + 1 : next
        return works.indices.dropFirst(first).first { works[$0].looksFirst }
    }

    /// Takes a row through the steps before `end`; false: one of them leaves it out.
    mutating func pass(_ row: inout PreparedRow, until end: Int) throws(PreparationError) -> Bool {
        for index in next..<end {
            let number = rowsIn[index]
            rowsIn[index] += 1
            guard try works[index].take(&row, number) else { return false }
            rowsOut[index] += 1
        }
        return true
    }

    private var looked = 0

    mutating func look(_ row: PreparedRow, at index: Int) throws(PreparationError) {
        try works[index].look(row, looked)
        looked += 1
    }

    /// The step has looked at all rows, and can take them.
    mutating func decide(at index: Int) throws(PreparationError) {
        try works[index].decide()
        next = index
        hasDecided = true
        looked = 0
    }
}
