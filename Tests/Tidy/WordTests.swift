import Testing

private let unsafeModules: Set = ["Git", "Host", "Transfer", "Validation"]

@Test func `comments and texts are no code`() {
    #expect(bare(#"let a = "try! // x" // unsafe"#) == "let a =  ")
    #expect(bare(#"let a = "\"" + b"#) == "let a =  + b")
    #expect(contains("x = unsafe y", word: "unsafe"))
    #expect(!contains("isUnsafe(unsafely)", word: "unsafe"))
    #expect(contains("(try! f())", word: "try!"))
    #expect(contains("fatalError(\"x\")", word: "fatalError("))
    #expect(!contains("myfatalError(1)", word: "fatalError("))
}

@Test func `memory is handled by hand only in three modules`() {
    let places = SourceTree.places(
        in: SourceTree.sources, rule: "`unsafe` stands only in Git, Host and Validation"
    ) { !unsafeModules.contains($0.module) && contains($1, word: "unsafe") }
    report(places)
}

@Test(arguments: [
    ("try!", "errors are thrown or returned"), ("fatalError(", "errors are thrown or returned"),
    ("as!", "casts are asked for, not forced"),
    ("Task.detached", "concurrency is structured"),
    ("DispatchSemaphore", "a waiting thread can deadlock the pool"),
    ("@unchecked", "what is Sendable is proven"),
])
func `what hides a failure or a wait is not written`(word: String, reason: String) {
    let places = SourceTree.places(in: SourceTree.sources, rule: "no `\(word)`: \(reason)") {
        contains($1, word: word)
    }
    report(places)
}

@Test func `a dropped error has its reason beside it`() {
    var places: [String] = []
    for file in SourceTree.sources {
        for (index, line) in file.code.enumerated() where contains(line, word: "try?") {
            let near = file.lines[max(0, index - 9)...min(file.lines.count - 1, index + 3)]
            guard !near.contains(where: { $0.contains("// Because") }) else { continue }
            places.append("\(file.path):\(index + 1): `try?` needs a comment `// Because …`")
        }
    }
    report(places)
}

@Test func `nothing is left for later`() {
    let marks = ["TODO", "FIXME", "XXX"]
    let files = SourceTree.files.filter { $0.module != "Tidy" }
    let places = SourceTree.places(in: files, rule: "no TODO without an issue", isCode: false) {
        _, line in marks.contains { contains(line, word: $0) }
    }
    report(places)
}
