import Domain

/// What `slipway.yaml` may hold.
let repositoryKeys = KeyTable(
    "The repository as a whole",
    [
        .init("branch", .text, "The branch that is watched; main"),
        .init(
            "previews", .list(.filled),
            "Patterns of branches and refs that are taken up to the gate, and no further"),
        .init("review", .table(policyKeys), "Who must say yes; counts once trusted"),
        .init("suspend", .list(.table(suspensionKeys)), "What is to rest, and why"),
        .init("artifacts", .table(artifactKeys), "Where artifacts are kept"),
        .init("signers", .path, "The allowed_signers file; .slipway/allowed_signers"),
        .init("revoked", .path, "The file of revoked keys; .slipway/revoked_keys"),
    ])

private let artifactKeys = KeyTable(
    "Where artifacts are kept",
    [.init("folder", .path, "Relative to the daemon's state folder; artifacts")])

private let suspensionKeys = KeyTable(
    "Something that rests; with neither model nor environment everything",
    [
        .init("model", .name("a model"), "The model that rests; all of them"),
        .init("environment", .name("an environment"), "Only what would go there; everywhere"),
        .init("reason", .filled, "Why, for everybody who wonders", required: true),
        .init("by", .filled, "Who says so", required: true),
        .init("until", .instant, "When it ends by itself; never"),
    ])

/// What an `environments/<name>.yaml` may hold.
let environmentKeys = KeyTable(
    "Where and how to serve",
    [
        .init("description", .text, "One line for people"),
        .init(
            "target",
            .choice(
                EnvironmentDeclaration.Target.allCases.map(\.rawValue),
                later: ["kubernetes", "kserve", "argo-cd", "flux", "ssh", "ray"]),
            "What serves; local"),
        .init("gateway", .table(gatewayKeys), "The gateway in front of the runtimes"),
        .init(
            "keep_resident", .integer(0...16),
            "How many earlier versions stay loaded; 1"),
    ])

private let gatewayKeys = KeyTable(
    "The gateway in front of the runtimes",
    [.init("listen", .address, "Address and port; 127.0.0.1:8501")])
