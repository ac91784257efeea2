import Domain
import Host
import Testing

@testable import Validation

/// The digests were written by `dvc add` of DVC 3.67.1 over these bytes; those with line ends of
/// their own by `file_md5(…, name="md5-dos2unix")` of its dvc-data 3.18.3.
struct DVCTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func pinned(
        _ path: String, _ md5: String, isFolder: Bool = false, isOfLines: Bool = false,
        sizeBytes: Int? = nil, filesCount: Int? = nil, rows: Int? = nil
    ) -> DatasetFile {
        var file = entry(path, rows: rows)
        file.digestPlace = Place(file: "datasets/d.dvc", line: 2, column: 8)
        file.pin = DVCPin(
            md5: md5, isFolder: isFolder, isOfLines: isOfLines, sizeBytes: sizeBytes,
            filesCount: filesCount)
        return file
    }

    /// As in the `.dvc` file that DVC wrote for it.
    private func parts(filesCount: Int? = 3, sizeBytes: Int? = 40, rows: Int? = 3) -> DatasetFile {
        pinned(
            "data/parts", "92dbe0e709612840613271cc85e322f2", isFolder: true,
            sizeBytes: sizeBytes, filesCount: filesCount, rows: rows)
    }

    private func writeParts() throws {
        try makeFolder("\(folder.path)/data/parts/deep")
        _ = try folder.add("data/parts/größe.csv", "x,label\n1,a\n")
        _ = try folder.add("data/parts/b.csv", "x,label\n2,b\n")
        _ = try folder.add("data/parts/deep/😀 \"q\".csv", "x,label\r\n3,\"c\"\r\n")
    }

    @Test func `a file is compared with the MD5 that DVC wrote`() async throws {
        _ = try folder.add("rows.csv", "x,label\n1,a\n2,b\n")
        let good = pinned("rows.csv", "be70e6533f11b6d1110231cfb3ae30fd")
        let report = try await validate(manifest([good]), root: folder.path)
        #expect(report.passed, "\(report.diagnostics)")
        #expect(report.files[0].sha256 != nil && report.rows == 2)
        _ = try folder.add("rows.csv", "x,label\n1,a\n2,c\n")
        let bad = try await validate(manifest([good]), root: folder.path)
        #expect(bad.violations.map(\.rule) == [.digest])
        let said = try #require(bad.diagnostics.first)
        #expect(said.place.description == "datasets/d.dvc:2:8")
        #expect(said.message.hasPrefix("md5 of `rows.csv` is "))
        #expect(said.message.hasSuffix(", expected be70e6533f11b6d1110231cfb3ae30fd"))
    }

    @Test func `the files of a folder are those of the dataset`() async throws {
        try writeParts()
        let report = try await validate(
            manifest([parts()], [column("x", .integer), column("label")]), root: folder.path)
        #expect(report.passed, "\(report.diagnostics)")
        #expect(
            report.files.map(\.path) == [
                "data/parts/b.csv", "data/parts/deep/😀 \"q\".csv", "data/parts/größe.csv",
            ])
        #expect(report.files.map(\.rows) == [1, 1, 1])
        _ = try folder.add("data/parts/b.csv", "x,label\nq,b\n")
        let bad = try await validate(
            manifest([parts()], [column("x", .integer), column("label", unique: true)]),
            root: folder.path)
        #expect(bad.violations.map(\.rule) == [.digest, .type])
        #expect(bad.diagnostics.map(\.place.description)[1] == "data/parts/b.csv:2:1")
    }

    @Test(arguments: [
        (3, 40, "a file is called otherwise, or holds something else"),
        (4, 40, "it has 3 files, expected 4"),
        (3, 41, "its files have 40 bytes, expected 41"),
    ])
    func `what differs in a folder is named`(
        _ count: Int, _ size: Int, _ words: String
    ) async throws {
        try writeParts()
        try renamePath("\(folder.path)/data/parts/b.csv", to: "\(folder.path)/data/parts/c.csv")
        let file = parts(filesCount: count, sizeBytes: size)
        let report = try await validate(manifest([file]), root: folder.path)
        #expect(report.violations.map(\.rule) == [.digest])
        #expect(report.diagnostics[0].message.hasSuffix(": \(words)"))
    }

    @Test func `rows of a folder are counted over its files`() async throws {
        try writeParts()
        let report = try await validate(manifest([parts(rows: 4)]), root: folder.path)
        #expect(report.diagnostics.map(\.message) == ["`data/parts` has 3 rows, expected 4"])
    }

    @Test func `a folder that is missing, empty, a file or outside is a violation`() async throws {
        func rules(_ path: String) async throws -> [String] {
            let file = pinned(path, String(repeating: "0", count: 32), isFolder: true)
            let report = try await validate(manifest([file]), root: folder.path)
            return report.violations.map { "\($0.rule.rawValue): \($0.occurrences[0].message)" }
        }
        try makeFolder("\(folder.path)/empty")
        try makeLink(at: "\(folder.path)/out", to: "/usr")
        _ = try folder.add("file", "x\n1\n")
        #expect(try await rules("gone") == ["missing_file: `gone` is not there"])
        #expect(try await rules("empty") == ["empty_file: `empty` is empty"])
        #expect(try await rules("file") == ["not_a_file: `file` is not a folder"])
        #expect(try await rules("out") == ["outside_root: `out` is outside the repository"])
    }

    @Test func `a link out of a folder is refused and nothing of it read`() async throws {
        try makeFolder("\(folder.path)/d")
        _ = try folder.add("d/a.csv", "x\n1\n")
        try makeLink(at: "\(folder.path)/d/b.csv", to: "/etc/passwd")
        let file = pinned("d", String(repeating: "0", count: 32), isFolder: true)
        let report = try await validate(manifest([file]), root: folder.path)
        #expect(report.violations.map(\.rule) == [.outsideRoot])
        #expect(report.files.map(\.rows) == [1, 0])
    }

    @Test(arguments: [
        ("x,label\r\n1,a\r\n2,b\r\n", "be70e6533f11b6d1110231cfb3ae30fd"),
        (repeated("\u{0}a\r\n", 10), "21da75a1756b077c734e9b0a17693206"),
        (repeated("ä", 200) + repeated("a", 930) + "\r\n", "818d5a0ca985f4dcc5aeec20708b4a6c"),
        (repeated("a", (1 << 20) - 1) + "\r\nb\r\n", "deb8178cc400550795d42d701b97846d"),
    ])
    func `DVC 2 counts the line ends of text alone`(_ text: String, _ md5: String) {
        let bytes = Array(text.utf8)
        #expect(DVCHash.of(bytes, isOfLines: true) == md5)
        for size in [1, 511, 4096] where bytes.count < 10_000 || size > 1 {
            var hash = DVCHash(isOfLines: true)
            var rest = bytes[...]
            while !rest.isEmpty {
                hash.update(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            #expect(hash.finish() == md5)
        }
    }

    @Test func `text with CR LF passes under the digest of DVC 2 only`() async throws {
        _ = try folder.add("old.csv", "x,label\r\n1,a\r\n2,b\r\n")
        for (isOfLines, passes) in [(true, true), (false, false)] {
            let file = pinned("old.csv", "be70e6533f11b6d1110231cfb3ae30fd", isOfLines: isOfLines)
            let report = try await validate(manifest([file]), root: folder.path)
            #expect(report.passed == passes)
        }
    }

    @Test func `names are escaped as Python does`() {
        let strange = "a\u{1}\n\t\"\\\u{7F}é😀"
        // hashlib.md5(json.dumps([{"md5": "0" * 32, "relpath": …}]).encode()).hexdigest()
        #expect(
            DVCHash.ofFolder([(strange, String(repeating: "0", count: 32))])
                == "abbb2ab7c1bb1c5708e0dc8e667fd7ee")
    }

    @Test func `a dataset of which nothing is pinned does not pass`() async throws {
        var empty = manifest([])
        empty.followed = "s3://bucket/rows/"
        let report = try await validate(empty, root: folder.path)
        #expect(report.violations.map(\.rule) == [.unpinned])
        #expect(
            report.diagnostics.map(\.message) == ["nothing is pinned yet of `s3://bucket/rows/`"])
    }
}

private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
}
