import Domain
import Testing

@testable import Planning

@Suite struct DatasetSearchTests {
    private func manifest(
        _ name: String, _ columns: [String], tags: [String] = [], owner: String = "",
        _ description: String = ""
    ) -> DatasetManifest {
        var manifest = DatasetManifest(
            name: DatasetName(checked: name), path: "datasets/\(name).yaml",
            description: description,
            files: [
                DatasetFile(
                    path: "data/\(name).csv",
                    sha256: Digest(checked: String(repeating: "a", count: 64)),
                    digestPlace: Place(file: ""))
            ],
            format: .csv,
            columns: columns.map {
                ColumnDeclaration(name: $0, type: .string, place: Place(file: ""))
            })
        manifest.tags = tags
        manifest.owner = owner
        return manifest
    }

    private var all: [DatasetManifest] {
        [
            manifest("sales", ["customer_id", "amount"], tags: ["money"], owner: "Ada"),
            manifest("customers", ["id", "Größe"], "who buys"),
            manifest("digits", ["p00"], tags: ["images"], "handwritten, no customer in it"),
        ]
    }

    private func names(_ query: String) -> [String] {
        DatasetSearch(query).find(in: all).map(\.manifest.name.text)
    }

    @Test func `names count more than columns, and columns more than descriptions`() {
        #expect(names("customer") == ["customers", "sales", "digits"])
    }

    @Test func `every word must begin a word somewhere`() {
        #expect(names("cust AMOUNT") == ["sales"])
        #expect(names("mer") == [])
        #expect(names("größe") == ["customers"])
        #expect(names("ada money") == ["sales"])
        #expect(names("!?") == [])
    }

    @Test func `a hit says where the words stand`() {
        let hit = DatasetSearch("customer").find(in: all)[1]
        #expect(hit.places == ["column customer_id"])
    }
}
