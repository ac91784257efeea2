import Testing

@Test func `the source files are found`() {
    #expect(SourceTree.sources.count > 50)
    #expect(SourceTree.files.contains { $0.path == "Tests/Tidy/SizeTests.swift" })
    #expect(SourceTree.files.allSatisfy { !$0.lines.isEmpty })
}

@Test func `no line is longer than 100 columns`() {
    let places = SourceTree.places(
        in: SourceTree.files, rule: "lines have at most 100 columns", isCode: false
    ) { $1.utf8.count > 100 && $1.count > 100 }
    report(places)
}

@Test func `no file is longer than 400 lines`() {
    let long = SourceTree.files.filter { $0.lines.count > 400 }
    report(long.map { "\($0.path):\($0.lines.count): files have at most 400 lines" })
}

@Test func `no file is a drawer for anything`() {
    let drawers = ["Utils", "Utilities", "Helpers", "Helper", "Common", "Misc", "Core"]
    let wrong = SourceTree.files.filter { file in
        file.path.split(separator: "/").contains { part in
            drawers.contains(String(part.prefix { $0 != "." && $0 != "+" }))
        }
    }
    report(wrong.map { "\($0.path):1: a file is named after what is in it" })
}

/// One issue for each place, so that each can be gone to.
func report(_ places: [String]) {
    for place in places { Issue.record("\(place)") }
}
