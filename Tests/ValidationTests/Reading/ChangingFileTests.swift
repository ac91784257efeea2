import Domain
import Glibc
import Host
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

    @Test func `a file that shrinks, vanishes or makes room for another is named`() async throws {
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
        for (deed, message) in [
            (MeddlingSink.Deed.remove, "`d.csv` was deleted or moved away while it was read"),
            (.replace, "another file was put in the place of `d.csv` while it was read"),
        ] {
            let again = try folder.add("d.csv", text)
            let whole = try await validate(
                manifest([again]), root: folder.path, options: ValidationOptions(chunkBytes: 64),
                sink: MeddlingSink(path: path, deed: deed)
            ).report
            #expect(whole.violations.map(\.rule) == [.changedFile])
            #expect(whole.diagnostics.map(\.message) == [message])
            #expect(whole.diagnostics[0].place.description == "d.csv")
            #expect(!whole.passed && whole.rows == 50_000)
            #expect(whole.files[0].sha256 == again.sha256)
        }
    }

    @Test func `a small file that is gone or another when it was read is known`() throws {
        let root = try RootFolder(folder.path)
        let path = "\(folder.path)/d.txt"
        func opened() throws -> FileStamp? {
            _ = try folder.add("d.txt", "one\n")
            #expect(unsafe symlink("d.txt", "\(folder.path)/l.txt") == 0 || errno == EEXIST)
            return root.stamp("d.txt")
        }
        var stamp = try opened()
        #expect(root.change(of: "d.txt", since: stamp) == nil)
        #expect(root.change(of: "l.txt", since: stamp) == nil, "a link leads to it")
        stamp = try opened()
        #expect(unsafe truncate(path, 7) == 0)
        #expect(root.change(of: "d.txt", since: stamp) == .grew(fromBytes: 4))
        stamp = try opened()
        #expect(unsafe truncate(path, 1) == 0)
        #expect(root.change(of: "l.txt", since: stamp) == .shrank(fromBytes: 4, toBytes: 1))
        stamp = try opened()
        #expect(unsafe rename(path, "\(folder.path)/kept.txt") == 0)
        #expect(root.change(of: "d.txt", since: stamp) == .vanished)
        _ = try opened()
        #expect(root.change(of: "d.txt", since: stamp) == .replaced)
        #expect(unsafe unlink(path) == 0 && mkdir(path, 0o755) == 0)
        #expect(root.change(of: "d.txt", since: stamp) == .vanished)
    }

    @Test func `a Parquet file that vanishes while it is read is no dataset`() async throws {
        let file = try folder.add("d.parquet", bytes: ParquetFixture.bytes("many"))
        await #expect(throws: ValidationError.changed("d.parquet")) {
            try await validate(
                manifest([file], format: .parquet), root: folder.path,
                options: ValidationOptions(),
                sink: MeddlingSink(path: "\(folder.path)/d.parquet", deed: .remove))
        }
    }
}

/// Does something to the file once its header is read.
private struct MeddlingSink: TableSink {
    enum Deed {
        case append(String)
        case cut(Int)
        case remove
        /// By another of the same bytes.
        case replace
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
        case .replace:
            let other = "\(self.path).other"
            #expect(throws: Never.self) {
                let bytes = try readFile(self.path, limitBytes: 1 << 20)
                try writeFileAtomically(other, bytes)
            }
            #expect(unsafe rename(other, self.path) == 0)
        }
    }
}
