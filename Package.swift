// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is built the same way: Swift 6, strict memory safety, no warnings.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")

func module(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: house)
}

func tests(
    _ folder: String, _ dependencies: [Target.Dependency], named: String? = nil,
    beside: [String] = []
) -> Target {
    .testTarget(
        name: named ?? folder, dependencies: dependencies + ["TestKit"],
        path: "Tests/\(folder)", exclude: beside, swiftSettings: house)
}

let package = Package(
    name: "slipway",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "slipway", targets: ["slipway"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    ],
    targets: [
        // The order is that in which data flows.
        module("Domain", []),  // the words, and the pure machine: what is → what to do next
        // Loaded when it is first needed, so nothing links it: no pkgConfig here.
        .systemLibrary(name: "CGit2", providers: [.apt(["libgit2-dev"])]),
        module("Host", ["Domain"]),  // this machine: process groups, files
        module("Git", ["Domain", "Host", "CGit2", log]),  // commits, tags, notes and branches come in and go out
        // As libgit2.
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        module("Transfer", ["Domain", "Host", "CCurl"]),  // outgoing HTTP and mail, over libcurl
        module("Planning", ["Domain", "Yams", crypto]),  // a commit becomes a plan: declarations, affected models, fingerprints
        // Opens the libraries that undo compression when a file first needs them; no pkgConfig here.
        .systemLibrary(name: "CUnpack", providers: [.apt(["libzstd1", "zlib1g"])]),
        module("Validation", ["Domain", "Host", "CUnpack", crypto]),  // data is read, checked and profiled
        module("Compute", ["Domain", "Host", log]),  // where a command runs: this machine
        module("Training", ["Domain", "Compute", crypto]),  // a model is made: the step graph, its cache
        module("Evaluation", ["Domain"]),  // it is measured: metrics, slices, intervals, gate
        module("Review", ["Domain", crypto, cryptoExtras]),  // people say yes or no: approvals, signatures
        module("Registry", ["Domain", "Host", crypto]),  // what was made is kept: artifacts by digest, versions
        module("Provenance", ["Domain", crypto]),  // what a stranger can check: statements, and the chain from a version to signatures
        module("Forges", ["Domain", crypto]),  // what forges and people are told, and what forges tell us, as values
        module(
            "Gateway",
            [
                "Domain", log, .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ]),  // requests reach the model: routing, swapping
        module("Delivery", ["Domain", "Host", "Gateway", log, crypto]),  // environments follow their versions
        module("Journal", ["Domain", .product(name: "GRDB", package: "GRDB.swift")]),  // work in progress and the index, in SQLite
        module(
            "Daemon",
            [
                "Domain", "Git", "Planning", "Validation", "Compute", "Training", "Evaluation",
                "Review", "Registry", "Delivery", "Gateway", "Host", "Journal", "Transfer",
                "Provenance", "Forges", log, crypto,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),  // the loop: observe, decide, perform, record
        module(
            "Web",
            [
                "Domain", "Journal", "Forges", log,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]),  // API, metrics; makes no decisions
        .executableTarget(
            name: "slipway",
            dependencies: [
                "Domain", "Git", "Planning", "Validation", "Compute", "Training", "Evaluation",
                "Review", "Registry", "Delivery", "Gateway", "Host", "Journal", "Transfer",
                "Provenance", "Forges", "Daemon", "Web", log, crypto,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),  // the command line

        .target(
            name: "TestKit", dependencies: ["Domain", "Host"], path: "Tests/TestKit",
            swiftSettings: house),
        tests("DomainTests", ["Domain"]),
        tests("Simulation", ["Domain"], named: "SimulationTests"),
        tests("HostTests", ["Domain", "Host"]),
        tests("GitTests", ["Domain", "Host", "Git"]),
        tests(
            "PlanningTests", ["Domain", "Planning"],
            beside: ["croissant", "fingerprint_oracle.py", "schema_oracle.py", "zone_oracle.py"]),
        tests(
            "ValidationTests", ["Domain", "Host", "Validation"],
            beside: [
                "Arrow/fixtures", "Images/fixtures", "Oracle/csv_oracle.py",
                "Oracle/json_oracle.py", "Parquet/fixtures",
            ]),
        tests("ComputeTests", ["Domain", "Host", "Compute"]),
        tests("TrainingTests", ["Domain", "Compute", "Training"]),
        tests(
            "EvaluationTests", ["Domain", "Evaluation"],
            beside: ["markdown_oracle.py", "sklearn_oracle.py"]),
        tests("ReviewTests", ["Domain", "Review"]),
        tests("TransferTests", ["Domain", "Host", "Transfer"]),
        tests(
            "ProvenanceTests", ["Domain", "Provenance"],
            beside: ["attestation.schema.json", "attestation_oracle.py"]),
        tests("ForgesTests", ["Domain", "Forges"]),
        tests("RegistryTests", ["Domain", "Host", "Registry"]),
        tests(
            "GatewayTests",
            [
                "Domain", "Gateway", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        tests("DeliveryTests", ["Domain", "Host", "Gateway", "Delivery"]),
        tests(
            "JournalTests",
            ["Domain", "Journal", .product(name: "GRDB", package: "GRDB.swift")]),
        tests(
            "DaemonTests",
            [
                "Domain", "Host", "Git", "Journal", "Daemon", "Registry", "Review", "Compute",
                "Provenance", "Forges", "Transfer", "Validation", log,
            ]),
        tests("WebTests", ["Domain", "Host", "Journal", "Web", log]),
        tests("Transcripts", ["Domain", "Host"], named: "TranscriptTests", beside: ["Golden"]),
        tests("EndToEnd", ["Domain", "Host"], named: "EndToEndTests"),
        tests("Tidy", ["Domain"], named: "TidyTests"),
    ]
)
