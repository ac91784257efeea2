import Testing

/// Who may import what: the table of the layout. A module of ours that is missing here is new.
private enum House {
    static let everybody: Set = ["Crypto", "FoundationEssentials", "Logging", "Synchronization"]

    static let modules: [String: Set<String>] = [
        "Domain": [],
        "Git": ["Domain", "Host", "CGit2", "Dispatch", "Glibc"],
        "Transfer": ["Domain", "Host", "CCurl"],
        "Planning": ["Domain", "Yams"],
        "Validation": ["Domain", "Host", "CUnpack", "Glibc"],
        "Compute": ["Domain", "Host"],
        "Training": ["Domain", "Compute"],
        "Evaluation": ["Domain"],
        "Review": ["Domain", "CryptoExtras"],
        "Registry": ["Domain", "Host"],
        "Provenance": ["Domain"],
        "Forges": ["Domain"],
        "Delivery": ["Domain", "Host", "Gateway"],
        "Gateway": [
            "Dispatch", "Domain", "NIOConcurrencyHelpers", "NIOCore", "NIOHTTP1", "NIOPosix",
        ],
        "Host": ["Domain", "Dispatch", "Glibc"],
        "Journal": ["Domain", "GRDB"],
        "Daemon": stages.union([
            "Domain", "Forges", "Gateway", "Git", "Host", "Journal", "Provenance",
            "ServiceLifecycle", "Transfer", "UnixSignals",
        ]),
        "Web": [
            "Domain", "Forges", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Journal", "NIOCore",
        ],
        "slipway": stages.union([
            "ArgumentParser", "Daemon", "Domain", "Forges", "Gateway", "Git", "Host", "Journal",
            "NIOCore", "NIOHTTP1", "NIOPosix", "Provenance", "ServiceLifecycle", "Transfer",
            "UnixSignals", "Web",
        ]),
    ]

    private static let stages: Set = [
        "Compute", "Delivery", "Evaluation", "Planning", "Registry", "Review", "Training",
        "Validation",
    ]

    /// Where a library may be imported at all; tests may talk to the machine as they like.
    static let owners: [String: Set<String>] = [
        "CCurl": ["Transfer"], "CGit2": ["Git"], "CUnpack": ["Validation"],
        "GRDB": ["Journal"], "Glibc": ["Git", "Host", "Validation"],
        "Yams": ["Planning"], "NIOPosix": ["Gateway", "slipway"],
        "NIOHTTP1": ["Gateway", "slipway"], "NIOCore": ["Gateway", "Web", "slipway"],
    ]

    static let shims: Set = ["CCurl", "CGit2", "CUnpack"]
}

/// The module that a line imports; nil when it imports none.
private func imported(_ line: String) -> String? {
    let words = line.split(separator: " ").map(String.init)
    guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
        words[..<index].allSatisfy({
            $0.hasPrefix("@") || ["package", "public", "internal", "private"].contains($0)
        })
    else { return nil }
    let kinds = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
    let name =
        kinds.contains(words[index + 1]) ? words.dropFirst(index + 2).first : words[index + 1]
    return name?.split(separator: ".").first.map(String.init)
}

@Test func `imports are read as the compiler reads them`() {
    #expect(imported("import Domain") == "Domain")
    #expect(imported("@testable import Git") == "Git")
    #expect(imported("package import Host") == "Host")
    #expect(imported("import struct NIOCore.ByteBuffer") == "NIOCore")
    #expect(imported("let important = 1") == nil)
    #expect(imported("we import nothing") == nil)
}

@Test func `every module imports only what the layout's table allows`() {
    let places = SourceTree.places(
        in: SourceTree.sources, rule: "the layout's table does not allow this import"
    ) { file, line in
        guard let name = imported(line) else { return false }
        let allowed = House.modules[file.module] ?? []
        return !allowed.contains(name)
            && (file.module == "Domain" || !House.everybody.contains(name))
    }
    report(places)
}

@Test func `every module stands in the table`() {
    let unknown = Set(SourceTree.sources.map(\.module))
        .subtracting(House.modules.keys).subtracting(House.shims)
    report(unknown.sorted().map { "Sources/\($0):1: the layout does not know this module" })
}

@Test func `nobody imports Foundation whole`() {
    let places = SourceTree.places(
        in: SourceTree.files, rule: "import FoundationEssentials, never Foundation"
    ) { imported($1) == "Foundation" }
    report(places)
}

@Test func `each outside library has one owner`() {
    let places = SourceTree.places(
        in: SourceTree.files, rule: "this library is imported by its owner alone"
    ) { file, line in
        guard let owners = imported(line).flatMap({ House.owners[$0] }) else { return false }
        if file.area == "Sources" { return !owners.contains(file.module) }
        let isTestOfOwner = owners.contains { file.module == $0 + "Tests" }
        return !isTestOfOwner && imported(line) != "Glibc"
            && imported(line)?.hasPrefix("NIO") != true
    }
    report(places)
}
