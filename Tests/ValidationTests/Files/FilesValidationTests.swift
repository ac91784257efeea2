import Crypto
import Domain
import FoundationEssentials
import Host
import Testing

@testable import Validation

struct FilesValidationTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func add(_ name: String, _ bytes: [UInt8]) throws -> DatasetFile {
        try makeFolder(parentFolder("\(folder.path)/\(name)"))
        return try folder.add(name, bytes: bytes)
    }

    /// An entry for many files, with the digest that `sha256sum` would give.
    private func many(_ pattern: String, _ files: [DatasetFile]) -> DatasetFile {
        let text = files.sorted { $0.path < $1.path }.map { "\($0.sha256.hex)  \($0.path)\n" }
        let digest = SHA256.hash(data: Array(text.joined().utf8))
        return entry(pattern, digest: Domain.Digest(bytes: digest))
    }

    private func pictures() throws -> DatasetFile {
        var files: [DatasetFile] = []
        for (name, picture) in [
            ("img/cat/1.png", "rgb.png"), ("img/cat/2.jpg", "base420.jpg"),
            ("img/dog/1.png", "rgb.png"), ("img/dog/3.gif", "frames.gif"), ("img/4.png", "bit.png"),
        ] {
            files.append(try add(name, ImageReadingTests.bytes(picture)))
        }
        _ = try add("img/.DS_Store", [1, 2, 3])
        return many("img/**", files)
    }

    @Test func `every picture of a folder is a row`() async throws {
        let manifest = manifest([try pictures()], format: .images)
        let (report, sink) = try await validate(
            manifest, root: folder.path, sink: CollectingSink())
        #expect(report.passed, "\(report.violations)")
        #expect(report.rows == 5 && report.files.map(\.path) == ["img/**"])
        let rows = sink.rows.map { $0.cells.prefix(6).joined(separator: " ") }
        #expect(
            rows == [
                "img/4.png  19 31 1 PNG", "img/cat/1.png cat 37 23 RGB PNG",
                "img/cat/2.jpg cat 37 23 RGB JPEG", "img/dog/1.png dog 37 23 RGB PNG",
                "img/dog/3.gif dog 12 14 P GIF",
            ])
    }

    @Test func `pictures are checked as rows, and places name the file`() async throws {
        let columns = [
            column("width", .integer, min: 16), column("mode", values: ["RGB", "P"]),
            column("sha256", unique: true), column("label", required: true),
        ]
        let file = try pictures()
        _ = try add("img/dog/1.png", Array(ImageReadingTests.bytes("rgb.png").dropLast(20)))
        let report = try await validate(
            manifest([file], columns, format: .images), root: folder.path)
        let found = report.violations.map {
            "\($0.rule) \($0.column ?? "") \($0.occurrences[0].place)"
        }
        #expect(
            Set(found) == [
                "digest  datasets/d.yaml:3:27", "image  img/dog/1.png",
                "range width img/dog/3.gif:1:3", "values mode img/4.png:1:5",
                "required label img/4.png:1:2",
            ])
        let image = report.violations.first { $0.rule == .image }?.occurrences[0].message
        #expect(image?.hasPrefix("damaged at byte ") == true)
        let twice = try await validate(
            manifest([try pictures()], [column("sha256", unique: true)], format: .images),
            root: folder.path)
        #expect(twice.violations.map(\.rule) == [.unique])
        #expect(twice.violations[0].occurrences[0].message.contains("img/cat/1.png"))
    }

    @Test func `files of several entries that are each a row are compared with each other`()
        async throws
    {
        let first = many("one/**", [try add("one/a.png", ImageReadingTests.bytes("rgb.png"))])
        let second = many("two/**", [try add("two/b.png", ImageReadingTests.bytes("rgb.png"))])
        var data = manifest([first, second], [column("sha256", unique: true)], format: .images)
        data.checks.named = [DataCheck(.duplicateRows)]
        let found = try await examine(data, root: folder.path, options: data.profileOptions())
        #expect(found.report.violations.map(\.rule) == [.unique])
        #expect(found.report.violations[0].occurrences[0].message.contains("one/a.png"))
        var texts = manifest(
            [try folder.add("a.txt", "same"), try folder.add("b.txt", "same")],
            [column("text", unique: true)], format: .text)
        texts.unit = .file
        #expect(
            try await validate(texts, root: folder.path).violations.map(\.rule) == [.unique])
    }

    @Test(arguments: [false, true])
    func `rules, label and checks take the columns that are not declared`(
        isDeclared: Bool
    ) async throws {
        let place = Place(file: "datasets/d.yaml", line: 9)
        var data = manifest(
            [try pictures()], isDeclared ? [column("mode")] : [], format: .images)
        data.label = "label"
        data.rules = [
            RowRule(name: "wide", expression: "width > 20 and format != \"GIF\"", place: place)
        ]
        data.keys.sortedBy = ["height"]
        data.checks.named = [DataCheck(.classBalance), DataCheck(.mean, columns: ["width"])]
        data.checks.named[1].max = 20
        let found = try await examine(
            data, root: folder.path, options: data.profileOptions())
        let report = found.judged(by: data, against: .none(""))
        // 31, 23, 23, 23 and 14 high: as numbers, two are before their last.
        #expect(report.violations.map { "\($0.rule) \($0.total)" } == ["rowRule 2", "sorted 2"])
        #expect(report.outcomes.map(\.verdict) == [.passed, .failed])
    }

    @Test func `the number of workers changes nothing`() async throws {
        let manifest = manifest([try pictures()], format: .images)
        let one = try await validate(
            manifest, root: folder.path, options: ValidationOptions(workersMax: 1),
            sink: CollectingSink())
        for workers in 2...4 {
            let other = try await validate(
                manifest, root: folder.path, options: ValidationOptions(workersMax: workers),
                sink: CollectingSink())
            #expect(other.report == one.report && other.sink == one.sink)
        }
    }

    // MARK: Many files of tables

    @Test func `a pattern stands for the tables that are there`() async throws {
        var files: [DatasetFile] = []
        for number in 1...5 {
            let text = "id,word\n" + (0..<number).map { "\(number * 10 + $0),w\($0)\n" }.joined()
            files.append(try add("data/part-\(number).csv", Array(text.utf8)))
        }
        _ = try add("data/other.csv", Array("x\n1\n".utf8))
        let columns = [column("id", .integer, unique: true, max: 52), column("word")]
        var parts = many("data/part-*.csv", files)
        parts.rows = 15
        let report = try await validate(manifest([parts], columns), root: folder.path)
        #expect(report.rows == 15 && report.files.count == 1)
        #expect(
            report.violations.map { "\($0.rule) \($0.total) \($0.occurrences[0].place)" }
                == ["range 2 data/part-5.csv:5:1"])
        _ = try add("data/part-6.csv", Array("id,word\n1,a\n".utf8))
        let changed = try await validate(manifest([parts], columns), root: folder.path)
        #expect(Set(changed.violations.map(\.rule)) == [.digest, .rows, .range])
        let message = changed.violations.first { $0.rule == .digest }?.occurrences[0].message
        #expect(message?.hasPrefix("sha256 of the list of `data/part-*.csv` (6 files) is ") == true)
        let none = try await validate(
            manifest([entry("gone/*.csv"), entry("data/x*.csv")]), root: folder.path)
        #expect(Set(none.violations.map(\.rule)) == [.missingFile, .emptyFile])
    }

    @Test func `many small tables give what they give one after the other`() async throws {
        for number in 0..<40 {
            var text = number % 7 == 3 ? "word,id,more\n" : "id,word\n"
            for row in 0..<(number % 5 * 3) {
                let (id, word) = ("\(number * 20 + row)", row == 4 ? "\"two\nlines\"" : "w\(row)")
                text += number % 7 == 3 ? "\(word),\(id),1\n" : "\(id),\(word)\n"
            }
            if number == 22 { text += "1,2,3\n,\"open" }
            if number == 31 { text = "" }
            if number == 33 { text += String(repeating: "\u{1}\u{2}", count: 50) + "\n" }
            if number == 35 { text = String(text.dropLast()) }
            let name = String(number + 100)
            _ = try add("data/\(name).csv", Array(text.utf8))
        }
        let columns = [
            column("id", .integer, required: true, unique: true, max: 700),
            column("word", pattern: "w[0-9]"),
        ]
        var manifest = manifest([entry("data/*.csv")], columns)
        let keys = manifest.keys
        for sorted in [[], ["id"]] {
            manifest.keys = keys
            manifest.keys.sortedBy = sorted
            let one = try await validate(
                manifest, root: folder.path, options: ValidationOptions(workersMax: 1),
                sink: CollectingSink())
            #expect(one.report.rows > 200 && one.report.violations.count > 4)
            for workers in 2...4 {
                let many = try await validate(
                    manifest, root: folder.path, options: ValidationOptions(workersMax: workers),
                    sink: CollectingSink())
                #expect(many.report == one.report, "\(workers) workers")
                #expect(many.sink.rows == one.sink.rows, "\(workers) workers")
            }
            let alone = try await profile(manifest, workers: 1)
            #expect(try await profile(manifest, workers: 3) == alone && alone != nil)
        }
    }

    private func profile(
        _ manifest: DatasetManifest, workers: Int
    ) async throws -> DatasetProfile? {
        var options = ProfileOptions()
        options.validation = ValidationOptions(workersMax: workers)
        return try await Validation.profile(manifest, root: folder.path, options: options).profile
    }

    // MARK: Texts

    private func texts(
        _ text: String, unit: DatasetManifest.Unit = .line, _ columns: [ColumnDeclaration] = [],
        options: ValidationOptions = ValidationOptions()
    ) async throws -> (report: ValidationReport, sink: CollectingSink) {
        let file = try add("t/a.txt", Array(text.utf8))
        var manifest = manifest([file], columns, format: .text)
        manifest.unit = unit
        return try await validate(
            manifest, root: folder.path, options: options, sink: CollectingSink())
    }

    @Test func `every line of a text is a row`() async throws {
        let (report, sink) = try await texts(
            "\u{FEFF}two words\r\n\nüber  alle\tBerge\nlast", [column("length", .integer, max: 12)])
        #expect(
            sink.rows.map { "\($0.line) \($0.cells.joined(separator: "|"))" } == [
                "1 two words|9|2", "2 |0|0", "3 über  alle\tBerge|16|3", "4 last|4|1",
            ])
        #expect(sink.rows[1].states[0] == .missing)
        #expect(
            report.violations.map { "\($0.rule) \($0.occurrences[0].place)" }
                == ["range t/a.txt:3:2"])
    }

    @Test func `a text can be a row whole`() async throws {
        let (report, sink) = try await texts("one two\nthree\n", unit: .file)
        #expect(report.passed && report.rows == 1)
        #expect(sink.rows.map(\.cells) == [["t/a.txt", "one two\nthree\n", "14", "3"]])
    }

    @Test func `neither the parts nor the workers change the lines`() async throws {
        let text = (0..<9000).map { "line \($0) \(String(repeating: "ü", count: $0 % 37))" }
            .joined(separator: "\n")
        let columns = [column("text", unique: true, pattern: "line [0-9]+ ü*")]
        let whole = try await texts(text, columns)
        #expect(whole.report.passed && whole.report.rows == 9000)
        for size in [61, 700, 4096] {
            for workers in [1, 3] {
                let parts = try await texts(
                    text, columns,
                    options: ValidationOptions(chunkBytes: size, workersMax: workers))
                #expect(parts.report == whole.report && parts.sink == whole.sink)
            }
        }
    }

    @Test func `a line that is too long is named, and the next are read`() async throws {
        let long = String(repeating: "x", count: 9 << 20)
        let (report, sink) = try await texts("a\n\(long)\nb\n")
        #expect(sink.rows.map { $0.cells[0] } == ["a", "", "b"])
        #expect(
            report.violations.map { "\($0.rule) \($0.occurrences[0].place)" }
                == ["recordSize t/a.txt:2:1"])
    }

    @Test func `bytes that are no text are named by line`() async throws {
        let file = try add("t/b.txt", Array("fine\n".utf8) + [0xFF, 0x0A] + Array("fine\n".utf8))
        let report = try await validate(manifest([file], format: .text), root: folder.path)
        #expect(
            report.violations.map { "\($0.rule) \($0.occurrences[0].place)" }
                == ["encoding t/b.txt:2:1"])
        #expect(report.rows == 3)
    }
}
