import Domain

/// `review:` of `model.yaml`, and the part of it that `slipway.yaml` and its rules have too.
let reviewKeys = KeyTable(
    "What must be true before a candidate is released", requirementKeys)

/// `review:` of `slipway.yaml`.
let policyKeys = KeyTable(
    "Who must say yes to what, and when nobody may",
    requirementKeys + [
        .init(
            "roles", .map(.list(.filled, atLeast: 1), names: true),
            "Role to its members: principals, and `role:NAME` for those of another role"),
        .init(
            "owners", .map(.list(.filled, atLeast: 1), names: false),
            "Owner in CODEOWNERS to the principals and roles behind it"),
        .init("rules", .list(.table(ruleKeys)), "What is asked for besides, where a rule matches"),
        .init(
            "data", .list(.table(dataRuleKeys)),
            "Which classified data models may use; without it all data"),
        .init("freezes", .list(.table(freezeKeys)), "Times in which nothing is released"),
    ])

/// `data:` of `model.yaml`.
let dataUseKeys = KeyTable("Which classified data the model may use", [allowedData])

private let dataRuleKeys = KeyTable(
    "Classified data that models may use",
    [
        .init("models", .list(.filled, atLeast: 1), "Patterns of names with * and ?; all of them"),
        allowedData,
    ])

private let allowedData = KeyTable.Key(
    "allow", .list(.choice(ColumnDeclaration.Classification.allCases.map(\.rawValue))),
    "Classifications of columns", required: true)

private let requirementKeys: [KeyTable.Key] = [
    .init("approvals", .integer(1...100), "How many people must approve"),
    .init(
        "exclude", .list(.choice(ReviewDeclaration.Excluded.allCases.map(\.rawValue))),
        "Whose approval of their own change does not count"),
    .init(
        "from", .map(.integer(1...100), names: true),
        "Role to the number of its members that must be among those who approve"),
    .init("hardware_key", .flag, "Only keys in hardware that ask for a touch count; false"),
    .init("code_owners", .flag, "The owners in CODEOWNERS must approve what they own; false"),
    .init("evidence_max_age", .duration, "Older evidence cannot be released; it keeps"),
    .init("approvals_expire", .duration, "How long an approval counts; for ever"),
    .init("soak", .table(soakKeys), "Where the candidate must have been assigned before"),
]

private let soakKeys = KeyTable(
    "Where the candidate must have been assigned before",
    [
        .init("environment", .name("an environment"), "A file in environments/", required: true),
        .init("for", .duration, "How long without a break", required: true),
    ])

private let ruleKeys = KeyTable(
    "What is asked for besides; without patterns it matches everything",
    [
        .init("models", .list(.filled), "Patterns of model names with * and ?"),
        .init("environments", .list(.filled), "Patterns of environment names"),
        .init(
            "paths", .list(.filled),
            "Patterns of changed files, as in .gitignore; any one that matches is enough"),
    ] + requirementKeys)

private let freezeKeys = KeyTable(
    "A time in which nothing is released",
    [
        .init("from", .instant, "Its first second", required: true),
        .init("until", .instant, "The first second after it", required: true),
        .init("environments", .list(.filled), "Patterns of environment names; all of them"),
        .init("reason", .filled, "Why, for everybody who waits", required: true),
    ])
