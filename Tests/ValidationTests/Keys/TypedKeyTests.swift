import Domain
import FoundationEssentials
import Host
import Testing

@testable import Validation

/// Keys and splits of files that know their types, and of pictures.
struct TypedKeyTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func table(
        _ name: String, _ format: DatasetManifest.Format, keys: RowKeys = RowKeys(),
        checks: [DataCheck] = []
    ) throws -> DatasetManifest {
        let bytes =
            format == .arrow
            ? try ArrowFixture.bytes("many_lz4.arrow") : try ParquetFixture.bytes("many")
        var found = manifest([try folder.add("\(name).data", bytes: bytes)], format: format)
        found.name = DatasetName(checked: name)
        found.keys = keys
        found.checks.named = checks
        return found
    }

    private func options(_ others: [DatasetManifest] = []) -> ValidationOptions {
        ValidationOptions(
            spillFolder: folder.path,
            datasets: Dictionary(uniqueKeysWithValues: others.map { ($0.name, $0) }))
    }

    @Test(arguments: [DatasetManifest.Format.parquet, .arrow])
    func `primary keys are those of the rows`(format: DatasetManifest.Format) async throws {
        let whole = try table("d", format, keys: RowKeys(primary: ["id"]))
        #expect(try await validate(whole, root: folder.path, options: options()).passed)
        let words = try table("d", format, keys: RowKeys(primary: ["word"]))
        let (report, sink) = try await validate(
            words, root: folder.path, options: options(), sink: CollectingSink())
        let different = Set(sink.rows.map { $0.cells[1] }).count
        #expect(report.violations.map(\.rule) == [.primaryKey])
        #expect(report.violations[0].total == 600 - different)
        #expect(report.violations[0].occurrences[0].message.contains("equals row d.data:"))
        let runs = try table("d", format, keys: RowKeys(primary: ["id", "run"]))
        let missing = try await validate(runs, root: folder.path, options: options())
        #expect(missing.violations.map { "\($0.rule) \($0.total)" } == ["primaryKey 200"])
    }

    @Test(arguments: [DatasetManifest.Format.parquet, .arrow])
    func `foreign keys are looked for in a table`(format: DatasetManifest.Format) async throws {
        let text = "number\n" + (0..<500).map { "\($0)\n" }.joined()
        var other = manifest([try folder.add("ids.csv", text)], [column("number", .integer)])
        other.name = DatasetName(checked: "ids")
        let place = Place(file: "datasets/d.yaml", line: 9, column: 3)
        let key = ForeignKey(
            columns: ["id"], dataset: other.name, references: ["number"], place: place,
            referencesPlace: place)
        let data = try table("d", format, keys: RowKeys(foreign: [key]))
        let report = try await validate(data, root: folder.path, options: options([other]))
        let beyond = (0..<600).count { $0 * 37 % 1009 >= 500 }
        #expect(report.violations.map { "\($0.rule) \($0.total)" } == ["foreignKey \(beyond)"])
    }

    private func check(_ name: DataCheck.Name, _ columns: [String] = []) -> DataCheck {
        var check = DataCheck(name, columns: columns, place: Place(file: "datasets/test.yaml"))
        check.dataset = DatasetName(checked: "train")
        return check
    }

    @Test func `rows of Arrow and of Parquet overlap`() async throws {
        let train = try table("train", .parquet)
        let test = try table("test", .arrow, checks: [check(.splitOverlap)])
        let found = try await read(
            test, root: folder.path, options: options([train, test]), sink: NoSink())
        #expect(found.measurements.found.map { "\($0.count) of \($0.total)" } == ["600 of 600"])
    }

    @Test func `pictures overlap by their content`() async throws {
        for (name, picture) in [
            ("train/a.png", "rgb.png"), ("train/b.jpg", "base444.jpg"), ("test/c.png", "rgb.png"),
            ("test/d.png", "gray.png"),
        ] {
            try makeFolder(parentFolder("\(folder.path)/\(name)"))
            _ = try folder.add(name, bytes: ImageReadingTests.bytes(picture))
        }
        var train = manifest([entry("train/**")], format: .images)
        train.name = DatasetName(checked: "train")
        train.files[0].sha256 = try #require(
            await validate(train, root: folder.path, options: options()).files[0].sha256)
        var test = manifest([entry("test/**")], format: .images)
        test.name = DatasetName(checked: "test")
        test.checks.named = [check(.keyOverlap, ["sha256"])]
        let found = try await read(
            test, root: folder.path, options: options([train, test]), sink: NoSink())
        #expect(found.measurements.found.map { "\($0.count) of \($0.total)" } == ["1 of 2"])
    }
}
