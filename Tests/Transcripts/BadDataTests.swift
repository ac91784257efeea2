import Host
import Testing

/// What is said of data that cannot be read, and of the rest beside it.
@Test func `data that cannot be read is named for what it is, and the rest is checked`()
    async throws
{
    try await Desk.use { desk in
        let digest = String(repeating: "0", count: 64)
        func add(_ name: String, _ ending: String, _ text: String) throws {
            try desk.write("r/data/\(name).\(ending)", text)
            try desk.write(
                "r/datasets/\(name).yaml",
                "files: [{path: data/\(name).\(ending), sha256: \"\(digest)\"}]\n")
        }
        try desk.write("r/slipway.yaml", "branch: main\n")
        try add("good", "csv", "a,b\n1,2\n3\n")
        try add("image", "csv", "GIF89a\u{1}\0\u{1}\0")
        try add("lfs", "parquet", "version https://git-lfs.github.com/spec/v1\nsize 3\n")
        try add("packed", "jsonl.gz", "{\"a\":1}\n")
        try desk.write("r/datasets/laughs.yaml", "a: &a [x, x]\nb: &b [*a, *a]\nfiles: *b\n")
        try desk.write("r/datasets/deep.yaml", String(repeating: "[", count: 5000))
        try makeLink(at: desk.path("r/data/loop.csv"), to: "loop.csv")
        try desk.write(
            "r/datasets/loop.yaml", "files: [{path: data/loop.csv, sha256: \"\(digest)\"}]\n")

        let checked = try await desk.slipway("check", "r")
        #expect(checked.code == 1)
        try checked.matches("check-data-unreadable")

        try await desk.git("init", "-q", in: "r")
        for name in ["image.csv", "packed.jsonl.gz"] {
            let refused = try await desk.slipway(
                "dataset", "init", "data/\(name)", "--name", "new", in: "r")
            #expect(refused.code == 1 && refused.errors.contains("data/\(name)"))
            #expect(!exists(desk.path("r/datasets/new.yaml")))
        }
        let shown = try await desk.slipway("data", "show", "image", in: "r")
        #expect(shown.code == 1 && shown.errors.contains("it is a GIF image"))
        let ragged = try await desk.slipway("data", "show", "good", in: "r")
        #expect(ragged.code == 0 && ragged.errors.contains("see slipway check"))
    }
}
