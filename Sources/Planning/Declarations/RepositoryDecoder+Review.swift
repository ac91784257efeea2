import Domain

/// Reads the keys that every `review:` has, which have been compared with their shape.
func review(_ node: YAMLNode?) -> ReviewDeclaration {
    guard let node else { return ReviewDeclaration() }
    var review = ReviewDeclaration(
        approvals: node["approvals"]?.integer,
        hardwareKey: node["hardware_key"]?.flag ?? false,
        codeOwners: node["code_owners"]?.flag ?? false,
        evidenceMaxAgeSeconds: node["evidence_max_age"]?.text.flatMap(durationSeconds),
        approvalsExpireSeconds: node["approvals_expire"]?.text.flatMap(durationSeconds))
    if let exclude = node["exclude"] {
        let values = exclude.items.compactMap { $0.text }
        review.exclude = Set(values.compactMap(ReviewDeclaration.Excluded.init(rawValue:)))
    }
    for entry in node["from"]?.entries ?? [] { review.from[entry.key] = entry.value.integer }
    if let soak = node["soak"],
        let environment = soak["environment"]?.label.flatMap(EnvironmentName.init),
        let seconds = soak["for"]?.text.flatMap(durationSeconds)
    {
        review.soak = ReviewDeclaration.Soak(environment: environment, seconds: seconds)
    }
    return review
}

/// The classifications that a list names.
func classifications(_ node: YAMLNode?) -> Set<ColumnDeclaration.Classification> {
    Set(
        node?.items.compactMap {
            $0.text.flatMap(ColumnDeclaration.Classification.init(rawValue:))
        } ?? [])
}

/// What stands before the name of a role among the members of another.
let rolePrefix = "role:"

extension RepositoryDecoder {
    mutating func policy(_ node: YAMLNode?) -> ReviewPolicy {
        guard let node else { return ReviewPolicy() }
        var policy = ReviewPolicy(base: review(node))
        policy.roles = members(node["roles"])
        policy.owners = members(node["owners"])
        for item in node["rules"]?.items ?? [] {
            checkPaths(item["paths"])
            policy.rules.append(
                ReviewPolicy.Rule(
                    models: texts(item["models"]), environments: texts(item["environments"]),
                    paths: texts(item["paths"]), requires: review(item)))
        }
        policy.freezes = node["freezes"]?.items.compactMap { freeze($0) } ?? []
        policy.data =
            node["data"]?.items.map { item in
                ReviewPolicy.DataRule(
                    models: texts(item["models"]), allow: classifications(item["allow"]))
            } ?? []
        checkRoles(node, policy.roles)
        return policy
    }

    /// Where a pattern cannot be read its rule holds for every path.
    private mutating func checkPaths(_ node: YAMLNode?) {
        for item in node?.items ?? [] {
            guard let text = item.text else { continue }
            let isLegal =
                !text.hasPrefix("!") && text != "/" && !text.hasSuffix("\\")
                && !text.contains { $0 == "[" || $0 == "]" }
                && text.firstRange(of: "//") == nil
            if !isLegal {
                report(
                    item, "`\(quoted(text))` is not a pattern of paths",
                    hint: "`*` and `?` stand for characters of a name, `**` for any folders")
            }
        }
    }

    private func members(_ node: YAMLNode?) -> [String: [String]] {
        Dictionary(
            node?.entries.map { ($0.key, texts($0.value)) } ?? [],
            uniquingKeysWith: { first, _ in first })
    }

    private func texts(_ node: YAMLNode?) -> [String] { node?.items.compactMap(\.text) ?? [] }

    private mutating func freeze(_ node: YAMLNode) -> ReviewPolicy.Freeze? {
        guard let from = node["from"]?.text.flatMap(utcInstant), let end = node["until"],
            let until = end.text.flatMap(utcInstant)
        else { return nil }
        if until <= from { report(end, "the freeze ends before it begins") }
        return ReviewPolicy.Freeze(
            from: from, until: until, environments: texts(node["environments"]),
            reason: node["reason"]?.text ?? "")
    }

    private mutating func checkRoles(_ node: YAMLNode, _ roles: [String: [String]]) {
        let book = RoleBook(roles: roles)
        for entry in node["roles"]?.entries ?? [] {
            checkMembers(entry.value, book)
            guard let circle = book.circle(from: entry.key) else { continue }
            diagnostics.append(
                Diagnostic(
                    at: entry.place(in: file),
                    "the roles run in a circle: "
                        + circle.map { "`\(quoted($0))`" }.joined(separator: " has "),
                    hint: "a role cannot be a member of itself"))
        }
        for entry in node["owners"]?.entries ?? [] {
            checkMembers(entry.value, book)
            guard !entry.key.contains("@") else { continue }
            diagnostics.append(
                Diagnostic(
                    at: entry.place(in: file),
                    "`\(quoted(entry.key))` is not an owner as CODEOWNERS writes them",
                    hint: "write \"@ada\", \"@org/team\", \"@@maintainer\" or a mail address"))
        }
        checkCounts(node["from"], book)
        for rule in node["rules"]?.items ?? [] { checkCounts(rule["from"], book) }
    }

    private mutating func checkMembers(_ node: YAMLNode, _ book: RoleBook) {
        for item in node.items {
            guard let text = item.text, text.hasPrefix(rolePrefix) else { continue }
            let role = String(text.dropFirst(rolePrefix.count))
            if book.roles[role] == nil {
                diagnostics.append(book.unknown(role, at: item.place(in: file)))
            }
        }
    }

    private mutating func checkCounts(_ node: YAMLNode?, _ book: RoleBook) {
        for entry in node?.entries ?? [] {
            guard book.roles[entry.key] != nil else {
                diagnostics.append(book.unknown(entry.key, at: entry.place(in: file)))
                continue
            }
            let count = book.people(in: entry.key).count
            guard let wanted = entry.value.integer, wanted > count else { continue }
            report(
                entry.value,
                "`\(quoted(entry.key))` has \(count) member\(count == 1 ? "" : "s"), and "
                    + "\(wanted) of them can never approve")
        }
    }
}

/// The roles of a policy and who is behind them.
struct RoleBook {
    let roles: [String: [String]]

    /// Everybody in a role, and in the roles that are members of it; each role is asked once.
    func people(in role: String) -> Set<String> {
        var people: Set<String> = []
        var seen: Set<String> = [role]
        var open = [role]
        while let next = open.popLast() {
            for member in roles[next] ?? [] {
                guard member.hasPrefix(rolePrefix) else {
                    people.insert(member)
                    continue
                }
                let inner = String(member.dropFirst(rolePrefix.count))
                if seen.insert(inner).inserted { open.append(inner) }
            }
        }
        return people
    }

    /// The way from a role back to itself; nil when there is none.
    func circle(from role: String) -> [String]? {
        var cameFrom: [String: String] = [:]
        var open = [role]
        while let next = open.popLast() {
            for member in roles[next] ?? [] where member.hasPrefix(rolePrefix) {
                let inner = String(member.dropFirst(rolePrefix.count))
                if inner == role {
                    var way = [role]
                    var step = next
                    while step != role, let before = cameFrom[step] {
                        way.append(step)
                        step = before
                    }
                    return [role] + way.reversed()
                }
                guard cameFrom[inner] == nil else { continue }
                cameFrom[inner] = next
                open.append(inner)
            }
        }
        return nil
    }

    func unknown(_ role: String, at place: Place) -> Diagnostic {
        let meant = nearest(to: role, among: Array(roles.keys)).map { "; did you mean `\($0)`?" }
        return Diagnostic(
            at: place, "unknown role `\(quoted(role))`\(meant ?? "")",
            hint: roles.isEmpty
                ? "declare it in slipway.yaml: review: {roles: {\(quoted(role)): [\u{2026}]}}"
                : "known here: " + roles.keys.sorted().joined(separator: ", "))
    }
}
