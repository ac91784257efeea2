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

@Test(arguments: [
    Array("a,b\n1,2\n3\n".utf8), Array("a,b\n1,2\n\"3,4\n".utf8),
    // UTF-8 with one byte that is none.
    Array("a,b\n1,2\n3,Büro ü ".utf8) + [0xFC, 0x0A],
])
func `a manifest of broken rows is written, and what a check would say is said`(
    bytes: [UInt8]
) async throws {
    try await Desk.use { desk in
        try desk.write("m/slipway.yaml", "branch: main\n")
        try desk.write("m/data/x.csv", "")
        try writeFileAtomically(desk.path("m/data/x.csv"), bytes)
        let made = try await desk.slipway("dataset", "init", "data/x.csv", in: "m")
        #expect(made.code == 1 && made.output == "datasets/x.yaml\n", "\(made.errors)")
        #expect(made.errors.contains("data/x.csv:3:"), "\(made.errors)")
        #expect(made.errors.contains("a check of its data fails"), "\(made.errors)")
        let checked = try await desk.slipway("check", in: "m")
        #expect(checked.code == 1 && checked.output.contains("data/x.csv:3:"))

        try removeTree(desk.path("m/datasets"))
        let told = try await desk.slipway("dataset", "init", "data/x.csv", "--json", in: "m")
        #expect(told.code == 1 && told.output.contains("\"problems\":[{"), "\(told.output)")
        #expect(told.errors.contains("data/x.csv:3:"), "\(told.errors)")
        let text = try desk.text("m/datasets/x.yaml")
        #expect(text.contains("- {name: a, type: integer, required: true}"), "\(text)")

        try removeTree(desk.path("m/datasets"))
        try desk.write("m/data/x.csv", "a,b\n1,2\n")
        let whole = try await desk.slipway("dataset", "init", "data/x.csv", in: "m")
        #expect(whole.code == 0 && !whole.errors.contains("error"), "\(whole.errors)")
    }
}
