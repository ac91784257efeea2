import Domain
import Glibc
import Testing

@testable import Validation

struct ChangingFileTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func `a file that grows while it is read is read as long as it was, and named`()
        async throws
    {
        for (name, format) in [("d.csv", DatasetManifest.Format.csv), ("d.jsonl", .jsonl)] {
            let line = format == .csv ? "1,2\n" : "{\"a\":1,\"b\":2}\n"
            let text = (format == .csv ? "a,b\n" : "") + String(repeating: line, count: 5000)
            let file = try folder.add(name, text)
            let sink = MeddlingSink(path: "\(folder.path)/\(name)", deed: .append(line))
            let found = try await validate(
                manifest([file], [column("a"), column("b")], format: format), root: folder.path,
                options: ValidationOptions(chunkBytes: 64), sink: sink
            ).report
            let change = found.violations.filter { $0.rule == .changedFile }
            #expect(
                change.flatMap(\.diagnostics).map(\.message) == [
                    "`\(name)` grew while it was read; only its first \(text.utf8.count) bytes were"
                ])
            #expect(found.rows == 5000 && found.files[0].sha256 == file.sha256)
        }
    }

    @Test func `a file that shrinks is named, and one that vanishes is read on`() async throws {
        let text = "a,b\n" + String(repeating: "1,2\n", count: 50_000)
        let file = try folder.add("d.csv", text)
        let path = "\(folder.path)/d.csv"
        let found = try await validate(
            manifest([file]), root: folder.path, options: ValidationOptions(chunkBytes: 64),
            sink: MeddlingSink(path: path, deed: .cut(60_000))
        ).report
        #expect(
            found.violations.map(\.rule).sorted { $0.rank < $1.rank } == [.digest, .changedFile])
        #expect(
            found.diagnostics.map(\.message).contains(
                "`d.csv` shrank from \(text.utf8.count) to 60000 bytes while it was read"))
        let again = try folder.add("d.csv", text)
        let whole = try await validate(
            manifest([again]), root: folder.path, options: ValidationOptions(chunkBytes: 64),
            sink: MeddlingSink(path: path, deed: .remove)
        ).report
        #expect(whole.passed && whole.rows == 50_000)
    }
}

/// Does something to the file once its header is read.
private struct MeddlingSink: TableSink {
    enum Deed {
        case append(String)
        case cut(Int)
        case remove
    }

    let path: String
    let deed: Deed

    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { false }
    func part() -> MeddlingSink { self }
    mutating func take(_ batch: RowBatch) {}
    mutating func merge(_ next: MeddlingSink, linesBefore: Int) {}

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        switch deed {
        case .append(let text):
            let descriptor = unsafe open(self.path, O_WRONLY | O_APPEND)
            let bytes = Array(text.utf8)
            #expect(unsafe write(descriptor, bytes, bytes.count) == bytes.count)
            close(descriptor)
        case .cut(let count): #expect(unsafe truncate(self.path, count) == 0)
        case .remove: #expect(unsafe unlink(self.path) == 0)
        }
    }
}
