import Domain

/// What `slipway.yaml` may hold.
let repositoryKeys = KeyTable(
    "The repository as a whole",
    [
        .init("branch", .text, "The branch that is watched; main"),
        .init("review", .table(reviewKeys), "Who must say yes; counts once trusted"),
        .init("artifacts", .table(artifactKeys), "Where artifacts are kept"),
        .init("signers", .path, "The allowed_signers file; .slipway/allowed_signers"),
    ])

private let artifactKeys = KeyTable(
    "Where artifacts are kept",
    [.init("folder", .path, "Relative to the daemon's state folder; artifacts")])

/// `review:` of `slipway.yaml` and `model.yaml`.
let reviewKeys = KeyTable(
    "Who must say yes",
    [
        .init("approvals", .integer(1...100), "How many people must approve"),
        .init(
            "exclude", .list(.choice(ReviewDeclaration.Excluded.allCases.map(\.rawValue))),
            "Whose approval of their own change does not count"),
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
