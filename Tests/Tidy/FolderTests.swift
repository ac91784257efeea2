import FoundationEssentials
import Testing

/// What stands at the root of the repository, from the layout, and what the tools want there.
private let root: Set = [
    ".ci", ".gitattributes", ".github", ".gitignore", ".swift-format", "Benchmarks",
    "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "Package.resolved", "Package.swift",
    "README.md", "Sources", "Tests", "docs", "hooks", "scripts", "templates",
]

private let sources: Set = [
    "CCurl", "CGit2", "CUnpack", "Compute", "Daemon", "Delivery", "Domain", "Evaluation", "Forges",
    "Gateway",
    "Git", "Host", "Journal", "Planning", "Provenance", "Registry", "Review", "Training",
    "Transfer", "Validation", "Web", "slipway",
]

private let testsBesidesModules: Set = ["EndToEnd", "Simulation", "TestKit", "Tidy", "Transcripts"]

/// The tracked paths as git's index names them; nil outside a git checkout.
///
/// The index's format is gitformat-index(5), versions 2 and 3: a header of twelve bytes, then
/// entries of 62 bytes and a path, padded with NUL to a multiple of eight.
private func trackedPaths() -> [String]? {
    guard let data = FileManager.default.contents(atPath: SourceTree.root + "/.git/index") else {
        return nil
    }
    let bytes = [UInt8](data)
    func number(at offset: Int, _ count: Int) -> Int {
        bytes[offset..<(offset + count)].reduce(0) { $0 << 8 | Int($1) }
    }
    guard bytes.count > 12, bytes.starts(with: "DIRC".utf8), [2, 3].contains(number(at: 4, 4))
    else { return nil }
    var paths: [String] = []
    var offset = 12
    for _ in 0..<number(at: 8, 4) {
        guard offset + 64 < bytes.count else { return nil }
        let isExtended = number(at: offset + 60, 2) & 0x4000 != 0
        let start = offset + (isExtended ? 64 : 62)
        guard let end = bytes[start...].firstIndex(of: 0) else { return nil }
        paths.append(String(decoding: bytes[start..<end], as: UTF8.self))
        offset += (end - offset + 8) / 8 * 8
    }
    return paths
}

@Test func `every folder and file has its place in the layout`() throws {
    guard let paths = trackedPaths() else { return }
    #expect(paths.contains("Package.swift"))
    var wrong: Set<String> = []
    for path in paths {
        let parts = path.split(separator: "/").map(String.init)
        if !root.contains(parts[0]) { wrong.insert(parts[0]) }
        guard parts.count > 2 else { continue }
        if parts[0] == "Sources", !sources.contains(parts[1]) {
            wrong.insert("Sources/" + parts[1])
        }
        if parts[0] == "Tests", !isTestFolder(parts[1]) { wrong.insert("Tests/" + parts[1]) }
    }
    report(wrong.sorted().map { "\($0):1: the layout does not explain this" })
}

private func isTestFolder(_ name: String) -> Bool {
    testsBesidesModules.contains(name)
        || (name.hasSuffix("Tests") && sources.contains(String(name.dropLast(5))))
}

@Test func `every folder of tests has tests`() {
    let folders = Dictionary(grouping: SourceTree.files.filter { $0.area == "Tests" }, by: \.module)
    for (folder, files) in folders.sorted(by: { $0.key < $1.key }) where folder != "TestKit" {
        let hasTest = files.contains { $0.code.contains { contains($0, word: "@Test") } }
        if !hasTest { report(["Tests/\(folder):1: there is no test in it"]) }
    }
}
