import Domain
import Host
import Testing

@testable import Validation

/// What a preparation of one file came to.
struct Made {
    var text: String
    var report: PreparationReport

    /// Of CSV: the rows' cells, split at commas.
    var rows: [[String]] {
        text.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// The cells of one column of CSV.
    func column(_ number: Int) -> [String] { rows.map { $0[number] } }
}

/// How a preparation is carried out, which must not change what comes out.
struct Manner: CustomStringConvertible {
    var chunkBytes = 1 << 20
    var workers = 2
    var sortBytes = 48 << 20

    /// Small parts, one worker and sorting on the disk among them.
    static let all = [
        Manner(chunkBytes: 61, workers: 3, sortBytes: 1), Manner(chunkBytes: 700, workers: 1),
        Manner(chunkBytes: 4096, workers: 4, sortBytes: 1 << 20), Manner(),
    ]

    var description: String { "chunks of \(chunkBytes), \(workers) workers, sort \(sortBytes)" }
}

/// Prepares one or more files.
func prepared(
    _ texts: String..., by actions: [PreparationStep.Action],
    format: DatasetManifest.Format = .csv, missing: [String] = [],
    columns: [ColumnDeclaration] = [], manner: Manner = Manner()
) async throws -> Made {
    let folder = try Folder()
    var raw = manifest(
        try texts.enumerated().map {
            try folder.add("f\($0.offset).\(format.rawValue)", $0.element)
        },
        columns, format: format)
    raw.checks.missingValues = missing
    return try await prepared(raw, actions, folder, manner)
}

func prepared(
    _ raw: DatasetManifest, _ actions: [PreparationStep.Action], _ folder: Folder,
    _ manner: Manner = Manner()
) async throws -> Made {
    var made = raw
    made.preparation = DataPreparation(
        source: .manifest(raw),
        steps: actions.enumerated().map {
            PreparationStep($0.element, place: Place(file: "datasets/d.yaml", line: 10 + $0.offset))
        }, place: Place(file: "datasets/d.yaml", line: 9))
    let path = "\(folder.path)/made-\(UInt64.random(in: 0 ... .max))"
    let validation = ValidationOptions(
        chunkBytes: manner.chunkBytes, workersMax: manner.workers, spillFolder: folder.path)
    let report = try await prepare(
        made, root: folder.path, to: path,
        options: PreparationOptions(validation: validation, sortBytesMax: manner.sortBytes))
    let bytes = try readFile(path, limitBytes: 1 << 28)
    #expect(report.bytes == bytes.count)
    return Made(text: String(decoding: bytes, as: UTF8.self), report: report)
}

/// What a preparation says that cannot be carried out.
func refusal(
    _ text: String, by actions: [PreparationStep.Action],
    format: DatasetManifest.Format = .csv, columns: [ColumnDeclaration] = []
) async throws -> String {
    do {
        _ = try await prepared(text, by: actions, format: format, columns: columns)
    } catch let error as PreparationError {
        let first = error.failure.details.first
        return first.map { "\($0.place): \($0.message)" } ?? error.failure.what
    }
    Issue.record("nothing was refused")
    return ""
}
