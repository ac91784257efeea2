import Domain
import FoundationEssentials
import Testing

@testable import Planning

/// Files that MLCommons publishes in mlcommons/croissant, and what is wrong with others.
struct CroissantTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(component: "croissant").path

    private func published(_ name: String) throws -> String {
        let path = "\(Self.folder)/\(name).json"
        let bytes = try #require(FileManager.default.contents(atPath: path), "\(path)")
        return String(decoding: bytes, as: UTF8.self)
    }

    private func repository(_ text: String, _ more: Files = [:]) -> Files {
        var files: Files = [
            "slipway.yaml": "",
            "models/m/model.yaml": "datasets: {train: rows}\nevaluation: {task: regression}\n",
            "models/m/train.py": "", "models/m/evaluate.py": "",
            "datasets/rows.croissant.json": text,
        ]
        files.merge(more) { $1 }
        return files
    }

    private func rows(_ text: String) async throws -> DatasetManifest {
        let plan = try await planned(repository(text))
        guard let found = plan.datasets[DatasetName(checked: "rows")] else {
            throw Failure("the dataset is broken: \(plan.allDiagnostics.map(\.line))")
        }
        return found
    }

    private func said(_ text: String, _ more: Files = [:]) async throws -> [String] {
        try await planned(repository(text, more)).diagnostics.map(\.line)
    }

    @Test func `the table of a published file is a dataset`() async throws {
        let found = try await rows(published("titanic"))
        #expect(found.files.map(\.path) == ["datasets/data/titanic.csv"])
        #expect(found.files[0].sha256.hex.hasPrefix("c617db2c7470716250f6f001be51304c"))
        #expect(found.files[0].digestPlace.description == "datasets/rows.croissant.json:64:17")
        #expect(found.format == .csv && found.columnMatch == .subset && found.columns.count == 14)
        let types = Dictionary(uniqueKeysWithValues: found.columns.map { ($0.name, $0.type) })
        #expect(types["survived"] == .integer && types["sex"] == .string)
        #expect(types["home.dest"] == .string)
        let warned = try await said(published("titanic"))
        #expect(
            warned.count == 2 && warned.allSatisfy { $0.contains("`references` is not checked") })
    }

    @Test func `types and formats are taken as they are named`() async throws {
        let parquet = try await rows(published("simple-parquet"))
        #expect(parquet.format == .parquet && parquet.columns.map(\.type) == [.string, .integer])
        let split = try await rows(published("simple-split"))
        #expect(split.columns.map(\.name) == ["Title", "Author", "Split"])
    }

    @Test func `what cannot be mapped is named at its place`() async throws {
        let lines = try await said(published("huggingface-mnist"))
        #expect(
            lines.contains { $0.contains(":127:31: properties of files (`fileProperty`)") },
            "\(lines)")
        #expect(lines.contains { $0.contains("is of `sc:ImageObject`, which no type of a column") })
    }

    private static let sum = String(repeating: "5F", count: 32)

    private func minimal(_ file: String, _ field: String = "", _ more: String = "") -> String {
        """
        {"@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0", \(more)
        \t"distribution": [{"@type": "cr:FileObject", "@id": "f", \(file)}],
        \t"recordSet": [{"@id": "t", "key": {"@id": "t/a"}, "field": [
        {"@id": "t/a", "dataType": "sc:Integer", "source": {"fileObject": {"@id": "f"}}}\(field)]}]}
        """
    }

    @Test func `a file elsewhere has its address and a key its column`() async throws {
        let url = "https://example.org/x/rows.csv"
        let found = try await rows(
            minimal(
                "\"name\": \"rows.csv\", \"contentUrl\": \"\(url)\", \"sha256\": \"\(Self.sum)\""))
        #expect(found.files[0].url == url && found.files[0].path == "data/rows/rows.csv")
        #expect(found.files[0].sha256.hex == Self.sum.lowercased())
        #expect(found.keys.primary == ["a"])
    }

    @Test(arguments: [
        ("\"contentUrl\": \"a.csv\"", "", "", "`f` has no `sha256`"),
        ("\"sha256\": \"\(sum)\"", "", "", "`f` has no `contentUrl`"),
        (
            "\"contentUrl\": \"a.csv\", \"sha256\": \"\(sum)\", \"containedIn\": {\"@id\": \"z\"}",
            "", "", "`f` is in an archive or a repository, which is not read"
        ),
        (
            "\"contentUrl\": \"../../a.csv\", \"sha256\": \"\(sum)\"", "", "",
            "`contentUrl: ../../a.csv` is no path in the repository"
        ),
        (
            "\"contentUrl\": \"a.xls\", \"encodingFormat\": \"x/xls\", \"sha256\": \"\(sum)\"", "",
            "", "files of `encodingFormat: x/xls` are not read"
        ),
        (
            "\"contentUrl\": \"a.csv\", \"sha256\": \"\(sum)\"", "", "\"isLiveDataset\": true,",
            "the files of a live dataset change without a new digest"
        ),
        (
            "\"contentUrl\": \"a.csv\", \"sha256\": \"\(sum)\"",
            ", {\"@id\": \"t/b\", \"dataType\": \"sc:Text\"}", "",
            "the field `t/b` has no `source`"
        ),
    ])
    func `mistakes are named`(file: String, field: String, more: String, wanted: String)
        async throws
    {
        let lines = try await said(minimal(file, field, more))
        #expect(
            lines.contains {
                $0.hasPrefix("datasets/rows.croissant.json:") && $0.hasSuffix(wanted)
            },
            "\(lines)")
    }

    @Test func `other versions, two tables and two manifests are refused`() async throws {
        let plain = minimal("\"contentUrl\": \"a.csv\", \"sha256\": \"\(Self.sum)\"")
        let old = try await said(plain.replacing("croissant/1.0", with: "croissant/0.8"))
        #expect(old.contains { $0.contains("`conformsTo` must be") })
        let two = try await said(
            plain.replacing("\"recordSet\": [", with: "\"recordSet\": [{\"@id\": \"u\"}, "))
        #expect(two.contains { $0.contains("has 2 record sets, and a dataset is one table") })
        let twice = try await said(
            plain,
            ["datasets/rows.yaml": "files: [{path: a.csv, sha256: \(Self.sum.lowercased())}]\n"])
        #expect(twice.contains { $0.contains("declares the same dataset") }, "\(twice)")
    }
}
